package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.ConnectionTrackingConfiguration;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;

/// How long idle connections of an ENI are tracked.
class ConnectionTrackingTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/24");

    @Test
    void whatANewEniIsGivenIsShown() {
        String eniId = world.createEni(request -> request.connectionTrackingSpecification(
                        seconds -> seconds.tcpEstablishedTimeout(350).udpTimeout(45)))
                .networkInterfaceId();

        assertThat(tracking(eniId).tcpEstablishedTimeout()).isEqualTo(350);
        assertThat(tracking(eniId).udpTimeout()).isEqualTo(45);
        assertThat(tracking(eniId).udpStreamTimeout()).isNull();
    }

    @Test
    void anEniOfWhichNothingIsAskedShowsNothing() {
        assertThat(world.eni(world.createEni()).connectionTrackingConfiguration())
                .isNull();
    }

    @Test
    void itCanBeChanged() {
        String eniId = world.createEni();

        world.ec2()
                .modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                        .connectionTrackingSpecification(seconds -> seconds.udpStreamTimeout(60)));

        assertThat(tracking(eniId).udpStreamTimeout()).isEqualTo(60);
    }

    @Test
    void theEniOfALaunchCanHaveItToo() {
        String instanceId = emulated.ec2()
                .runInstances(request -> request.imageId("ami-0123456789abcdef0")
                        .instanceType("t3.small")
                        .minCount(1)
                        .maxCount(1)
                        .networkInterfaces(InstanceNetworkInterfaceSpecification.builder()
                                .deviceIndex(0)
                                .subnetId(world.subnetId())
                                .connectionTrackingSpecification(seconds -> seconds.tcpEstablishedTimeout(60))
                                .build()))
                .instances()
                .getFirst()
                .instanceId();

        assertThat(emulated.ec2()
                        .describeInstances(request -> request.instanceIds(instanceId))
                        .reservations()
                        .getFirst()
                        .instances()
                        .getFirst()
                        .networkInterfaces()
                        .getFirst()
                        .connectionTrackingConfiguration()
                        .tcpEstablishedTimeout())
                .isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            tcp,    stream, udp
            59,     60,     30
            432001, 60,     30
            60,     59,     30
            60,     181,    30
            60,     60,     29
            60,     60,     61
            """)
    void secondsOutsideOfEc2sRangesAreRefused(int tcp, int stream, int udp) {
        assertThat(refusal(() -> world.createEni(
                        request -> request.connectionTrackingSpecification(seconds -> seconds.tcpEstablishedTimeout(tcp)
                                .udpStreamTimeout(stream)
                                .udpTimeout(udp)))))
                .isEqualTo("InvalidParameterValue");
    }

    private ConnectionTrackingConfiguration tracking(String eniId) {
        return world.eni(eniId).connectionTrackingConfiguration();
    }
}
