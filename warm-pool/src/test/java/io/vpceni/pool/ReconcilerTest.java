package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.address;
import static io.vpceni.pool.PoolFixture.addressIn;
import static io.vpceni.pool.PoolFixture.addresses;
import static io.vpceni.pool.PoolFixture.key;
import static io.vpceni.pool.PoolFixture.noticesIn;
import static io.vpceni.pool.PoolFixture.resultIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PodName;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the pool makes of views of EC2 and looks at the kernel that contradict it.
class ReconcilerTest {

    private static final Duration A_MINUTE = Duration.ofSeconds(61);

    private static PoolFixture aPodAndAFreeAddress() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1, 2);
        node.add("pod");
        node.after(A_MINUTE);
        return node;
    }

    @Test
    void aPodWhoseAddressEc2DoesNotListKeepsItAndItIsDisputed() {
        PoolFixture node = aPodAndAFreeAddress();

        assertThat(noticesIn(node.ec2Lists(PRIMARY, 2))).containsExactly(PoolNotice.Kind.DISPUTED);
        assertThat(node.states()).containsExactly("disputed", "free");
        assertThat(addressIn(node.add("pod"))).isEqualTo(address(1));

        node.after(A_MINUTE);
        assertThat(noticesIn(node.ec2Lists(PRIMARY, 1, 2))).containsExactly(PoolNotice.Kind.DISPUTE_RESOLVED);
        assertThat(node.states()).containsExactly("assigned", "free");
    }

    @Test
    void anAddressThatEc2LostIsNeverHandedOut() {
        PoolFixture node = aPodAndAFreeAddress();
        node.ec2Lists(PRIMARY, 1);

        assertThat(node.states()).containsExactly("assigned", "disputed");
        assertThat(node.add("next")).noneMatch(effect -> effect instanceof Effect.Answered);
    }

    @Test
    void aViewThatMayBeOldHealsNothing() {
        PoolFixture node = aPodAndAFreeAddress();
        node.ec2Lists(PRIMARY, 1);
        node.after(Duration.ofSeconds(30));

        node.ec2Lists(PRIMARY, 1, 2);

        assertThat(node.states()).containsExactly("assigned", "disputed");
    }

    @Test
    void anAddressThatJustCameNeedNotShowInAView() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1, 2);
        node.after(Duration.ofSeconds(30));

        assertThat(noticesIn(node.ec2Lists(PRIMARY))).isEmpty();
    }

    @Test
    void anAddressIsGoneWhenTwoViewsAndTheKernelAgree() {
        PoolFixture node = aPodAndAFreeAddress();
        node.ec2Lists(PRIMARY, 1);
        node.after(A_MINUTE);
        node.ec2Lists(PRIMARY, 1);
        assertThat(node.states()).as("the kernel was not asked").containsExactly("assigned", "disputed");

        node.kernelShows(Map.of(1, "pod"));
        node.after(A_MINUTE);

        assertThat(noticesIn(node.ec2Lists(PRIMARY, 1))).containsExactly(PoolNotice.Kind.GONE);
        assertThat(node.states()).containsExactly("assigned");
    }

    @Test
    void whatAPodHasIsNeverGoneHoweverOftenEc2LacksIt() {
        PoolFixture node = aPodAndAFreeAddress();
        for (int look = 0; look < 10; look++) {
            node.ec2Lists(PRIMARY, 2);
            node.kernelShows(Map.of(1, "pod"));
            node.after(A_MINUTE);
        }

        assertThat(node.states()).containsExactly("disputed", "free");
        assertThat(addressIn(node.add("pod"))).isEqualTo(address(1));
    }

    @Test
    void anUnknownAddressIsTakenInWhenTwoViewsListIt() {
        PoolFixture node = aPodAndAFreeAddress();
        node.ec2Lists(PRIMARY, 1, 2, 3);
        assertThat(node.states()).hasSize(2);

        node.after(A_MINUTE);
        node.ec2Lists(PRIMARY, 1, 2, 3);

        assertThat(node.snapshot().addresses())
                .extracting(PoolSnapshot.AddressView::address)
                .contains(address(3));
    }

    @Test
    void anUnknownAddressThatTheKernelShowsAsHeldIsNotGivenOut() {
        PoolFixture node = aPodAndAFreeAddress();
        node.kernelShows(Map.of(1, "pod", 3, "of-another-plugin"));
        node.ec2Lists(PRIMARY, 1, 2, 3);
        node.after(A_MINUTE);
        node.ec2Lists(PRIMARY, 1, 2, 3);

        assertThat(node.states()).containsExactly("assigned", "free", "disputed");
    }

    @Test
    void aBlockThatWentBackIsNotTakenInAgainFromAnOldView() {
        PoolFixture node = new PoolFixture(addresses(1, 0), 1, 4).withPrimary(1, 2);
        node.tick();
        node.after(Quarantine.TIME);
        node.verified(PRIMARY, PoolFixture.blocksOf(1, 2));
        node.send(new Message.Unassigned(2));

        node.ec2Lists(PRIMARY, 1, 2);
        node.after(Duration.ofSeconds(59));
        node.ec2Lists(PRIMARY, 1, 2);
        node.after(Duration.ofSeconds(59));
        node.ec2Lists(PRIMARY, 1, 2);

        assertThat(node.states()).containsExactly("free");
    }

    @Test
    void aViewThatALaterQuestionOvertookIsIgnored() {
        PoolFixture node = aPodAndAFreeAddress();
        Message.Ec2View early = new Message.Ec2View(node.now.minusSeconds(1), Map.of());
        node.ec2Lists(PRIMARY, 1, 2);

        assertThat(noticesIn(node.send(early))).isEmpty();
    }

    @Test
    void aSandboxThatTheKernelLacksForLongWasReleasedByALostDel() {
        PoolFixture node = aPodAndAFreeAddress();
        node.after(Reconciler.WIRING_MAX);
        assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        node.after(A_MINUTE);

        assertThat(noticesIn(node.kernelShows(Map.of()))).containsExactly(PoolNotice.Kind.DEL_LOST);
        assertThat(node.states()).as("it cools like any other").containsExactly("cooling", "free");
    }

    @Test
    void aSandboxThatIsBeingWiredIsNotGone() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1, 2);
        node.add("slow");
        for (int look = 0; look < 3; look++) {
            node.after(Duration.ofSeconds(60));
            assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        }
        node.kernelShows(Map.of(1, "slow"));

        assertThat(node.states()).containsExactly("assigned", "free");
    }

    /// Looks are a minute apart, to the second.
    @Test
    void theLostDelOfAYoungPodThatALookHadShownIsFoundByTheSecondLookWithoutIt() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1, 2);
        node.add("young");
        node.after(Duration.ofSeconds(1));
        node.kernelShows(Map.of(1, "young"));

        node.after(Duration.ofSeconds(60));
        assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        node.after(Duration.ofSeconds(60));
        assertThat(noticesIn(node.kernelShows(Map.of()))).containsExactly(PoolNotice.Kind.DEL_LOST);
        assertThat(node.states()).containsExactly("cooling", "free");
    }

    @Test
    void theLostDelOfAPodThatNoLookHasShownIsFoundWithinFourMinutes() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1, 2);
        node.add("short");
        for (int look = 0; look < 3; look++) {
            node.after(Duration.ofSeconds(60));
            assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        }
        node.after(Duration.ofSeconds(60));

        assertThat(noticesIn(node.kernelShows(Map.of()))).containsExactly(PoolNotice.Kind.DEL_LOST);
    }

    /// Its address has another sandbox now, which no look has shown.
    @Test
    void whatALookShowedOfAnEarlierPodSaysNothingOfTheNext() {
        PoolFixture node = new PoolFixture(addresses(0, 1), 1, 4).withPrimary(1);
        node.add("pod");
        node.after(Duration.ofSeconds(1));
        node.kernelShows(Map.of(1, "pod"));
        node.del("pod");
        node.after(Duration.ofSeconds(31));
        node.add("pod");

        node.after(Duration.ofSeconds(10));
        node.kernelShows(Map.of());
        node.after(Duration.ofSeconds(60));
        assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        assertThat(node.states()).containsExactly("assigned");
    }

    @Test
    void aStrangerOnAFreeAddressIsDisputedAndTheAddressCoolsWhenItIsGone() {
        PoolFixture node = aPodAndAFreeAddress();
        assertThat(noticesIn(node.kernelShows(Map.of(1, "pod", 2, "stranger"))))
                .containsExactly(PoolNotice.Kind.DISPUTED);
        assertThat(node.states()).containsExactly("assigned", "disputed");

        node.after(A_MINUTE);
        assertThat(noticesIn(node.kernelShows(Map.of(1, "pod")))).containsExactly(PoolNotice.Kind.DISPUTE_RESOLVED);
        assertThat(node.states()).containsExactly("assigned", "cooling");
    }

    @Test
    void aPodReleasedWhileEc2LacksItsAddressLeavesADisputedAddressBehind() {
        PoolFixture node = aPodAndAFreeAddress();
        node.ec2Lists(PRIMARY, 2);
        node.del("pod");
        node.after(Duration.ofSeconds(31));

        assertThat(node.states()).containsExactly("disputed", "free");
        assertThat(resultIn(node.send(new Message.Assign(99, key("x"), PodName.UNKNOWN, node.now.plusSeconds(9)))))
                .isInstanceOf(AssignResult.Assigned.class);
    }
}
