package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.address;
import static io.vpceni.pool.PoolFixture.addressIn;
import static io.vpceni.pool.PoolFixture.addresses;
import static io.vpceni.pool.PoolFixture.blocksOf;
import static io.vpceni.pool.PoolFixture.noticesIn;
import static io.vpceni.pool.PoolFixture.requestsOfNoticesIn;
import static io.vpceni.pool.PoolFixture.wholeEnis;
import static io.vpceni.pool.PoolFixture.writesIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// How addresses and ENIs go back: quarantine, proof, return.
class ShrinkTest {

    private static final EniId SECOND = new EniId("eni-1");

    /// Two addresses too many for the targets, and in quarantine.
    private static PoolFixture twoTooMany() {
        PoolFixture node = new PoolFixture(addresses(2, 0), 2, 8).withPrimary(1, 2, 3, 4);
        node.tick();
        return node;
    }

    @Test
    void aSurplusIsQuarantinedAndServesNoAddWhileOthersCan() {
        PoolFixture node = twoTooMany();

        assertThat(node.states()).containsExactly("free", "free", "quarantined", "quarantined");
        assertThat(node.asked).isEmpty();
        assertThat(node.pool.nextTickAt()).contains(node.now.plus(Quarantine.TIME));
    }

    @Test
    void anAddThatNeedsAQuarantinedAddressGetsItAtOnce() {
        PoolFixture node = twoTooMany();

        for (int number = 1; number <= 4; number++) {
            assertThat(addressIn(node.add("c" + number))).isNotNull();
        }
        assertThat(node.states()).containsOnly("assigned");
    }

    @Test
    void afterTheQuarantineEc2AndTheKernelAreAskedAndOnlyThenItIsGivenBack() {
        PoolFixture node = twoTooMany();

        assertThat(node.after(Quarantine.TIME)).containsExactly(new Effect.Verify(1, PRIMARY));
        List<Effect> effects = node.verified(PRIMARY, blocksOf(1, 2, 3, 4));

        assertThat(effects)
                .containsExactly(
                        new Effect.Write(new JournalRecord.Leaving(PRIMARY, block(3), node.now)),
                        new Effect.Write(new JournalRecord.Leaving(PRIMARY, block(4), node.now)),
                        new Effect.Unassign(2, PRIMARY, blocksOf(3, 4)));
        List<Effect> gone = node.send(new Message.Unassigned(2));
        assertThat(noticesIn(gone)).containsExactly(PoolNotice.Kind.RETURNED);
        assertThat(requestsOfNoticesIn(gone)).containsExactly(2L);
        assertThat(writesIn(gone))
                .containsExactly(
                        new JournalRecord.Unassigned(PRIMARY, block(3), node.now),
                        new JournalRecord.Unassigned(PRIMARY, block(4), node.now));
        assertThat(node.states()).containsExactly("free", "free");
    }

    @Test
    void whatTheKernelShowsAsHeldStaysAndIsReported() {
        PoolFixture node = twoTooMany();
        node.after(Quarantine.TIME);

        List<Effect> effects = node.verified(PRIMARY, blocksOf(1, 2, 3, 4), address(4));

        assertThat(noticesIn(effects)).containsExactly(PoolNotice.Kind.DISPUTED);
        assertThat(effects).contains(new Effect.Unassign(2, PRIMARY, blocksOf(3)));
        assertThat(node.states()).containsExactly("free", "free", "leaving", "disputed");
    }

    @Test
    void whatEc2DoesNotListIsDisputedAndNotUnassigned() {
        PoolFixture node = twoTooMany();
        node.after(Lag.MAX); // long enough here to show in every view

        List<Effect> effects = node.verified(PRIMARY, blocksOf(1, 2, 3));

        assertThat(effects).contains(new Effect.Unassign(2, PRIMARY, blocksOf(3)));
        assertThat(node.states()).containsExactly("free", "free", "leaving", "disputed");
    }

    @Test
    void evidenceOfBeforeTheQuarantineProvesNothing() {
        PoolFixture node = twoTooMany();
        Evidence old = new Evidence(node.now.minusSeconds(1), true, Set.copyOf(blocksOf(1, 2, 3, 4)), Set.of());
        node.after(Quarantine.TIME);

        assertThat(node.send(new Message.Verified(1, old)))
                .as("asks again")
                .containsExactly(new Effect.Verify(2, PRIMARY));
    }

    @Test
    void aLostAnswerLeavesTheBlockInDoubtUntilEc2sViewsCanBeBelieved() {
        PoolFixture node = twoTooMany();
        node.after(Quarantine.TIME);
        node.verified(PRIMARY, blocksOf(1, 2, 3, 4));
        node.asked.clear();
        node.send(new Message.RequestFailed(2, AllocationError.OUTCOME_UNKNOWN, "timed out"));

        node.add("a");
        node.add("b");
        assertThat(node.asked)
                .as("not the doubtful ones, new ones")
                .containsExactly(new Effect.AssignBlocks(3, PRIMARY, BlockKind.ADDRESS, 1));
        node.send(new Message.BlocksAdded(3, PRIMARY, blocksOf(11, 12)));
        node.asked.clear();

        assertThat(node.after(Lag.MAX)).contains(new Effect.Verify(4, PRIMARY));
        node.verified(PRIMARY, blocksOf(1, 2, 3, 11, 12));
        assertThat(node.states())
                .as("one is still ours, of the other EC2 knows nothing")
                .containsExactly("assigned", "assigned", "free", "disputed", "free", "quarantined");
    }

