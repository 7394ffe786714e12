package io.vpceni.pool.journal;

import static io.vpceni.pool.journal.JournalTextTest.address;
import static io.vpceni.pool.journal.JournalTextTest.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JournalStateTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final EniId ENI = new EniId("eni-0");
    private final JournalState state = new JournalState(JournalState.Trust.WHOLE);

    private static JournalRecord.Assigned assigned(String container, String address) {
        return new JournalRecord.Assigned(new Assignment(key(container), PodName.UNKNOWN, address(address), ENI), T);
    }

    private static JournalRecord.Released released(String container, String address, int seconds) {
        return new JournalRecord.Released(key(container), address(address), T, T.plusSeconds(seconds));
    }

    @Test
    void what_was_said_last_of_a_key_counts() {
        state.apply(assigned("a", "10.0.0.1"));
        state.apply(released("a", "10.0.0.1", 30));
        state.apply(assigned("a", "10.0.0.2"));

        assertThat(state.assignments()).containsExactly(assigned("a", "10.0.0.2"));
        assertThat(state.released()).containsExactly(released("a", "10.0.0.1", 30));
    }

    @Test
    void an_address_that_is_assigned_again_cools_no_more_and_its_block_has_not_left() {
        state.apply(released("a", "10.0.0.17", 30));
        state.apply(new JournalRecord.Leaving(ENI, Cidr.parse("10.0.0.16/28"), T));
        state.apply(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.17/32"), T));
        state.apply(assigned("b", "10.0.0.17"));

        assertThat(state.released()).isEmpty();
        assertThat(state.unassignedBlocks()).isEmpty();
    }

    @Test
    void a_release_of_another_address_than_the_keys_leaves_the_key_alone() {
        state.apply(assigned("a", "10.0.0.2"));
        state.apply(released("a", "10.0.0.1", 30));

        assertThat(state.assignments()).hasSize(1);
    }

    @Test
    void a_block_that_stayed_is_not_on_its_way() {
        state.apply(new JournalRecord.Leaving(ENI, Cidr.parse("10.0.0.16/28"), T));
        state.apply(new JournalRecord.UnassignFailed(ENI, Cidr.parse("10.0.0.16/28"), T));

        assertThat(state.unassignedBlocks()).isEmpty();
    }

    @Test
    void a_prefix_that_is_listed_again_heals_the_addresses_in_it() {
        state.apply(new JournalRecord.Disputed(address("10.0.0.20"), ENI, Optional.of(key("a")), T));
        state.apply(new JournalRecord.Disputed(address("10.0.1.20"), ENI, Optional.empty(), T));
        state.apply(new JournalRecord.DisputeResolved(address("10.0.0.16"), T));

        assertThat(state.disputes()).hasSize(1);

        state.apply(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.1.16/28"), T));

        assertThat(state.disputes()).isEmpty();
    }

    @Test
    void what_has_run_out_is_not_written_again() {
        state.apply(released("a", "10.0.0.1", 30));
        state.apply(new JournalRecord.DelSeen(key("a"), 1, T.plusSeconds(60)));
        state.apply(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.17/32"), T));
        state.apply(assigned("b", "10.0.0.2"));

        assertThat(state.records(T.plusSeconds(29))).hasSize(4);
        assertThat(state.records(T.plusSeconds(30))).hasSize(3);
        assertThat(state.records(T.plusSeconds(60))).hasSize(2);
        assertThat(state.records(T.plus(JournalState.UNASSIGNED_KEPT))).containsExactly(assigned("b", "10.0.0.2"));
    }

    @Test
    void it_never_remembers_more_than_it_has_room_for_and_counts_what_it_forgot() {
        for (int i = 0; i <= JournalState.COUNT_MAX; i++) {
            state.apply(new JournalRecord.DelSeen(key("c" + i), 1, T));
        }

        assertThat(state.count()).isEqualTo(JournalState.COUNT_MAX);
        assertThat(state.forgotten()).isEqualTo(Map.of(JournalState.Kind.TOMBSTONE, 1L));
    }

    @Test
    void a_tombstone_is_forgotten_before_all_else_and_a_sandbox_that_has_an_address_never() {
        state.apply(assigned("first", "10.0.0.2"));
        state.apply(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.17/32"), T));
        for (int i = 0; i < JournalState.COUNT_MAX; i++) {
            state.apply(new JournalRecord.DelSeen(key("c" + i), 1, T));
        }

        assertThat(state.assignments()).containsExactly(assigned("first", "10.0.0.2"));
        assertThat(state.unassignedBlocks()).hasSize(1);
        assertThat(state.forgotten()).isEqualTo(Map.of(JournalState.Kind.TOMBSTONE, 2L));

        for (int i = 0; i <= JournalState.COUNT_MAX; i++) {
            state.apply(assigned("p" + i, "10.1." + i / 256 + "." + i % 256));
        }

        assertThat(state.tombstones()).isEmpty();
        assertThat(state.unassignedBlocks()).isEmpty();
        assertThat(state.assignments()).hasSize(JournalState.COUNT_MAX + 2);
        assertThat(state.isOverfull()).isTrue();
    }

    @Test
    void what_was_forgotten_is_told_by_kind_with_what_may_come_of_it() {
        JournalClock clock = JournalClock.of("boot-1", T, 0);
        List<JournalRecord> records = new ArrayList<>();
        records.add(new JournalRecord.DelSeen(key("a"), 1, T.plusSeconds(60)));
        records.add(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.17/32"), T));
        for (int i = 0; i <= JournalState.COUNT_MAX; i++) {
            records.add(released("c" + i, "10.1." + i / 256 + "." + i % 256, 30));
        }
        records.add(new JournalRecord.Disputed(address("10.0.0.3"), ENI, Optional.empty(), T));
        String text = JournalText.header() + JournalText.processStart(clock) + JournalText.lines(records);

        JournalReading reading = JournalText.read(text, clock);

        assertThat(reading.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo(
                                "The journal remembers more than 16384 things: the oldest are forgotten, and no sandbox's"
                                        + " address. 1 DELs: an ADD from before one of them may still get an address;"
                                        + " 1 blocks that left: one may be used while EC2 still lists it;"
                                        + " 2 cooling addresses: one may be given out before its cooldown is over"));
    }

    @Test
    void its_records_make_the_same_state_again_whatever_happened() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            JournalState first = new JournalState(JournalState.Trust.WHOLE);
            for (int i = 0; i < 200; i++) {
                first.apply(any(random));
            }
            JournalState second = new JournalState(JournalState.Trust.WHOLE);
            first.records(T).forEach(second::apply);

            assertThat(second.records(T)).as("seed " + seed).isEqualTo(first.records(T));
        }
    }

    private static JournalRecord any(SplittableRandom random) {
        AttachmentKey key = key("c" + random.nextInt(6));
        InetAddress address = address("10.0.0." + (14 + random.nextInt(6)));
        Cidr block = Cidr.containing(address, random.nextBoolean() ? 32 : 28);
        return switch (random.nextInt(8)) {
            case 0 -> new JournalRecord.Assigned(new Assignment(key, PodName.UNKNOWN, address, ENI), T);
            case 1 -> new JournalRecord.Released(key, address, T, T.plusSeconds(30));
            case 2 -> new JournalRecord.DelSeen(key, random.nextLong(), T.plusSeconds(60));
            case 3 -> new JournalRecord.Disputed(address, ENI, Optional.of(key), T);
            case 4 -> new JournalRecord.DisputeResolved(random.nextBoolean() ? address : block.network(), T);
            case 5 -> new JournalRecord.Leaving(ENI, block, T);
            case 6 -> new JournalRecord.Unassigned(ENI, block, T);
            default -> new JournalRecord.UnassignFailed(ENI, block, T);
        };
    }

    @Test
    void a_copy_goes_its_own_way() {
        state.apply(assigned("a", "10.0.0.2"));
        JournalState copy = state.copy();
        state.apply(assigned("b", "10.0.0.3"));

        assertThat(copy.assignments()).containsExactly(assigned("a", "10.0.0.2"));
    }
}
