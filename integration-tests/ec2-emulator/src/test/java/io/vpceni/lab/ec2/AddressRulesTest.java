package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which private addresses an ENI can have, and which it cannot.
class AddressRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/28");

    @Test
    void aSubnetHasAllButFiveOfItsAddresses() {
        assertThat(world.freeAddresses()).isEqualTo(11);
    }

    @Test
    void everyFreeAddressIsGivenOutOnceAndNoReservedOne() {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            given.addAll(world.addresses(world.createEni()));
        }

        assertThat(given)
                .doesNotHaveDuplicates()
                .doesNotContain("10.20.0.0", "10.20.0.1", "10.20.0.2", "10.20.0.3", "10.20.0.15");
        assertThat(refusal(world::createEni)).isEqualTo("InsufficientFreeAddressesInSubnet");
        assertThat(world.freeAddresses()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.20.0.0", "10.20.0.1", "10.20.0.3", "10.20.0.15", "10.20.1.4", "192.0.2.1"})
    void anAddressThatIsReservedOrOutsideIsRefused(String address) {
        assertThat(refusal(() -> world.createEni(request -> request.privateIpAddress(address))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void anAddressInUseIsRefusedForANewEni() {
        world.createEni(request -> request.privateIpAddress("10.20.0.9"));

        assertThat(refusal(() -> world.createEni(request -> request.privateIpAddress("10.20.0.9"))))
                .isEqualTo("InvalidIPAddress.InUse");
    }

    @Test
    void assignAnswersOnlyWhatItAdded() {
        String eniId = nodeEni();
        List<String> before = world.addresses(eniId);

        List<String> added = assign(eniId, 2);

        assertThat(added).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(Set.copyOf(world.addresses(eniId)))
                .hasSize(before.size() + 2)
                .containsAll(added);
    }

    @Test
    void assigningAnAddressThatIsThereAlreadyAddsNothing() {
        String eniId = nodeEni();
        String there = assign(eniId, 1).getFirst();
        String free = world.addresses(eniId).contains("10.20.0.14") ? "10.20.0.13" : "10.20.0.14";

        assertThat(world.ec2()
                        .assignPrivateIpAddresses(
                                request -> request.networkInterfaceId(eniId).privateIpAddresses(there, free))
                        .assignedPrivateIpAddresses())
                .extracting(assigned -> assigned.privateIpAddress())
                .doesNotContain(there)
                .hasSize(1);
    }

    @Test
    void theTypeOfInstanceLimitsTheAddressesOfAnEni() {
        String eniId = nodeEni();
        assign(eniId, 3);

        assertThat(refusal(() -> assign(eniId, 1))).isEqualTo("PrivateIpAddressLimitExceeded");
        assertThat(world.addresses(eniId)).hasSize(4);
    }

    @Test
    void assigningMoreThanTheSubnetHasChangesNothing() {
        String eniId = nodeEni();
        world.createEni(request -> request.secondaryPrivateIpAddressCount(7));
        int free = world.freeAddresses();
        assertThat(free).isEqualTo(1);

        assertThat(refusal(() -> assign(eniId, 2))).isEqualTo("InsufficientFreeAddressesInSubnet");
        assertThat(world.freeAddresses()).isEqualTo(free);
    }

    @Test
    void anothersSecondaryAddressMovesOnlyIfReassignmentIsAllowed() {
        String from = world.createEni(request -> request.secondaryPrivateIpAddressCount(1))
                .networkInterfaceId();
        String moving = world.addresses(from).getLast();
        String to = world.createEni();

        assertThat(refusal(() -> world.ec2()
                        .assignPrivateIpAddresses(
                                request -> request.networkInterfaceId(to).privateIpAddresses(moving))))
                .isEqualTo("InvalidParameterValue");
        world.ec2()
                .assignPrivateIpAddresses(request -> request.networkInterfaceId(to)
                        .privateIpAddresses(moving)
                        .allowReassignment(true));

        assertThat(world.addresses(from)).doesNotContain(moving);
        assertThat(world.addresses(to)).contains(moving);
    }

    @Test
    void anothersPrimaryAddressNeverMoves() {
        String primary = world.addresses(world.createEni()).getFirst();
        String to = world.createEni();

        assertThat(refusal(() -> world.ec2()
                        .assignPrivateIpAddresses(request -> request.networkInterfaceId(to)
                                .privateIpAddresses(primary)
                                .allowReassignment(true))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void thePrimaryAddressCannotBeUnassigned() {
        String eniId = world.createEni();
        String primary = world.addresses(eniId).getFirst();

        assertThat(refusal(() -> unassign(eniId, primary))).isEqualTo("InvalidParameterValue");
        assertThat(world.addresses(eniId)).containsExactly(primary);
    }

    @Test
    void anAddressOfAnotherEniCannotBeUnassignedHere() {
        String other = world.createEni(request -> request.secondaryPrivateIpAddressCount(1))
                .networkInterfaceId();
        String foreign = world.addresses(other).getLast();
        String eniId = world.createEni();

        assertThat(refusal(() -> unassign(eniId, foreign))).isEqualTo("InvalidParameterValue");
        assertThat(world.addresses(other)).contains(foreign);
    }

    @Test
    void unassigningSeveralOfWhichOneIsWrongUnassignsNone() {
        String eniId = world.createEni(request -> request.secondaryPrivateIpAddressCount(1))
                .networkInterfaceId();
        List<String> before = world.addresses(eniId);

        assertThat(refusal(() -> unassign(eniId, before.getLast(), "10.20.0.200")))
                .isEqualTo("InvalidParameterValue");
        assertThat(world.addresses(eniId)).isEqualTo(before);
    }

    @Test
    void unassignedAddressesAreFreeAgain() {
        String eniId = world.createEni(request -> request.secondaryPrivateIpAddressCount(2))
                .networkInterfaceId();
        int free = world.freeAddresses();

        unassign(eniId, world.addresses(eniId).getLast());

        assertThat(world.freeAddresses()).isEqualTo(free + 1);
    }

    @Test
    void countAndNamedAddressesExcludeEachOther() {
        String eniId = world.createEni();

        assertThat(refusal(() -> world.ec2()
                        .assignPrivateIpAddresses(request -> request.networkInterfaceId(eniId)
                                .secondaryPrivateIpAddressCount(1)
                                .privateIpAddresses("10.20.0.9"))))
                .isEqualTo("InvalidParameterCombination");
        assertThat(refusal(() -> world.ec2().assignPrivateIpAddresses(request -> request.networkInterfaceId(eniId))))
                .isEqualTo("MissingParameter");
    }

    private String nodeEni() {
        String eniId = world.createEni();
        world.attach(eniId, world.launch("t3.small").instanceId(), 1);
        return eniId;
    }

    private List<String> assign(String eniId, int count) {
        return world
                .ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).secondaryPrivateIpAddressCount(count))
                .assignedPrivateIpAddresses()
                .stream()
                .map(assigned -> assigned.privateIpAddress())
                .toList();
    }

    private void unassign(String eniId, String... addresses) {
        world.ec2()
                .unassignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).privateIpAddresses(addresses));
    }
}
