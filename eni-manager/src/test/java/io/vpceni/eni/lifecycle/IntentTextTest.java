package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.EniId;
import io.vpceni.pool.journal.CheckedLines;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntentTextTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final EniId ENI = new EniId("eni-0a1b2c3d4e5f60718");

    static List<Intent> everyKind() {
        return List.of(
                new Intent.Creating(new ClientToken("token-1"), new SubnetId("subnet-0a"), new DeviceSlot(0, 3), T),
                new Intent.Attaching(new ClientToken("token-1"), ENI, T),
                new Intent.SettingDeleteOnTermination(
                        new ClientToken("token-1"), ENI, new AttachmentId("eni-attach-0b"), T),
                new Intent.Added(new ClientToken("token-1"), ENI, T),
                new Intent.Undoing(new ClientToken("token-1"), ENI, T),
                new Intent.Undone(new ClientToken("token-1"), T),
                new Intent.Detaching(ENI, new AttachmentId("eni-attach-0b"), T),
                new Intent.Deleting(ENI, T),
                new Intent.Deleted(ENI, T),
                new Intent.Kept(ENI, T));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void what_is_written_is_read(Intent intent) {
        assertThat(IntentText.parse(IntentText.write(intent))).isEqualTo(intent);
    }

    @Test
    void a_word_that_has_spaces_is_read_as_it_was() {
        Intent odd = new Intent.Detaching(ENI, new AttachmentId("%20 "), T);
        Intent spaced = new Intent.Creating(new ClientToken("a b\n%"), new SubnetId("-"), new DeviceSlot(0, 1), T);

        assertThat(IntentText.parse(IntentText.write(odd))).isEqualTo(odd);
        assertThat(IntentText.parse(IntentText.write(spaced))).isEqualTo(spaced);
    }

    @Test
    void the_format_is_what_the_document_shows() {
        assertThat(IntentText.header()).isEqualTo("vpc-eni-intents 1 60e638c0\n");
        assertThat(IntentText.lines(List.of(new Intent.Creating(
                        new ClientToken("token-1"), new SubnetId("subnet-0a"), new DeviceSlot(0, 3), T))))
                .endsWith(" creating 2026-01-01T00:00:00.123456789Z token-1 subnet-0a 0 3\n");
    }

    @Test
    void cut_anywhere_it_tells_the_works_that_were_open_at_the_last_whole_line() {
        List<Intent> all = everyKind();
        String text = IntentText.header() + IntentText.lines(all);
        for (int cut = 0; cut <= text.length(); cut++) {
            String left = text.substring(0, cut);
            int whole = Math.max(0, (int) left.chars().filter(c -> c == '\n').count() - 1);

            IntentText.ReadIntents reading = IntentText.read(left);

            assertThat(reading.open().list()).isEqualTo(open(all.subList(0, whole)));
            assertThat(reading.read().damagedBytes()).isZero();
            assertThat(reading.read().tornBytes()).isEqualTo(cut - (left.lastIndexOf('\n') + 1));
        }
    }

    @Test
    void one_wrong_byte_anywhere_costs_at_most_the_intent_it_is_in_and_is_reported() {
        List<Intent> all = List.of(
                new Intent.Creating(new ClientToken("token-1"), new SubnetId("subnet-0a"), new DeviceSlot(0, 3), T),
                new Intent.Creating(new ClientToken("token-2"), new SubnetId("subnet-0a"), new DeviceSlot(0, 4), T),
                new Intent.Deleting(ENI, T));
        String text = IntentText.header() + IntentText.lines(all);
        for (int offset = 0; offset < text.length() - 1; offset++) {
            for (int bit = 0; bit < 8; bit++) {
                String wrong = text.substring(0, offset)
                        + (char) (text.charAt(offset) ^ 1 << bit)
                        + text.substring(offset + 1);

                IntentText.ReadIntents reading = IntentText.read(wrong);

                assertThat(reading.read().newerFormat()).isEmpty();
                if (!wrong.equalsIgnoreCase(text)) { // the checksum's own digits may be of either case
                    assertThat(reading.read().damagedBytes()).isPositive();
                }
                assertThat(all).containsAll(reading.open().list());
                assertThat(reading.open().count()).isGreaterThanOrEqualTo(2);
            }
        }
    }

    @Test
    void random_damage_is_never_fatal_and_only_true_intents_are_read() {
        List<Intent> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(new Intent.Creating(
                    new ClientToken("token-" + i), new SubnetId("subnet-0a"), new DeviceSlot(0, i), T));
        }
        String text = IntentText.header() + IntentText.lines(all);
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(300));
            StringBuilder noise = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                noise.append((char) random.nextInt(256));
            }

            IntentText.ReadIntents reading = IntentText.read(text.substring(0, from) + noise + text.substring(to));

            assertThat(all).as("seed " + seed).containsAll(reading.open().list());
        }
    }

    @Test
    void a_later_format_is_not_guessed_at() {
        String text = CheckedLines.header("vpc-eni-intents", 2) + IntentText.lines(everyKind());

        IntentText.ReadIntents reading = IntentText.read(text);

        assertThat(reading.read().newerFormat()).hasValue(2);
        assertThat(reading.open().list()).isEmpty();
    }

    @Test
    void without_their_first_line_intents_are_damaged_and_count() {
        String lines = IntentText.lines(List.of(new Intent.Deleting(ENI, T)));

        IntentText.ReadIntents reading = IntentText.read(lines);

        assertThat(reading.lines()).isEqualTo(1);
        assertThat(reading.read().damagedBytes()).isEqualTo(1);
        assertThat(reading.read().firstDamage()).isZero();
    }

    @Test
    void an_intent_of_an_unknown_kind_is_damage_not_a_crash() {
        Intent deleting = new Intent.Deleting(ENI, T);
        String text = IntentText.header()
                + CheckedLines.line("invented " + T + " 2 3")
                + CheckedLines.line("deleting " + T + " i-1")
                + CheckedLines.line("creating " + T + " token subnet x 1")
                + CheckedLines.line("creating " + T + " token subnet -1 1")
                + CheckedLines.line("creating " + T + " token subnet 0 -1")
                + CheckedLines.line("undone yesterday token")
                + CheckedLines.line("undone " + T + " token more")
                + CheckedLines.line("undone " + T + " ")
                + IntentText.lines(List.of(deleting));

        IntentText.ReadIntents reading = IntentText.read(text);

        assertThat(reading.lines()).isEqualTo(1);
        assertThat(reading.open().list()).containsExactly(deleting);
        assertThat(reading.read().damagedBytes()).isPositive();
    }

    private static List<Intent> open(List<Intent> intents) {
        OpenIntents open = new OpenIntents();
        intents.forEach(open::apply);
        return open.list();
    }
}
