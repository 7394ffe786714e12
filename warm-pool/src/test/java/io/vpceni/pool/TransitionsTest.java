package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What cannot become of an address, a block or an ENI throws and names it.
class TransitionsTest {
    private static final Instant NOW = PoolFixture.START;
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.9");

    private final Outbox out = new Outbox();
    private final BlockIndex index = new BlockIndex();
    private final AddressBook book = new AddressBook(PoolFixture.addresses(0, 0), index, out);
    private final PooledEni primary = index.add(new Eni(new EniId("eni-0"), DeviceSlot.PRIMARY, true, 3), NOW);
    private final PooledEni eni = index.add(new Eni(new EniId("eni-1"), new DeviceSlot(0, 1), false, 3), NOW);
    private final Block block = new Block(Cidr.parse("10.0.0.9/32"), eni, NOW);
    private final PooledAddress address = block.address(ADDRESS, NOW);

    TransitionsTest() {
        book.insert(block);
    }

    private static Holding holding(String container) {
        Assignment assignment =
                new Assignment(PoolFixture.key(container), PodName.UNKNOWN, ADDRESS, new EniId("eni-1"));
        return new Holding(assignment, Optional.of(NOW), OptionalLong.empty());
    }

    private static void refuses(ThrowingCallable transition, String... named) {
        assertThatThrownBy(transition).isInstanceOf(IllegalStateException.class).hasMessageContainingAll(named);
    }

    @Test
    void anAssignedAddressIsNotAssignedCooledFreedOrAnUnknownHoldersToo() {
        book.assign(address, holding("a"), NOW);

        refuses(() -> book.assign(address, holding("b"), NOW), "10.0.0.9", "a");
        refuses(() -> book.cool(address, NOW.plusSeconds(1), NOW), "10.0.0.9");
        refuses(() -> book.unknownHolder(address, NOW), "10.0.0.9");
        refuses(() -> address.free(NOW), "10.0.0.9");
    }

    @Test
    void anAddressWithoutASandboxIsNotReleased() {
        refuses(() -> address.release(Optional.empty(), NOW), "10.0.0.9", "FREE");
        refuses(() -> address.releaseToCool(NOW, NOW), "10.0.0.9");
        refuses(() -> address.reassign(holding("a"), NOW), "10.0.0.9");
    }

    @Test
    void aBlockThatASandboxHasAnAddressOfIsNeitherQuarantinedNorReturnedNorRemoved() {
        book.assign(address, holding("a"), NOW);

        refuses(() -> book.quarantine(block, NOW, false, NOW), "10.0.0.9/32", "eni-1");
        refuses(() -> book.leave(block, NOW), "10.0.0.9/32");
        refuses(() -> book.remove(block, NOW), "10.0.0.9/32");
    }

    @Test
    void onlyAQuarantinedOrDisputedBlockIsActivated() {
        refuses(() -> book.activate(block, NOW), "10.0.0.9/32", "Active");
        book.quarantine(block, NOW, false, NOW);
        book.leave(block, NOW);
        refuses(() -> book.activate(block, NOW), "10.0.0.9/32", "Leaving");
    }

    @Test
    void aLeavingBlockIsNotDisputedOrReturnedAgain() {
        book.leave(block, NOW);

        refuses(() -> book.dispute(block, NOW, NOW), "10.0.0.9/32", "Leaving");
        refuses(() -> book.leave(block, NOW), "10.0.0.9/32");
    }

    @Test
    void onlyAQuarantinedBlockIsVerifiedLaterAndOnlyADisputedOrLeavingOneIsMissedAgain() {
        refuses(() -> block.verifyAt(NOW), "10.0.0.9/32");
        refuses(() -> block.missingAgain(NOW), "10.0.0.9/32");
    }

    @Test
    void aRemovedBlockIsNeverUsedAgain() {
        book.remove(block, NOW);

        refuses(() -> block.quarantine(NOW, false, NOW), "10.0.0.9/32", "Removed");
        refuses(() -> block.dispute(NOW, NOW), "10.0.0.9/32");
        refuses(() -> block.activate(NOW), "10.0.0.9/32");
    }

    @Test
    void aBlockIsInThePoolOnceAndAnEniGoesAfterItsBlocks() {
        refuses(() -> index.insert(new Block(block.cidr(), primary, NOW)), "10.0.0.9/32");
        refuses(() -> index.remove(eni), "eni-1");
    }

    @Test
    void oneRequestAboutAnEniIsPendingAtATime() {
        List<Runnable> requests =
                List.of(() -> eni.startGrowing(1), eni::startVerifying, eni::startReturning, eni::startRemoving);
        for (Runnable pending : requests) {
            pending.run();
            for (Runnable next : requests) {
                refuses(next::run, "eni-1");
            }
            refuses(() -> eni.planRemoval(Optional.empty()), "eni-1");
            eni.answered();
            eni.cancelRemoval();
        }
    }

    @Test
    void nothingIsAnsweredThatWasNotAsked() {
        refuses(eni::answered, "eni-1", "Idle");
    }

    @Test
    void anEniThatEc2WasAskedToRemoveIsNotKept() {
        eni.startRemoving();

        refuses(eni::cancelRemoval, "eni-1", "Removing");
    }

    @Test
    void thePrimaryEniIsNeverRemoved() {
        refuses(primary::startRemoving, "eni-0", "primary");
        refuses(() -> primary.planRemoval(Optional.empty()), "eni-0", "primary");
    }

    @Test
    void anEniThatIsToBeRemovedDoesNotGrow() {
        eni.planRemoval(Optional.empty());

        refuses(() -> eni.startGrowing(1), "eni-1");
        refuses(eni::startReturning, "eni-1");
    }

    @Test
    void aPlannedRemovalOutlivesItsVerificationUntilItIsCancelled() {
        eni.planRemoval(Optional.of(NOW));
        eni.startVerifying();
        eni.answered();
        assertThat(eni.activity()).isEqualTo(new EniActivity.RemovalPlanned(Optional.of(NOW)));

        eni.startVerifying();
        eni.cancelRemoval();
        eni.answered();
        assertThat(eni.activity()).isEqualTo(new EniActivity.Idle());
    }

    @Test
    void aRemovalThatFailedIsStillPlanned() {
        eni.startRemoving();
        eni.answered();

        assertThat(eni.activity().isRemoval()).isTrue();
    }
}
