package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GetSubnetCidrReservationsResponse;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.SubnetCidrReservation;
import software.amazon.awssdk.services.ec2.model.SubnetCidrReservationType;

/// Ranges of a subnet that are set aside, and what EC2 then gives from where.
class CidrReservationRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/26");

    @Test
    void whoNamesNoAddressGetsNoneOfAReservation() {
        reserve("10.20.0.16/28", "explicit");
        reserve("10.20.0.32/28", "prefix");

        List<String> given = new ArrayList<>();
        for (int eni = 0; eni < 12 + 15; eni++) {
            given.add(world.addresses(world.createEni()).getFirst());
        }
        assertThat(given).allMatch(address -> {
            int last = Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
            return last < 16 || last >= 48;
        });
        assertThat(world.freeAddresses()).as("reserved ones are free").isEqualTo(32);
        assertThat(refusal(world::createEni)).isEqualTo("InsufficientFreeAddressesInSubnet");
    }

    @Test
    void anAddressOfAReservationIsGivenToWhoNamesIt() {
        reserve("10.20.0.16/28", "explicit");

        assertThat(world.createEni(request -> request.privateIpAddress("10.20.0.20"))
                        .privateIpAddress())
                .isEqualTo("10.20.0.20");
    }

    @Test
    void prefixesComeFromTheRangesReservedForThemFirst() {
        reserve("10.20.0.32/28", "prefix");
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();

        assertThat(prefixes(eniId, 1)).containsExactly("10.20.0.32/28");
        assertThat(prefixes(eniId, 1)).as("then from what is not reserved").containsExactly("10.20.0.16/28");
        assertThat(refusal(() -> prefixes(eniId, 1))).isEqualTo("InsufficientCidrBlocks");
    }

    @Test
    void noPrefixComesFromAnExplicitReservationUnlessItIsNamed() {
        reserve("10.20.0.16/29", "explicit");
        reserve("10.20.0.32/28", "explicit");
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();

        assertThat(refusal(() -> prefixes(eniId, 1))).isEqualTo("InsufficientCidrBlocks");
        world.ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).ipv4Prefixes("10.20.0.32/28"));
        assertThat(world.eni(eniId).ipv4Prefixes())
                .extracting(Ipv4PrefixSpecification::ipv4Prefix)
                .containsExactly("10.20.0.32/28");
    }

    @Test
    void aReservationKeepsAWholeSixteenWhereScatteredAddressesWouldSpoilIt() {
        SubnetCidrReservation kept = reserve("10.20.0.16/28", "prefix");
        for (int eni = 0; eni < 59 - 16; eni++) {
            String _ = world.createEni();
        }
        String eniId = emulated.emulation().groundTruth().enis().getFirst().id();

        assertThat(prefixes(eniId, 1)).containsExactly("10.20.0.16/28");
        assertThat(refusal(() -> prefixes(eniId, 1))).isEqualTo("InsufficientCidrBlocks");
        world.ec2()
                .deleteSubnetCidrReservation(
                        request -> request.subnetCidrReservationId(kept.subnetCidrReservationId()));
        assertThat(world.eni(eniId).ipv4Prefixes()).as("what is in use stays").hasSize(1);
    }

    @Test
    void aRangeMayBeReservedThoughAddressesOfItAreInUse() {
        String _ = world.createEni(request -> request.privateIpAddress("10.20.0.20"))
                .networkInterfaceId();
        reserve("10.20.0.16/28", "prefix");
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();

        assertThat(prefixes(eniId, 1)).containsExactly("10.20.0.32/28");
    }

    @Test
    void aDeletedReservationGivesItsAddressesBackToEverybody() {
        SubnetCidrReservation made = reserve("10.20.0.0/26", "explicit");
        assertThat(refusal(world::createEni)).isEqualTo("InsufficientFreeAddressesInSubnet");

        world.ec2()
                .deleteSubnetCidrReservation(
                        request -> request.subnetCidrReservationId(made.subnetCidrReservationId()));
        assertThat(world.createEni()).startsWith("eni-");
        assertThat(refusal(() -> world.ec2()
                        .deleteSubnetCidrReservation(
                                request -> request.subnetCidrReservationId(made.subnetCidrReservationId()))))
                .isEqualTo("InvalidSubnetCidrReservationID.NotFound");
    }

    @Test
    void reservationsAreListedByFamilyAndFilteredByType() {
        reserve("10.20.0.16/28", "explicit");
        SubnetCidrReservation forPrefixes = reserve("10.20.0.32/28", "prefix");

        GetSubnetCidrReservationsResponse all =
                world.ec2().getSubnetCidrReservations(request -> request.subnetId(world.subnetId()));
        assertThat(all.subnetIpv4CidrReservations()).hasSize(2);
        assertThat(all.subnetIpv6CidrReservations()).isEmpty();
        assertThat(world.ec2()
                        .getSubnetCidrReservations(request -> request.subnetId(world.subnetId())
                                .filters(Filter.builder()
                                        .name("reservationType")
                                        .values("prefix")
                                        .build()))
                        .subnetIpv4CidrReservations())
                .containsExactly(forPrefixes);
        assertThat(forPrefixes.reservationType()).isEqualTo(SubnetCidrReservationType.PREFIX);
        assertThat(forPrefixes.description()).isEqualTo("for a test");
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.0.16/28, round, InvalidParameterValue",
        "10.20.1.0/28, prefix, InvalidParameterValue",
        "10.20.0.40/29, prefix, InvalidParameterValue",
        "10.20.0.48/29, explicit, InvalidParameterValue",
        "ten, explicit, InvalidParameterValue",
        "2600:1f14::/80, prefix, InvalidParameterValue"
    })
    void aReservationThatCannotBeIsRefused(String cidr, String type, String code) {
        reserve("10.20.0.48/28", "prefix");

        assertThat(refusal(() -> reserve(cidr, type))).isEqualTo(code);
    }

    private SubnetCidrReservation reserve(String cidr, String type) {
        return world.ec2()
                .createSubnetCidrReservation(request -> request.subnetId(world.subnetId())
                        .cidr(cidr)
                        .reservationType(type)
                        .description("for a test"))
                .subnetCidrReservation();
    }

    private List<String> prefixes(String eniId, int count) {
        return world
                .ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).ipv4PrefixCount(count))
                .assignedIpv4Prefixes()
                .stream()
                .map(Ipv4PrefixSpecification::ipv4Prefix)
                .toList();
    }
}
