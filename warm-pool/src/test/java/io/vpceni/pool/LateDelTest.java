package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.address;
import static io.vpceni.pool.PoolFixture.answersIn;
import static io.vpceni.pool.PoolFixture.key;
import static io.vpceni.pool.PoolFixture.nothingWarm;
import static io.vpceni.pool.PoolFixture.writesIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PodName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// A DEL that arrives after an ADD of its key that began later, as one does that waited for ipamd in a file.
class LateDelTest {

    private final PoolFixture node = new PoolFixture(nothingWarm(), 1, 4).withPrimary(1, 2);

    @Test
    void it_takes_nothing_from_the_later_add() {
        long del = node.drawTicket();
        node.add("a");

        assertThat(held(del)).isEmpty();
        assertThat(answersIn(node.add("a")))
                .as("no DEL is under way")
                .hasSize(1)
                .allSatisfy(answer -> assertThat(answer.result()).isInstanceOf(AssignResult.AlreadyAssigned.class));
    }

    @Test
    void it_takes_the_address_of_an_earlier_add_whenever_that_was_served() {
        long add = node.drawTicket();
        long del = node.drawTicket();
        node.send(new Message.Assign(add, key("a"), PodName.UNKNOWN, node.now));

        assertThat(held(del)).map(Assignment::address).contains(address(1));
    }

    @Test
    void it_cancels_the_earlier_adds_that_wait_and_no_later_one() {
        PoolFixture empty = new PoolFixture(nothingWarm(), 1, 4).withPrimary();
        empty.add("a");
        long del = empty.drawTicket();
        long later = empty.drawTicket();
        empty.send(new Message.Assign(later, key("a"), PodName.UNKNOWN, empty.now.plus(Duration.ofMinutes(1))));

        List<Effect.Answered> answers = answersIn(empty.send(new Message.CancelWaitingAdds(del, key("a"))));

        assertThat(answers).containsExactly(new Effect.Answered(1, new AssignResult.Cancelled()));
        assertThat(empty.pool.addsWait()).isTrue();
        assertThat(answersIn(
                        empty.send(new Message.EniFound(empty.eni(new EniId("eni-2"), 1), PoolFixture.blocksOf(7)))))
                .extracting(Effect.Answered::ticket)
                .containsExactly(later);
    }

    @Test
    void an_add_that_is_repeated_counts_as_the_later_one_and_the_journal_has_its_ticket() {
        node.add("a");
        long del = node.drawTicket();
        long again = node.drawTicket();

        List<JournalRecord> written =
                writesIn(node.send(new Message.Assign(again, key("a"), PodName.UNKNOWN, node.now)));

        assertThat(written)
                .containsExactly(new JournalRecord.Assigned(
                        new Assignment(key("a"), PodName.UNKNOWN, address(1), PRIMARY),
                        node.now,
                        Optional.of(node.now),
                        OptionalLong.of(again)));
        assertThat(held(del)).isEmpty();
    }

    @Test
    void an_earlier_add_that_arrives_late_changes_nothing() {
        long early = node.drawTicket();
        node.add("a");
        long del = node.drawTicket();

        assertThat(writesIn(node.send(new Message.Assign(early, key("a"), PodName.UNKNOWN, node.now))))
                .isEmpty();
        assertThat(held(del)).isPresent();
    }

    @Test
    void two_adds_that_are_served_together_count_as_the_later_one() {
        PoolFixture empty = new PoolFixture(nothingWarm(), 1, 4).withPrimary();
        empty.add("a");
        long del = empty.drawTicket();
        empty.add("a");
        empty.send(new Message.EniFound(empty.eni(new EniId("eni-2"), 1), PoolFixture.blocksOf(7)));

        assertThat(empty.send(new Message.WhoHolds(del, key("a"))))
                .contains(new Effect.Held(key("a"), Optional.empty()));
    }

    @Test
    void the_ticket_survives_a_restart_also_of_an_address_in_dispute() {
        long del = node.drawTicket();
        long add = node.drawTicket();
        for (int number : List.of(1, 99)) { // EC2 does not list the second
            String container = "c" + number;
            node.send(new Message.Restored(
                    new Assignment(key(container), PodName.UNKNOWN, address(number), PRIMARY),
                    Optional.of(node.now),
                    OptionalLong.of(add)));

            assertThat(held(del, container)).isEmpty();
            assertThat(held(node.drawTicket(), container)).isPresent();
        }
    }

    @Test
    void of_a_sandbox_of_which_nothing_tells_the_add_every_del_takes_the_address() {
        long del = node.drawTicket();
        node.send(new Message.Restored(
                new Assignment(key("a"), PodName.UNKNOWN, address(1), PRIMARY), Optional.of(node.now)));

        assertThat(held(del)).isPresent();
    }

    private Optional<Assignment> held(long ticket) {
        return held(ticket, "a");
    }

    private Optional<Assignment> held(long ticket, String container) {
        node.send(new Message.CancelWaitingAdds(ticket, key(container)));
        return node.send(new Message.WhoHolds(ticket, key(container))).stream()
                .filter(Effect.Held.class::isInstance)
                .map(effect -> ((Effect.Held) effect).assignment())
                .findFirst()
                .orElseThrow();
    }
}
