package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PoolMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// For how much is asked, and where.
class GrowthSizingTest {
    private static final Optional<Instant> NOT = Optional.empty();
    private static final Optional<Instant> LATER = Optional.of(PoolFixture.START.plusSeconds(30));
    private static final GrowthSizing.BackOffs NONE = new GrowthSizing.BackOffs(NOT, NOT, NOT);

    /// A new ENI brings 14 blocks at most; there are two more places on card 0. An ENI is written as its room,
    /// with `b` when a request about it is pending, `s` when its limit is searched for and it backs off, `r`
    /// when it backs off. Asked for is `NUMBER@N` on the Nth ENI, `NUMBER@new` as a new ENI; `p` after a
    /// number: prefixes.
    @ParameterizedTest(name = "{index}: {0} missing={1} whole={2} cap={3} enis={4} batch={5} -> {6}")
    @CsvSource(delimiter = '|', textBlock = """
            ADDRESSES |  3 | false | 1000 | 14      | 14 | 3@1
            ADDRESSES |  3 | true  | 1000 | 14      | 14 | 14@1
            ADDRESSES | 20 | false | 1000 | 14      | 14 | 14@1 6@new
            ADDRESSES | 20 | true  | 1000 | 14      | 14 | 14@1 14@new
            ADDRESSES | 50 | false | 1000 | 14      | 14 | 14@1 14@new 14@new
            ADDRESSES |  5 | false | 1000 | 2 9     | 14 | 2@1 3@2
            ADDRESSES |  5 | false |    3 | 2 9     | 14 | 2@1 1@2
            ADDRESSES |  5 | false |    3 | -       | 14 | 3@new
            ADDRESSES |  5 | false |    0 | 2 9     | 14 |
            ADDRESSES |  5 | false | 1000 | 9b      | 14 |
            ADDRESSES | 12 | false | 1000 | 9b      | 14 | 3@new
            ADDRESSES |  5 | false | 1000 | 9s      | 14 |
            ADDRESSES |  5 | false | 1000 | 9r      | 14 | 5@new
            ADDRESSES |  9 | false | 1000 | 14      |  4 | 4@1
            PREFIXES  |  3 | false | 1000 | 14      | 14 | 1p@1
            PREFIXES  | 17 | false | 1000 | 14      | 14 | 2p@1
            PREFIXES  | 17 | false |   20 | 14      | 14 | 1p@1
            PREFIXES  |  3 | false |   15 | 14      | 14 | 3@1
            PREFIXES  | 33 | false | 1000 | 2       | 14 | 2p@1 1p@new
            IPV6      |  1 | false | 1000 | 14      | 14 | 1v@1
            IPV6      |  1 | false | 1000 | -       | 14 | 1v@new
            """)
    void asksFor(PoolMode mode, long missing, boolean wholeEnis, long cap, String enis, int batch, String asked) {
        GrowthSizing.GrowthPlan plan = plan(mode, missing, wholeEnis, cap, rooms(enis), batch, NONE);

        assertThat(text(plan)).isEqualTo(asked == null ? "" : asked);
    }

    @Test
    void whatBacksOffIsNotAskedForAndItsTimeIsToldWhenItIsNeeded() {
        List<GrowthSizing.EniRoom> one = rooms("14");

        GrowthSizing.GrowthPlan blocks =
                plan(PoolMode.ADDRESSES, 3, false, 1000, one, 14, new GrowthSizing.BackOffs(LATER, NOT, NOT));
        assertThat(text(blocks)).isEqualTo("3@new");
        assertThat(blocks.retryAt()).isEqualTo(LATER);

        GrowthSizing.GrowthPlan enis =
                plan(PoolMode.ADDRESSES, 20, false, 1000, one, 14, new GrowthSizing.BackOffs(NOT, LATER, NOT));
        assertThat(text(enis)).isEqualTo("14@1");
        assertThat(enis.retryAt()).isEqualTo(LATER);

        GrowthSizing.GrowthPlan unneeded =
                plan(PoolMode.ADDRESSES, 3, false, 1000, one, 14, new GrowthSizing.BackOffs(NOT, LATER, LATER));
        assertThat(text(unneeded)).isEqualTo("3@1");
        assertThat(unneeded.retryAt()).isEmpty();
    }

    @Test
    void withoutPrefixesSingleAddressesAreAskedFor() {
        GrowthSizing.GrowthPlan plan =
                plan(PoolMode.PREFIXES, 3, false, 1000, rooms("14"), 14, new GrowthSizing.BackOffs(NOT, NOT, LATER));

        assertThat(text(plan)).isEqualTo("3@1");
        assertThat(plan.retryAt()).isEqualTo(LATER);
    }

    @Test
    void theRoomOfPendingEnisIsUsedFirstAndNoEniGoesWhereNoPlaceIs() {
        GrowthSizing.NewEnis pending = new GrowthSizing.NewEnis(14, 10, List.of(0, 1));
        GrowthSizing.GrowthPlan plan = GrowthSizing.plan(
                new GrowthSizing.Situation(PoolMode.ADDRESSES, 12, false, 1000, List.of(), pending, 14, 14, NONE));

        assertThat(plan.asks()).containsExactly(new GrowthSizing.Ask.OnNewEni(1, BlockKind.ADDRESS, 2));
    }

    private static GrowthSizing.GrowthPlan plan(
            PoolMode mode,
            long missing,
            boolean wholeEnis,
            long cap,
            List<GrowthSizing.EniRoom> enis,
            int batch,
            GrowthSizing.BackOffs backOffs) {
        GrowthSizing.NewEnis newEnis = new GrowthSizing.NewEnis(14, 0, List.of(2));
        return GrowthSizing.plan(new GrowthSizing.Situation(
                mode, missing, wholeEnis, cap, enis, newEnis, batch, Integer.MAX_VALUE, backOffs));
    }

    private static List<GrowthSizing.EniRoom> rooms(String enis) {
        List<String> words =
                Arrays.stream(enis.split(" ")).filter(word -> !word.equals("-")).toList();
        return IntStream.range(0, words.size())
                .mapToObj(i -> {
                    String word = words.get(i);
                    boolean backsOff = word.endsWith("s") || word.endsWith("r");
                    int room = Integer.parseInt(word.replaceAll("\\D", ""));
                    return new GrowthSizing.EniRoom(
                            new EniId("eni-" + (i + 1)),
                            room,
                            14,
                            word.endsWith("b"),
                            word.endsWith("s"),
                            backsOff ? LATER : NOT);
                })
                .toList();
    }

    private static String text(GrowthSizing.GrowthPlan plan) {
        return plan.asks().stream()
                .map(ask -> ask.count()
                        + switch (ask.kind()) {
                            case ADDRESS -> "";
                            case PREFIX -> "p";
                            case IPV6_PREFIX -> "v";
                        }
                        + switch (ask) {
                            case GrowthSizing.Ask.OnEni on ->
                                "@" + on.eni().value().substring(4);
                            case GrowthSizing.Ask.OnNewEni _ -> "@new";
                        })
                .collect(Collectors.joining(" "));
    }
}
