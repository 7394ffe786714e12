package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.address;
import static io.vpceni.pool.PoolFixture.addresses;
import static io.vpceni.pool.PoolFixture.block;
import static io.vpceni.pool.PoolFixture.blocksOf;
import static io.vpceni.pool.PoolFixture.noticesIn;
import static io.vpceni.pool.PoolFixture.writesIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What EC2 has just given stands anew, whatever was said of it before: it had gone meanwhile.
class GivenAnewTest {

    private static final Duration A_MINUTE = Duration.ofSeconds(61);

    /// A node that asked EC2 to take an address back, never heard what came of it, and sees that it is not listed.
    private static PoolFixture anAddressWhoseReturnIsInDispute() {
        PoolFixture node = aReturnWithoutAnAnswer();
        node.after(A_MINUTE);
        node.verified(PRIMARY, blocksOf(1));
        assertThat(node.states()).containsExactly("assigned", "disputed");
        return node;
    }

    private static PoolFixture aReturnWithoutAnAnswer() {
        PoolFixture node = new PoolFixture(addresses(0, 1), 1, 4).withPrimary(1, 2);
        node.add("pod");
        node.after(A_MINUTE);
        node.verified(PRIMARY, blocksOf(1, 2));
        Effect.Unassign asked = (Effect.Unassign) node.asked.removeFirst();
        assertThat(asked.blocks()).containsExactly(block(address(2)));
        node.send(new Message.RequestFailed(asked.request(), AllocationError.OUTCOME_UNKNOWN, "no answer"));
        return node;
    }

    /// EC2 gives that address again, to a pod that waits.
    private static List<Effect> givenAgain(PoolFixture node) {
        node.add("next");
        Effect.AssignBlocks asked = (Effect.AssignBlocks) node.asked.removeFirst();
        return node.send(new Message.BlocksAdded(asked.request(), PRIMARY, blocksOf(2)));
    }

    @Test
    void anAddressThatWasInDisputeServesAgainWhenEc2GivesIt() {
        PoolFixture node = anAddressWhoseReturnIsInDispute();

        List<Effect> effects = givenAgain(node);

        assertThat(PoolFixture.addressIn(effects)).isEqualTo(address(2));
        assertThat(noticesIn(effects)).containsExactly(PoolNotice.Kind.DISPUTE_RESOLVED);
        assertThat(writesIn(effects)).hasAtLeastOneElementOfType(JournalRecord.UnassignFailed.class);
    }

    @Test
    void viewsThatMayBeOlderThanItsReturnSayNothingOfIt() {
        PoolFixture node = anAddressWhoseReturnIsInDispute();
        givenAgain(node);

        node.now = node.now.plusSeconds(59);

        assertThat(noticesIn(node.ec2Lists(PRIMARY, 1))).isEmpty();
        assertThat(node.states()).containsExactly("assigned", "assigned");
    }

    @Test
    void anAddressWhoseReturnIsInDoubtServesAgainWhenEc2GivesIt() {
        PoolFixture node = aReturnWithoutAnAnswer();
        assertThat(node.states()).containsExactly("assigned", "quarantined");

        assertThat(PoolFixture.addressIn(givenAgain(node))).isEqualTo(address(2));
        node.del("next");
        node.after(Duration.ofSeconds(31));
        node.after(A_MINUTE); // it is surplus, and quarantined as any other

        node.verified(PRIMARY, blocksOf(1, 2));
        assertThat(node.asked).hasSize(1).first().isInstanceOf(Effect.Unassign.class);
    }

    @Test
    void anAnswerThatRepeatsWhatIsHereIsNotCountedTwice() {
        PoolFixture node = new PoolFixture(addresses(0, 1), 1, 4).withPrimary(1);
        node.add("pod");
        node.add("next");
        Effect.AssignBlocks asked = (Effect.AssignBlocks) node.asked.removeFirst();

        node.send(new Message.BlocksAdded(asked.request(), PRIMARY, blocksOf(1)));

        assertThat(node.states()).containsExactly("assigned");
        assertThat(node.snapshot().lastFailure()).isPresent();
    }

    @Test
    void whatANewEniWasMadeWithIsNotInDoubtThoughItHasJustLeftAnother() {
        PoolFixture node = new PoolFixture(addresses(0, 1), 2, 3).withPrimary(1, 2);
        node.add("pod");
        node.after(A_MINUTE);
        node.verified(PRIMARY, blocksOf(1, 2));
        Effect.Unassign gone = (Effect.Unassign) node.asked.removeFirst();
        node.send(new Message.Unassigned(gone.request()));
        node.add("second");
        Effect.AssignBlocks asked = (Effect.AssignBlocks) node.asked.removeFirst();
        node.send(new Message.BlocksAdded(asked.request(), PRIMARY, blocksOf(3)));

        node.add("third");
        Effect.AddEni wanted = (Effect.AddEni) node.asked.removeFirst();
        List<Effect> effects =
                node.send(new Message.EniReady(wanted.request(), node.eni(new EniId("eni-1"), 1), blocksOf(2)));

        assertThat(PoolFixture.addressIn(effects)).isEqualTo(address(2));
    }

    @Test
    void aBlockThatContradictsWhatIsKnownTakesItsSlotUntilAViewSaysWhereItIs() {
        PoolFixture node =
                new PoolFixture(addresses(0, 1), 2, 3).withPrimary(1, 2).withEni("eni-1", 1);
        node.add("pod");
        node.add("second");
        node.add("third");
        Effect.AssignBlocks asked = (Effect.AssignBlocks) node.asked.removeFirst();
        assertThat(asked.eni()).isEqualTo(new EniId("eni-1"));

        node.send(new Message.BlocksAdded(asked.request(), asked.eni(), blocksOf(1))); // which "pod" has
        node.add("fourth");
        node.after(Duration.ofSeconds(10));

        assertThat(((Effect.AssignBlocks) node.asked.getFirst()).count()).isEqualTo(1);
    }

    @Test
    void aCooldownOfASecondHolderDoesNotTakeTheAddressFromTheFirst() {
        PoolSettings longCooldown = new PoolSettings(1, 0, 1, 0, Duration.ofMinutes(10));
        PoolFixture node = new PoolFixture(longCooldown, 1, 10).withPrimary(1);
        for (String holder : List.of("first", "second")) {
            Assignment assignment = new Assignment(PoolFixture.key(holder), PodName.UNKNOWN, address(1), PRIMARY);
            node.send(new Message.Restored(assignment, Optional.empty()));
        }
        node.send(new Message.Release(PoolFixture.key("second")));

        Set<Cidr> prefix = Set.of(Cidr.containing(address(1), 28));
        node.send(new Message.Ec2View(node.now, Map.of(PRIMARY, prefix)));
        node.after(Duration.ofSeconds(61));
        node.send(new Message.Ec2View(node.now, Map.of(PRIMARY, prefix)));

        assertThat(node.snapshot().addresses())
                .filteredOn(view -> view.address().equals(address(1)))
                .singleElement()
                .satisfies(view -> {
                    assertThat(view.state()).isEqualTo(AddressState.ASSIGNED);
                    assertThat(view.holder().map(Assignment::key)).contains(PoolFixture.key("first"));
                });
    }
}
