package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.model.Ec2Delays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceType;

/// Kinds of ENIs, where they fit, and how many there may be.
class InterfaceTypeRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/22");

    @Test
    void aTrunkIsAttachedOnceAndNotToABurstableType() {
        String trunk = create("trunk");
        String instanceId = world.launch("m5.large").instanceId();

        assertThat(world.eni(trunk).interfaceType()).isEqualTo(NetworkInterfaceType.TRUNK);
        assertThat(refusal(() -> world.attach(trunk, world.launch("t3.large").instanceId(), 1)))
                .isEqualTo("UnsupportedOperation");
        world.attach(trunk, instanceId, 1);
        assertThat(refusal(() -> world.attach(create("trunk"), instanceId, 2))).isEqualTo("AttachmentLimitExceeded");
    }

    @Test
    void anEfaIsAttachedOncePerCardWhereTheTypeTakesOne() {
        String instanceId = world.launch("p4d.24xlarge").instanceId();

        world.attach(create("efa"), instanceId, 1);
        assertThat(refusal(() -> world.attach(create("efa"), instanceId, 2))).isEqualTo("AttachmentLimitExceeded");
        String other = create("efa");
        assertThat(world.ec2()
                        .attachNetworkInterface(request -> request.networkInterfaceId(other)
                                .instanceId(instanceId)
                                .deviceIndex(1)
                                .networkCardIndex(3))
                        .networkCardIndex())
                .isEqualTo(3);
        assertThat(refusal(() ->
                        world.attach(create("efa"), world.launch("m5.large").instanceId(), 1)))
                .isEqualTo("InvalidParameterCombination");
    }

    @ParameterizedTest
    @ValueSource(strings = {"efa-only", "branch", "wifi"})
    void otherTypesAreRefused(String type) {
        assertThat(refusal(() -> create(type))).isIn("UnsupportedOperation", "InvalidParameterValue");
    }

    @Test
    void enisAreFoundByTheirType() {
        String trunk = create("trunk");
        String _ = world.createEni();

        assertThat(world.ec2()
                        .describeNetworkInterfaces(request -> request.filters(Filter.builder()
                                .name("interface-type")
                                .values("trunk")
                                .build()))
                        .networkInterfaces())
                .extracting(eni -> eni.networkInterfaceId())
                .containsExactly(trunk);
    }

    @Test
    void theAccountHasAQuotaOfEnis() {
        try (EmulatedEc2 small = new EmulatedEc2(
                Ec2Settings.defaults().withDelays(Ec2Delays.none()).withEnisMax(2), new SteppedTime())) {
            TestWorld few = small.world("10.20.0.0/24");
            String _ = few.launch("t3.small").instanceId();
            String eniId = few.createEni();

            assertThat(refusal(few::createEni)).isEqualTo("NetworkInterfaceLimitExceeded");
            assertThat(refusal(() -> few.launch("t3.small"))).isEqualTo("NetworkInterfaceLimitExceeded");
            few.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId));
            assertThat(few.createEni()).startsWith("eni-");
        }
    }

    @Test
    void prefixesAreGivenByName() {
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9")
                        .ipv4Prefixes(Ipv4PrefixSpecificationRequest.builder()
                                .ipv4Prefix("10.20.0.16/28")
                                .build()))
                .networkInterfaceId();
        assign(eniId, "10.20.0.32/28");

        assertThat(world.eni(eniId).ipv4Prefixes())
                .extracting(Ipv4PrefixSpecification::ipv4Prefix)
                .containsExactly("10.20.0.16/28", "10.20.0.32/28");
        String other = world.createEni(request -> request.privateIpAddress("10.20.0.10"))
                .networkInterfaceId();
        assertThat(refusal(() -> assign(other, "10.20.0.32/28"))).isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> assign(other, "10.20.0.64/27"))).isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> assign(other, "10.20.0.0/28"))).isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> assign(other, "10.21.0.0/28"))).isEqualTo("InvalidParameterValue");
    }

    private void assign(String eniId, String prefix) {
        world.ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).ipv4Prefixes(prefix));
    }

    @Test
    void anInstanceIsLaunchedWithPrefixesIfItsTypeTakesThem() {
        String instanceId = launchWithPrefixes("m5.large", 3);

        assertThat(emulated.emulation()
                        .groundTruth()
                        .enisOf(instanceId)
                        .getFirst()
                        .prefixes())
                .hasSize(3);
        assertThat(refusal(() -> launchWithPrefixes("m4.large", 1))).isEqualTo("UnsupportedOperation");
        assertThat(refusal(() -> launchWithPrefixes("m5.large", 10))).isEqualTo("PrivateIpAddressLimitExceeded");
    }

    private String launchWithPrefixes(String type, int count) {
        return world.ec2()
                .runInstances(request -> request.imageId("ami-0123456789abcdef0")
                        .instanceType(type)
                        .minCount(1)
                        .maxCount(1)
                        .networkInterfaces(InstanceNetworkInterfaceSpecification.builder()
                                .deviceIndex(0)
                                .subnetId(world.subnetId())
                                .ipv4PrefixCount(count)
                                .build()))
                .instances()
                .getFirst()
                .instanceId();
    }

    private String create(String type) {
        return world.createEni(request -> request.interfaceType(type)).networkInterfaceId();
    }
}