    @Test
    void aRefusedReturnIsTriedAgainLaterAndTheAddressServesMeanwhile() {
        PoolFixture node = twoTooMany();
        node.after(Quarantine.TIME);
        node.verified(PRIMARY, blocksOf(1, 2, 3, 4));
        node.asked.clear();

        List<Effect> effects = node.send(new Message.RequestFailed(2, AllocationError.THROTTLED, "slow down"));

        assertThat(writesIn(effects)).hasSize(2).allMatch(entry -> entry instanceof JournalRecord.UnassignFailed);
        node.add("a");
        node.add("b");
        assertThat(node.asked).as("what is here is enough").isEmpty();
        assertThat(node.states()).containsExactly("assigned", "assigned", "free", "free");
    }

    /// A call can wait for its turn for half an hour, and somebody may take the addresses meanwhile.
    @Test
    void whatEc2DidNotListWhileItWasLeavingDoesNotServeAfterARefusal() {
        PoolFixture node = twoTooMany();
        node.after(Quarantine.TIME);
        node.verified(PRIMARY, blocksOf(1, 2, 3, 4));
        node.asked.clear();
        node.after(Lag.MAX);
        node.ec2Lists(PRIMARY, 1, 2);

        node.send(new Message.RequestFailed(2, AllocationError.THROTTLED, "slow down"));
        node.add("a");
        node.add("b");
        node.add("c");

        assertThat(node.states()).containsExactly("assigned", "assigned", "quarantined", "quarantined");
        assertThat(node.asked).anyMatch(request -> request instanceof Effect.AssignBlocks);
    }

    @Test
    void withWholeEnisAsTargetSingleAddressesStayAndAnIdleEniGoes() {
        PoolFixture node = new PoolFixture(wholeEnis(1), 3, 3).withPrimary(1, 2).withEni("eni-1", 1, 3, 4);
        node.add("a");
        node.add("b");
        node.settle();
        assertThat(node.enis()).containsExactly("eni-0", "eni-1");

        node.after(Shrink.ENI_AGE_MIN);
        node.del("b");
        node.after(Duration.ofSeconds(30));
        assertThat(node.states()).as("three are free, one ENI's worth is two").doesNotContain("quarantined");

        node.del("a");
        node.after(Duration.ofSeconds(30));
        assertThat(node.states()).containsExactly("free", "free", "quarantined", "quarantined");
        node.after(Quarantine.TIME);
        List<Effect> effects = node.verified(SECOND, blocksOf(3, 4));

        assertThat(effects).contains(new Effect.RemoveEni(2, SECOND));
        assertThat(requestsOfNoticesIn(node.send(new Message.EniRemoved(2)))).containsExactly(2L);
        assertThat(node.enis()).containsExactly("eni-0");
    }

    @Test
    void anEniOnWhichEc2ListsMoreThanThePoolKnowsStays() {
        PoolFixture node = new PoolFixture(addresses(1, 0), 3, 3).withPrimary(1).withEni("eni-1", 1, 3);
        node.after(Shrink.ENI_AGE_MIN);
        node.after(Quarantine.TIME);

        List<Effect> effects = node.verified(SECOND, blocksOf(3, 4));

        assertThat(effects).noneMatch(effect -> effect instanceof Effect.RemoveEni);
        assertThat(node.enis()).contains("eni-1");
    }

    @Test
    void anEniWithoutBlocksGoesToo() {
        PoolFixture node =
                new PoolFixture(addresses(1, 0), 3, 3).withPrimary(1, 2).withEni("eni-1", 1);
        node.after(Shrink.ENI_AGE_MIN);
        node.after(Quarantine.TIME);
        assertThat(node.asked).contains(new Effect.Verify(1, SECOND));
        List<Effect> effects = node.send(new Message.Verified(1, new Evidence(node.now, true, Set.of(), Set.of())));

        assertThat(effects).contains(new Effect.RemoveEni(3, SECOND));
    }

    @Test
    void whatEc2ListsOnAnEniThatIsBeingRemovedServesNobody() {
        PoolFixture node =
                new PoolFixture(addresses(1, 0), 3, 3).withPrimary(1, 2).withEni("eni-1", 1);
        node.after(Shrink.ENI_AGE_MIN);
        node.after(Quarantine.TIME);
        node.send(new Message.Verified(1, new Evidence(node.now, true, Set.of(), Set.of())));
        assertThat(node.asked).contains(new Effect.RemoveEni(3, SECOND));

        for (int i = 0; i < 3; i++) {
            node.after(Lag.MAX.plusSeconds(1));
            node.send(new Message.Ec2View(
                    node.now, Map.of(PRIMARY, Set.copyOf(blocksOf(1, 2)), SECOND, Set.copyOf(blocksOf(9)))));
        }

        assertThat(node.pool.snapshot(node.now).addresses())
                .noneMatch(view -> view.eni().equals(SECOND));
    }

