package io.vpceni.pool.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTextTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final JournalClock CLOCK = JournalClock.of("boot-1", T, 5_000_000_000L);
    private static final EniId ENI = new EniId("eni-0a1b2c3d4e5f60718");

    static AttachmentKey key(String container) {
        return new AttachmentKey("vpc-eni", container, "eth0");
    }

    static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static JournalRecord assigned(int number) {
        return new JournalRecord.Assigned(
                new Assignment(
                        key("c" + number),
                        new PodName("default", "web-" + number),
                        address("10.0." + number / 250 + "." + (1 + number % 250)),
                        ENI),
                T.plusSeconds(number));
    }

    private static final List<JournalRecord> ONE_OF_EACH = List.of(
            assigned(1),
            new JournalRecord.Assigned(
                    new Assignment(key("v6"), PodName.UNKNOWN, address("fd00::1"), ENI), Instant.MIN),
            new JournalRecord.Assigned(
                    new Assignment(key("c1"), PodName.UNKNOWN, address("10.0.0.2"), ENI),
                    T,
                    Optional.of(T.minusSeconds(3600))),
            new JournalRecord.Assigned(
                    new Assignment(key("c1"), PodName.UNKNOWN, address("10.0.0.2"), ENI), T, Optional.empty()),
            new JournalRecord.Assigned(
                    new Assignment(key("c1"), PodName.UNKNOWN, address("10.0.0.2"), ENI),
                    T,
                    Optional.of(T),
                    OptionalLong.of(7)),
            new JournalRecord.Assigned(
                    new Assignment(key("c1"), PodName.UNKNOWN, address("10.0.0.2"), ENI),
                    T,
                    Optional.empty(),
                    OptionalLong.of(Long.MIN_VALUE)),
            new JournalRecord.Released(key("c1"), address("10.0.0.2"), T, Instant.MAX),
            new JournalRecord.DelSeen(key("c1"), Long.MIN_VALUE, T),
            new JournalRecord.Disputed(address("10.0.0.2"), ENI, Optional.of(key("c1")), T),
            new JournalRecord.Disputed(address("10.0.0.3"), ENI, Optional.empty(), T),
            new JournalRecord.DisputeResolved(address("10.0.0.2"), T),
            new JournalRecord.Leaving(ENI, Cidr.parse("10.0.0.16/28"), T),
            new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.9/32"), T),
            new JournalRecord.UnassignFailed(ENI, Cidr.parse("fd00::/80"), T));

    @Test
    void each_kind_of_record_is_read_as_it_was_written() {
        for (JournalRecord entry : ONE_OF_EACH) {
            assertThat(RecordText.read(RecordText.write(entry))).isEqualTo(entry);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "--",
                " ",
                "%",
                "a b",
                "a\nb",
                "100%",
                "\u00e4\ud83d\ude00",
                "\ud83d",
                "x\u0000",
                "%0020"
            })
    void a_name_of_any_characters_survives_on_one_line(String name) {
        JournalRecord entry = new JournalRecord.Assigned(
                new Assignment(new AttachmentKey(name, name, name), new PodName(name, name), address("10.0.0.1"), ENI),
                T);

        String line = JournalText.lines(List.of(entry));

        assertThat(line.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\n'))
                .isTrue();
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(RecordText.read(line.substring(9, line.length() - 1))).isEqualTo(entry);
    }

    @Test
    void the_format_is_what_the_document_shows() {
        assertThat(JournalText.header()).isEqualTo("vpc-eni-journal 1 6d33a4c5\n");
        assertThat(JournalText.processStart(CLOCK)).endsWith(" clock boot-1 2025-12-31T23:59:55.123456789Z\n");
        assertThat(JournalText.lines(List.of(assigned(1))))
                .endsWith(" assigned 2026-01-01T00:00:01.123456789Z 10.0.0.2 eni-0a1b2c3d4e5f60718 vpc-eni c1 eth0"
                        + " default web-1\n");
    }

    @Test
    void a_step_of_the_wall_clock_between_two_lives_moves_no_time() {
        Instant until = T.plusSeconds(30);
        String text = file(new JournalRecord.Released(key("a"), address("10.0.0.1"), T, until));
        // The next life begins 10 s later by the steady clock; the wall clock was set back by an hour in between.
        Instant wall = T.plusSeconds(10).minus(Duration.ofHours(1));
        JournalClock next = JournalClock.of("boot-1", wall, 15_000_000_000L);

        JournalState state = JournalText.read(text, next).state();

        assertThat(state.released())
                .singleElement()
                .satisfies(entry ->
                        assertThat(Duration.between(wall, entry.coolsUntil())).isEqualTo(Duration.ofSeconds(20)));
    }

    @Test
    void after_a_reboot_times_are_the_wall_clocks_and_tombstones_are_void() {
        String text = file(
                new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.9/32"), T),
                new JournalRecord.DelSeen(key("a"), 7, T));

        JournalState state = JournalText.read(text, JournalClock.of("boot-2", T.plusSeconds(99), 0))
                .state();

        assertThat(state.unassignedBlocks())
                .singleElement()
                .satisfies(departure -> assertThat(departure.at()).isEqualTo(T));
        assertThat(state.tombstones()).isEmpty();
    }

    @Test
    void a_reboot_makes_the_ticket_of_an_add_void_and_a_restart_does_not() {
        Assignment had = new Assignment(key("a"), PodName.UNKNOWN, address("10.0.0.1"), ENI);
        String text = file(new JournalRecord.Assigned(had, T, Optional.of(T), OptionalLong.of(7)));

        assertThat(JournalText.read(text, CLOCK).state().assignments())
                .singleElement()
                .satisfies(entry -> assertThat(entry.ticket()).hasValue(7));
        assertThat(JournalText.read(text, JournalClock.of("boot-2", T, 0))
                        .state()
                        .assignments())
                .singleElement()
                .satisfies(entry -> assertThat(entry.ticket()).isEmpty());
    }

    @Test
    void two_lives_in_one_file_are_translated_each_from_its_own_clock() {
        JournalClock second = JournalClock.of("boot-1", T.plusSeconds(1000), 6_000_000_000L); // wall set forward
        String text = file(new JournalRecord.DisputeResolved(address("10.0.0.1"), T))
                + JournalText.processStart(second)
                + JournalText.lines(
                        List.of(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.9/32"), T.plusSeconds(1000))));

        JournalReading reading = JournalText.read(text, CLOCK);

        assertThat(reading.records()).isEqualTo(2);
        assertThat(reading.state().unassignedBlocks())
                .singleElement()
                .satisfies(departure -> assertThat(departure.at()).isEqualTo(T.plusSeconds(1)));
    }

    @Test
    void cut_anywhere_it_gives_all_whole_records_before_the_cut_and_counts_the_rest() {
        List<JournalRecord> all = List.of(assigned(0), assigned(1), assigned(2));
        String text = file(all.toArray(JournalRecord[]::new));
        for (int cut = 0; cut <= text.length(); cut++) {
            String left = text.substring(0, cut);
            int lines = (int) left.chars().filter(c -> c == '\n').count();

            JournalReading reading = JournalText.read(left, CLOCK);

            assertThat(reading.records()).isEqualTo(Math.max(0, lines - 2));
            assertThat(reading.end()).isEqualTo(left.lastIndexOf('\n') + 1);
            assertThat(reading.tornBytes()).isEqualTo(cut - reading.end());
            assertThat(reading.damagedBytes()).isZero();
            assertThat(reading.state().trust())
                    .isEqualTo(lines == 0 ? JournalState.Trust.ABSENT : JournalState.Trust.WHOLE);
        }
    }

    @Test
    void one_wrong_byte_anywhere_costs_at_most_the_record_it_is_in_and_is_reported() {
        List<JournalRecord> all = List.of(assigned(0), assigned(1), assigned(2), assigned(3));
        String text = file(all.toArray(JournalRecord[]::new));
        for (int offset = 0; offset < text.length() - 1; offset++) {
            for (int bit = 0; bit < 8; bit++) {
                String wrong = text.substring(0, offset)
                        + (char) (text.charAt(offset) ^ 1 << bit)
                        + text.substring(offset + 1);

                JournalReading reading = JournalText.read(wrong, CLOCK);

                assertThat(reading.newerFormat()).isEmpty();
                if (!wrong.equalsIgnoreCase(text)) { // the checksum's own digits may be of either case
                    assertThat(reading.state().trust()).isEqualTo(JournalState.Trust.GAPS);
                    assertThat(reading.findings())
                            .singleElement()
                            .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.DAMAGED));
                }
                assertThat(reading.records()).isGreaterThanOrEqualTo(text.charAt(offset) == '\n' ? 4 : 3);
            }
        }
    }

    @Test
    void random_damage_is_never_fatal_and_only_true_records_are_read() {
        List<JournalRecord> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(assigned(i));
        }
        String text = file(all.toArray(JournalRecord[]::new));
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(400));
            StringBuilder noise = new StringBuilder();
            for (int i = random.nextInt(400); i > 0; i--) {
                noise.append((char) random.nextInt(256));
            }

            JournalReading reading = JournalText.read(text.substring(0, from) + noise + text.substring(to), CLOCK);

            assertThat(all)
                    .as("seed " + seed)
                    .containsAll(List.copyOf(reading.state().assignments()));
        }
    }

    @Test
    void a_later_format_is_not_guessed_at() {
        String text = JournalText.header(2) + JournalText.lines(List.of(assigned(1)));

        JournalReading reading = JournalText.read(text, CLOCK);

        assertThat(reading.newerFormat()).hasValue(2);
        assertThat(reading.records()).isZero();
        assertThat(reading.state().trust()).isEqualTo(JournalState.Trust.GAPS);
        assertThat(reading.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo(
                                "The journal has format 2 and this ipamd knows 1: it is renamed and not read, and the"
                                        + " kernel and EC2 say what they know"));
    }

    @Test
    void a_record_of_an_unknown_kind_is_damage_not_a_crash() {
        String text = file(assigned(1)) + JournalText.line("invented 1 2 3") + JournalText.lines(List.of(assigned(2)));

        JournalReading reading = JournalText.read(text, CLOCK);

        assertThat(reading.records()).isEqualTo(2);
        assertThat(reading.state().trust()).isEqualTo(JournalState.Trust.GAPS);
    }

    @Test
    void without_its_first_line_a_journal_is_damaged_and_its_records_count() {
        String lines = JournalText.processStart(CLOCK) + JournalText.lines(List.of(assigned(1)));

        for (String text : List.of(lines, JournalText.header(0) + lines)) {
            JournalReading reading = JournalText.read(text, CLOCK);

            assertThat(reading.records()).isEqualTo(1);
            assertThat(reading.state().trust()).isEqualTo(JournalState.Trust.GAPS);
            assertThat(reading.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.text())
                            .startsWith("The journal is damaged: ")
                            .contains("the first at offset 0"));
        }
    }

    private static String file(JournalRecord... records) {
        return JournalText.header() + JournalText.processStart(CLOCK) + JournalText.lines(List.of(records));
    }
}
