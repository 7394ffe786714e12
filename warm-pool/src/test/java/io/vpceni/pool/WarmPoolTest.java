package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.address;
import static io.vpceni.pool.PoolFixture.addressIn;
import static io.vpceni.pool.PoolFixture.addresses;
import static io.vpceni.pool.PoolFixture.answersIn;
import static io.vpceni.pool.PoolFixture.blocksOf;
import static io.vpceni.pool.PoolFixture.key;
import static io.vpceni.pool.PoolFixture.nothingWarm;
import static io.vpceni.pool.PoolFixture.resultIn;
import static io.vpceni.pool.PoolFixture.withoutWrites;
import static io.vpceni.pool.PoolFixture.writesIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// ADD, DEL, cooling, waiting and restart. Growth is in [GrowthTest].
class WarmPoolTest {

    private static final Duration COOLDOWN = Duration.ofSeconds(30);

    @Test
    void aKeyGetsTheSameAddressAgain() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 15).withPrimary(1, 2);

        assertThat(addressIn(node.add("a"))).isEqualTo(address(1));
        assertThat(addressIn(node.add("a"))).isEqualTo(address(1));
        assertThat(addressIn(node.add("b"))).isEqualTo(address(2));
    }

    @Test
    void aReleasedAddressCoolsToTheSecond() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 2).withPrimary(1);
        node.add("a");
        node.del("a");
        node.add("b", Duration.ofMinutes(5));

        assertThat(node.after(COOLDOWN.minusNanos(1))).isEmpty();
        assertThat(addressIn(node.after(Duration.ofNanos(1)))).isEqualTo(address(1));
    }

    @Test
    void anAddressThatNoSandboxWasWiredWithIsFreeAtOnceAlsoAfterARestart() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 2).withPrimary(1);
        node.add("a");

        List<Effect> effects = node.send(new Message.NeverWired(key("a")));

        assertThat(effects)
                .contains(new Effect.Write(new JournalRecord.Released(key("a"), address(1), node.now, node.now)));
        assertThat(addressIn(node.add("b"))).isEqualTo(address(1));
        assertThat(node.send(new Message.NeverWired(key("nobody")))).isEmpty();
    }

    @Test
    void withoutCooldownAnAddressIsFreeAtOnce() {
        PoolFixture node = new PoolFixture(new PoolSettings(0, 0, 1, 0, Duration.ZERO), 1, 2).withPrimary(1);
        node.add("a");
        node.del("a");

        assertThat(addressIn(node.add("b"))).isEqualTo(address(1));
    }

    @Test
    void theFullestEniIsFilledFirst() {
        PoolFixture node =
                new PoolFixture(nothingWarm(), 3, 4).withPrimary(1, 2).withEni("eni-1", 1, 11, 12);
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, address(12), new EniId("eni-1")), Optional.empty()));

        assertThat(addressIn(node.add("a"))).isEqualTo(address(11));
        assertThat(addressIn(node.add("b"))).isEqualTo(address(1));
    }

    @Test
    void amongEqualsThePrimaryEniIsFilledFirstAndThenById() {
        PoolFixture node = new PoolFixture(nothingWarm(), 3, 2)
                .withEni("eni-1", 2, 21)
                .withEni("eni-00", 1, 11)
                .withPrimary(31);

        assertThat(addressIn(node.add("a"))).isEqualTo(address(31));
        assertThat(addressIn(node.add("b"))).isEqualTo(address(11));
        assertThat(addressIn(node.add("c"))).isEqualTo(address(21));
    }

    @Test
    void neverUsedAddressesGoFirstThenTheOldestFreed() {
        PoolFixture node = new PoolFixture(addresses(0, 3), 1, 4).withPrimary(1, 2, 3);
        node.add("a");
        node.add("b");
        node.del("b");
        node.after(Duration.ofSeconds(1));
        node.del("a");
        node.after(COOLDOWN);

        assertThat(addressIn(node.add("c"))).isEqualTo(address(3));
        assertThat(addressIn(node.add("d"))).isEqualTo(address(2));
        assertThat(addressIn(node.add("e"))).isEqualTo(address(1));
    }

    @Test
    void addsWaitInTheOrderInWhichTheyCame() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary();
        node.add("z", Duration.ofSeconds(20));
        node.add("a", Duration.ofSeconds(10));

        List<Effect> effects = node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1)));

        assertThat(answersIn(effects)).extracting(Effect.Answered::ticket).containsExactly(1L);
    }

    @Test
    void anAddThatWaitsTwiceNeedsOneAddressAndIsAnsweredTwice() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary();
        node.add("a");
        node.add("a");

        List<Effect> effects = node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1, 2)));

        assertThat(answersIn(effects)).extracting(Effect.Answered::ticket).containsExactly(1L, 2L);
        assertThat(node.snapshot().assignable()).isOne();
    }

    @Test
    void anAddFailsAtItsDeadlineAndSaysWhyAndWhatToDo() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1, 2, 3);
        node.add("a");
        node.add("b");
        node.add("c");
        node.after(Duration.ofSeconds(2));
        node.del("a");
        node.add("d", Duration.ofSeconds(18));

        assertThat(node.pool.nextTickAt()).contains(node.now.plusSeconds(18));
        assertThat(resultIn(node.after(Duration.ofSeconds(18))))
                .isEqualTo(new AssignResult.NoAddress("no address was free within 18 s: this node is full: 3 addresses"
                        + " on 1 ENI: 2 with pods, 1 cooling (the first is free again in 12 s); try again; if it stays so,"
                        + " run fewer pods on this node (max-pods) or take an instance type with more addresses"));
    }

    /// Its subnet or a tag excludes it, or its link is gone.
    @Test
    void anAddThatFailsBesideAnEniThatMayGiveNoneNamesThatEni() {
        PoolFixture node =
                new PoolFixture(nothingWarm(), 2, 3).withPrimary(1, 2).withEni("eni-1", 1, 3, 4);
        node.add("a");
        node.add("b");
        node.send(new Message.EniRoleIs(new EniId("eni-1"), EniRole.EXCLUDED));
        node.add("c", Duration.ofSeconds(2));

        assertThat(resultIn(node.after(Duration.ofSeconds(2))))
                .isEqualTo(new AssignResult.NoAddress("no address was free within 2 s: this node is full: 2 addresses"
                        + " on 1 ENI: 2 with pods, not counting eni-1, which may give none (ipamctl enis says why); run"
                        + " fewer pods on this node (max-pods) or take an instance type with more addresses"));

        node.send(new Message.EniRoleIs(PoolFixture.PRIMARY, EniRole.EXCLUDED));
        node.add("d", Duration.ofSeconds(2));
        assertThat(resultIn(node.after(Duration.ofSeconds(2))).toString())
                .contains("full: no ENI may give addresses to pods, not counting eni-0, eni-1, which may give none");
    }

    @Test
    void anAddressThatRipensAtTheDeadlineIsStillGiven() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 2).withPrimary(1);
        node.add("a");
        node.del("a");
        node.add("b", COOLDOWN);

        assertThat(addressIn(node.after(COOLDOWN))).isEqualTo(address(1));
    }

    @Test
    void anAddressThatCameAfterTheDeadlineIsNotGivenToIt() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 2).withPrimary(1);
        node.add("a");
        node.del("a");
        node.add("b", COOLDOWN.minusSeconds(1));

        assertThat(resultIn(node.after(COOLDOWN))).isInstanceOf(AssignResult.NoAddress.class);
    }

    @Test
    void aDelCancelsTheWaitingAddsOfItsKey() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary();
        node.add("a");
        node.add("b");

        List<Effect> effects = node.send(new Message.CancelWaitingAdds(9, key("a")));

        assertThat(withoutWrites(effects)).containsExactly(new Effect.Answered(1, new AssignResult.Cancelled()));
        assertThat(node.snapshot().waiting()).isOne();
    }

    @Test
    void anAddThatItsDelOvertookIsCancelledAndALaterOneIsServed() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        long overtaken = node.drawTicket();
        node.del("a");

        assertThat(resultIn(node.send(new Message.Assign(overtaken, key("a"), PodName.UNKNOWN, node.now))))
                .isEqualTo(new AssignResult.Cancelled());
        assertThat(addressIn(node.add("a"))).isEqualTo(address(1));
    }

    @Test
    void anAddThatComesTwoMinutesAfterADelThatIsYoungerIsCancelledAndALaterOneIsServedAtOnce() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        long overtaken = node.drawTicket();
        node.del("a");
        node.after(Duration.ofSeconds(61));
        assertThat(addressIn(node.add("a"))).isEqualTo(address(1));
        node.del("a");
        node.after(Duration.ofMinutes(2));

        assertThat(resultIn(node.send(new Message.Assign(overtaken, key("a"), PodName.UNKNOWN, node.now))))
                .isEqualTo(new AssignResult.Cancelled());
        assertThat(addressIn(node.add("a"))).isEqualTo(address(1));
    }

    @Test
    void aTombstoneOfAnEarlierLifeCancelsWhatIsOlderAndNothingElse() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        node.send(new Message.RestoredTombstone(key("a"), 7, node.now.plusSeconds(1)));
        node.after(Duration.ofMinutes(2));

        assertThat(resultIn(node.send(new Message.Assign(6, key("a"), PodName.UNKNOWN, node.now))))
                .isEqualTo(new AssignResult.Cancelled());
        assertThat(addressIn(node.send(new Message.Assign(8, key("a"), PodName.UNKNOWN, node.now))))
                .isEqualTo(address(1));
    }

    @Test
    void aTombstoneIsForgottenWhenNothingOlderCanCome() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        long early = node.drawTicket();
        node.del("a");
        node.after(Tombstones.LIFETIME);

        assertThat(addressIn(node.send(new Message.Assign(early, key("a"), PodName.UNKNOWN, node.now))))
                .isEqualTo(address(1));
    }

    @Test
    void tombstonesAreBoundedAndAnAddThatIsOlderThanAForgottenOneIsRefused() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        long early = node.drawTicket();
        for (int i = 0; i <= Tombstones.COUNT_MAX; i++) {
            node.send(new Message.CancelWaitingAdds(node.drawTicket(), key("c" + i)));
        }

        assertThat(resultIn(node.send(new Message.Assign(early, key("c0"), PodName.UNKNOWN, node.now))))
                .isInstanceOf(AssignResult.NoAddress.class);
        assertThat(addressIn(node.add("c0"))).isEqualTo(address(1));
        assertThat(addressIn(node.send(new Message.Assign(early, key("c0"), PodName.UNKNOWN, node.now))))
                .as("what it has already")
                .isEqualTo(address(1));
    }

    @Test
    void waitingAddsAreBounded() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary();
        for (int i = 0; i < WaitingAdds.COUNT_MAX; i++) {
            assertThat(answersIn(node.add("c" + i))).isEmpty();
        }

        assertThat(resultIn(node.add("late")))
                .isEqualTo(new AssignResult.NoAddress("4096 ADDs wait already; try again later"));
    }

    @Test
    void whileADelIsUnderWayItsKeyGetsNothing() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        node.add("a");
        List<Effect> told = node.send(new Message.WhoHolds(node.drawTicket(), key("a")));

        assertThat(told)
                .as("the answer, and nothing written")
                .containsExactly(new Effect.Held(
                        key("a"), Optional.of(new Assignment(key("a"), PodName.UNKNOWN, address(1), PRIMARY))));
        assertThat(resultIn(node.add("a")))
                .isEqualTo(new AssignResult.NoAddress(
                        "a DEL of the same attachment is under way; try again when it is over"));
        assertThat(node.snapshot().enis().getFirst().assigned()).isOne();
    }

    @Test
    void aDelOfAnUnknownKeyDoesNothing() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        PoolSnapshot before = node.snapshot();

        node.del("never");

        assertThat(node.snapshot()).isEqualTo(before);
    }

    @Test
    void aRestoredSandboxKeepsItsAddress() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1, 2);
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, address(1), PRIMARY), Optional.empty()));

        assertThat(addressIn(node.add("new"))).isEqualTo(address(2));
        assertThat(addressIn(node.add("old"))).isEqualTo(address(1));
    }

    @Test
    void theCountsOfAllStatesAddUpWhenAnEniWasDetachedUnderAPod() {
        PoolFixture node =
                new PoolFixture(nothingWarm(), 2, 3).withPrimary(1, 2).withEni("eni-1", 1, 11, 12);
        EniId lost = new EniId("eni-1");
        List.of("a", "b", "c", "d").forEach(node::add);
        node.send(new Message.EniRoleIs(lost, EniRole.EXCLUDED)); // its link is gone
        node.send(new Message.EniDetached(lost));
        node.after(Lag.TWICE);
        node.ec2Lists(PRIMARY, 1, 2);

        PoolSnapshot pool = node.snapshot();

        assertThat(pool.disputed()).isEqualTo(2);
        assertThat(pool.withoutNetwork())
                .extracting(holder -> holder.key().containerId())
                .containsExactly("c", "d");
        int assigned =
                pool.enis().stream().mapToInt(PoolSnapshot.EniCounts::assigned).sum();
        int total = pool.enis().stream().mapToInt(PoolSnapshot.EniCounts::total).sum();
        assertThat(assigned + pool.disputed()).isEqualTo(total);
    }

    @Test
    void aRestoredAddressThatEc2DoesNotListIsDisputedUntilItDoes() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1);
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, address(9), PRIMARY), Optional.empty()));

        assertThat(node.snapshot().disputed()).isOne();
        assertThat(node.snapshot().addresses())
                .extracting(PoolSnapshot.AddressView::state)
                .containsExactly(AddressState.FREE, AddressState.DISPUTED);

        node.ec2Lists(PRIMARY, 1, 9);
        node.after(Lag.TWICE);
        node.ec2Lists(PRIMARY, 1, 9);

        assertThat(node.snapshot().disputed()).isZero();
        assertThat(addressIn(node.add("old"))).isEqualTo(address(9));
        assertThat(addressIn(node.add("new"))).isEqualTo(address(1));
    }

    @Test
    void anAddressReleasedWhileDisputedStillCools() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary();
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, address(9), PRIMARY), Optional.empty()));
        node.del("old");
        node.send(new Message.EniFound(node.eni(new EniId("eni-1"), 1), blocksOf(9)));

        assertThat(node.snapshot().assignable()).isZero();
        assertThat(node.pool.snapshot(node.now.plus(COOLDOWN)).assignable()).isOne();
    }

    @Test
    void anAddressThatTwoSandboxesClaimIsNotFreeWhenOneGoes() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1);
        node.send(
                new Message.Restored(new Assignment(key("x"), PodName.UNKNOWN, address(1), PRIMARY), Optional.empty()));
        node.send(
                new Message.Restored(new Assignment(key("y"), PodName.UNKNOWN, address(1), PRIMARY), Optional.empty()));
        assertThat(node.snapshot().unexpectedAnswers()).isOne();

        node.del("x");

        assertThat(addressIn(node.add("y"))).isEqualTo(address(1));
        assertThat(node.snapshot().disputed()).isZero();
    }

    @Test
    void timeDoesNotGoBackwards() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 2).withPrimary(1);
        node.add("a");
        node.now = node.now.minusSeconds(100);
        node.del("a");

        assertThat(node.pool.nextTickAt()).contains(PoolFixture.START.plus(COOLDOWN));
    }

    @Test
    void aRestoredSandboxHasItsAddressSinceItsAdd() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1, 2, 3);
        Instant added = node.now.minus(Duration.ofDays(3));
        Assignment old = new Assignment(key("old"), PodName.UNKNOWN, address(1), PRIMARY);
        Assignment dim = new Assignment(key("dim"), PodName.UNKNOWN, address(2), PRIMARY);

        assertThat(writesIn(node.send(new Message.Restored(old, Optional.of(added)))))
                .containsExactly(new JournalRecord.Assigned(old, node.now, Optional.of(added)));
        assertThat(writesIn(node.send(new Message.Restored(dim, Optional.empty()))))
                .containsExactly(new JournalRecord.Assigned(dim, node.now, Optional.empty()));
        node.add("new");

        assertThat(node.snapshot().addresses())
                .extracting(PoolSnapshot.AddressView::heldSince)
                .containsExactly(Optional.of(added), Optional.empty(), Optional.of(node.now));
        node.del("old");
        assertThat(node.snapshot().addresses().getFirst().heldSince()).isEmpty();
    }
}
