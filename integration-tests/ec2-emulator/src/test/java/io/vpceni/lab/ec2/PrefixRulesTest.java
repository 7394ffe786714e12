package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// Which prefixes an ENI can have: aligned sixteens of the subnet that nobody has an address of.
class PrefixRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    /// Of its four sixteens the first and the last hold reserved addresses.
    private final TestWorld world = emulated.world("10.20.0.0/26");

    @Test
    void aPrefixIsAnAlignedSixteenWithoutReservedAddresses() {
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();

        List<String> first = assign(eniId, 1);
        List<String> second = assign(eniId, 1);

        assertThat(first).hasSize(1).doesNotContainAnyElementsOf(second);
        assertThat(prefixes(world.eni(eniId))).containsExactlyInAnyOrder("10.20.0.16/28", "10.20.0.32/28");
        assertThat(world.addresses(eniId)).as("its own").containsExactly("10.20.0.9");
        assertThat(world.freeAddresses()).isEqualTo(59 - 1 - 32);
    }

    @Test
    void anEniIsBornWithPrefixes() {
        NetworkInterface eni =
                world.createEni(request -> request.privateIpAddress("10.20.0.9").ipv4PrefixCount(2));

        assertThat(prefixes(eni)).hasSize(2);
        assertThat(prefixes(world.eni(eni.networkInterfaceId()))).isEqualTo(prefixes(eni));
    }

    @Test
    void oneAddressInEachSixteenLeavesNoPrefixThoughAddressesAreFree() {
        world.createEni(request -> request.privateIpAddress("10.20.0.20"));
        world.createEni(request -> request.privateIpAddress("10.20.0.40"));
        String eniId = world.createEni();
        int free = world.freeAddresses();

        assertThat(refusal(() -> assign(eniId, 1))).isEqualTo("InsufficientCidrBlocks");
        assertThat(refusal(() -> world.createEni(request -> request.ipv4PrefixCount(1))))
                .isEqualTo("InsufficientCidrBlocks");
        assertThat(world.freeAddresses()).isEqualTo(free).isGreaterThan(16);
    }

    @Test
    void addressesOfAPrefixAreInUse() {
        NetworkInterface _ =
                world.createEni(request -> request.privateIpAddress("10.20.0.9").ipv4PrefixCount(2));

        assertThat(refusal(() -> world.createEni(request -> request.privateIpAddress("10.20.0.17"))))
                .isEqualTo("InvalidIPAddress.InUse");
    }

    @Test
    void anUnassignedPrefixIsFreeAgain() {
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();
        List<String> both = assign(eniId, 2);

        unassign(eniId, both.getFirst());

        assertThat(prefixes(world.eni(eniId))).containsExactly(both.getLast());
        assertThat(assign(eniId, 1)).containsExactly(both.getFirst());
    }

    @Test
    void aPrefixThatIsNotThereIsNotUnassignedNorAreTheOthers() {
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();
        String there = assign(eniId, 1).getFirst();

        assertThat(refusal(() -> unassign(eniId, there, "10.20.1.0/28"))).isEqualTo("InvalidParameterValue");
        assertThat(prefixes(world.eni(eniId))).containsExactly(there);
    }

    @Test
    void aPrefixTakesOneSlotOfTheTypesLimit() {
        String eniId = world.createEni(request -> request.privateIpAddress("10.20.0.9"))
                .networkInterfaceId();
        world.attach(
                eniId,
                world.launch(request -> request.privateIpAddress("10.20.0.10")).instanceId(),
                1);
        assign(eniId, 2);
        world.ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).secondaryPrivateIpAddressCount(1));

        assertThat(refusal(() -> assign(eniId, 1))).isEqualTo("PrivateIpAddressLimitExceeded");
    }

    @Test
    void aDeletedEniGivesItsPrefixesBack() {
        int free = world.freeAddresses();
        String eniId = world.createEni(request -> request.ipv4PrefixCount(1)).networkInterfaceId();

        world.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId));

        assertThat(world.freeAddresses()).isEqualTo(free);
    }

    @Test
    void prefixesAndAddressesAreAskedForApart() {
        String eniId = world.createEni();

        assertThat(refusal(() -> world.ec2()
                        .assignPrivateIpAddresses(request -> request.networkInterfaceId(eniId)
                                .secondaryPrivateIpAddressCount(1)
                                .ipv4PrefixCount(1))))
                .isEqualTo("InvalidParameterCombination");
    }

    private List<String> assign(String eniId, int count) {
        return world
                .ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).ipv4PrefixCount(count))
                .assignedIpv4Prefixes()
                .stream()
                .map(Ipv4PrefixSpecification::ipv4Prefix)
                .toList();
    }

    private void unassign(String eniId, String... prefixes) {
        world.ec2()
                .unassignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).ipv4Prefixes(prefixes));
    }

    private static List<String> prefixes(NetworkInterface eni) {
        return eni.ipv4Prefixes().stream()
                .map(Ipv4PrefixSpecification::ipv4Prefix)
                .toList();
    }
}