    @Test
    void anEniThatMayCarryAPodWhoseAddressEc2DoesNotShowStays() {
        PoolFixture node =
                new PoolFixture(addresses(1, 0), 3, 3).withPrimary(1, 2).withEni("eni-1", 1);
        node.send(new Message.Restored(
                new Assignment(PoolFixture.key("old"), PodName.UNKNOWN, address(9), SECOND), Optional.empty()));
        node.after(Shrink.ENI_AGE_MIN);
        node.after(Quarantine.TIME);

        List<Effect> effects =
                node.send(new Message.Verified(1, new Evidence(node.now, true, Set.of(), Set.of(address(9)))));

        assertThat(effects).noneMatch(effect -> effect instanceof Effect.RemoveEni);
    }

    @Test
    void anEniWithoutBlocksIsFilledWhenAddressesAreNeeded() {
        PoolFixture node = new PoolFixture(addresses(1, 0), 2, 2).withPrimary(1).withEni("eni-1", 1);
        node.after(Shrink.ENI_AGE_MIN);
        node.add("a");

        assertThat(node.asked).contains(new Effect.AssignBlocks(1, SECOND, BlockKind.ADDRESS, 1));
    }

    @Test
    void aYoungEniStays() {
        PoolFixture node = new PoolFixture(wholeEnis(0), 3, 3).withPrimary(1, 2).withEni("eni-1", 1, 3, 4);
        node.tick();

        assertThat(node.states()).doesNotContain("quarantined");
        assertThat(node.pool.nextTickAt()).contains(node.now.plus(Shrink.ENI_AGE_MIN));
    }

    @Test
    void thePrimaryEniNeverGoes() {
        PoolFixture node = new PoolFixture(addresses(0, 1), 3, 3).withPrimary(1, 2);
        node.after(Shrink.ENI_AGE_MIN);
        node.after(Quarantine.TIME);
        List<Effect> effects = node.verified(PRIMARY, blocksOf(1, 2));

        assertThat(effects).contains(new Effect.Unassign(2, PRIMARY, blocksOf(2)));
    }

    @Test
    void aFailedRemovalIsFinishedWhenEc2SaysThatTheEniIsDetached() {
        PoolFixture node = new PoolFixture(addresses(1, 0), 3, 3).withPrimary(1).withEni("eni-1", 1, 3);
        node.after(Shrink.ENI_AGE_MIN);
        node.after(Quarantine.TIME);
        node.verified(SECOND, blocksOf(3));
        node.asked.clear();
        node.send(new Message.RequestFailed(2, AllocationError.OTHER, "detached, and could not be deleted"));

        assertThat(node.after(Lag.MAX)).containsExactly(new Effect.Verify(3, SECOND));
        List<Effect> effects = node.send(new Message.Verified(3, new Evidence(node.now, false, Set.of(), Set.of())));

        assertThat(effects).contains(new Effect.RemoveEni(4, SECOND));
    }

    @Test
    void aSurplusThatStaysSaysWhatKeepsIt() {
        PoolFixture primaryOnly = new PoolFixture(wholeEnis(1), 3, 3).withPrimary(1, 2, 3, 4);
        PoolFixture oneEniUsed =
                new PoolFixture(wholeEnis(0), 3, 4).withPrimary(1, 2).withEni("eni-1", 1, 3, 4, 5);
        for (int pod = 0; pod < 3; pod++) {
            oneEniUsed.add("c" + pod);
        }
        PoolFixture young =
                new PoolFixture(wholeEnis(0), 3, 3).withPrimary(1, 2).withEni("eni-1", 1, 3, 4);
        young.tick();
        PoolFixture follows = new PoolFixture(FixedPoolTest.settings(1), 1, 8).withPrimary(1, 2);

        assertThat(primaryOnly.snapshot().target().keepReason())
                .isEqualTo("only whole ENIs go back, and the primary ENI stays");
        assertThat(oneEniUsed.snapshot().target().keepReason())
                .contains("each has an address that a pod has or that cools");
        assertThat(young.snapshot().target().keepReason()).isEqualTo("an ENI stays for 60 s at least");
        young.after(Shrink.ENI_AGE_MIN);
        assertThat(young.snapshot().target().keepReason()).as("it goes").contains("the primary ENI stays");
        assertThat(follows.snapshot().target().keepReason()).contains("DISABLE_NETWORK_RESOURCE_PROVISIONING");
        assertThat(twoTooMany().snapshot().target().keepReason()).isEmpty();
    }

    private static Cidr block(int number) {
        return PoolFixture.block(address(number));
    }
}
