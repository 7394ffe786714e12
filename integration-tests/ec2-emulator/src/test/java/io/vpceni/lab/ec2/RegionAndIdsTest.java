package io.vpceni.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// What follows from the region and the seed that the emulation is started with.
class RegionAndIdsTest {
    @Test
    void zonesAndNamesFollowTheRegion() {
        Ec2Settings settings =
                Ec2Settings.defaults().withDelays(Ec2Delays.none()).withRegion(new Region("ap-southeast-2"));
        try (EmulatedEc2 emulated = new EmulatedEc2(settings, new SteppedTime())) {
            SampleWorld sample = SampleWorld.build(emulated.endpoint(), "ap-southeast-2");

            assertThat(emulated.ec2().describeAvailabilityZones().availabilityZones())
                    .extracting(zone -> zone.zoneName() + " " + zone.zoneId())
                    .containsExactly(
                            "ap-southeast-2a apse2-az1", "ap-southeast-2b apse2-az2", "ap-southeast-2c apse2-az3");
            assertThat(emulated.ec2().describeRegions().regions())
                    .extracting(region -> region.regionName() + " " + region.endpoint())
                    .containsExactly("ap-southeast-2 ec2.ap-southeast-2.amazonaws.com");
            assertThat(emulated.ec2().describeNetworkInterfaces().networkInterfaces())
                    .allSatisfy(eni -> assertThat(eni.privateDnsName()).endsWith(".ap-southeast-2.compute.internal"));
            assertThat(emulated.emulation()
                            .nodeView(sample.instanceId())
                            .instance()
                            .region())
                    .isEqualTo("ap-southeast-2");
        }
    }

    @Test
    void theSameSeedGivesTheSameIdsAndAddressesHoweverOftenSomebodyLooked() {
        assertThat(idsAndAddresses(0)).isEqualTo(idsAndAddresses(3));
    }

    private static List<String> idsAndAddresses(int looks) {
        try (EmulatedEc2 emulated = EmulatedEc2.withoutDelays()) {
            TestWorld world = emulated.world("10.20.0.0/24");
            String instanceId = world.launch("t3.small").instanceId();
            for (int look = 0; look < looks; look++) {
                look(emulated.ec2());
                assertThat(emulated.emulation().nodeView(instanceId).credentials())
                        .isPresent();
            }
            String eniId = world.createEni();
            return List.of(instanceId, eniId, world.addresses(eniId).getFirst());
        }
    }

    private static void look(Ec2Client ec2) {
        assertThat(ec2.describeVpcs().vpcs()).hasSize(1);
    }
}
