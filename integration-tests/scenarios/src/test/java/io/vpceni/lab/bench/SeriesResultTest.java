package io.vpceni.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesResultTest {
    private static final long MILLI = 1_000_000;

    @Test
    void percentilesAreMeasuredTimesByNearestRank() {
        List<Execution> executions = new ArrayList<>(
                IntStream.rangeClosed(1, 200).mapToObj(ms -> success(0, ms)).toList());

        SeriesResult result = SeriesResult.of("add-1", executions.reversed());

        assertThat(result.p50Ms()).isEqualTo(100);
        assertThat(result.p90Ms()).isEqualTo(180);
        assertThat(result.p99Ms()).isEqualTo(198);
        assertThat(result.maxMs()).isEqualTo(200);
    }

    @Test
    void oneExecutionIsEveryPercentile() {
        SeriesResult result = SeriesResult.of("add-1", List.of(success(0, 7)));

        assertThat(List.of(result.p50Ms(), result.p90Ms(), result.p99Ms(), result.maxMs()))
                .containsOnly(7.0);
    }

    @Test
    void throughputIsFromTheFirstExecToTheLastExit() {
        SeriesResult result = SeriesResult.of("add-16", List.of(success(0, 100), success(50, 150), success(100, 100)));

        assertThat(result.perSecond()).isEqualTo(15);
    }

    @Test
    void aFailureIsCountedAndIsNoTime() {
        Execution slowFailure = new Execution(1, 0, 9_000 * MILLI, 1, 9_000, "{\"code\":11}");

        SeriesResult result = SeriesResult.of("add-1", List.of(success(0, 5), slowFailure));

        assertThat(result.count()).isEqualTo(2);
        assertThat(result.failures()).isEqualTo(1);
        assertThat(result.maxMs()).isEqualTo(5);
        assertThat(result.peakRssKb()).isEqualTo(1_000);
    }

    @Test
    void aSeriesWithoutASuccessHasNoTimes() {
        SeriesResult result = SeriesResult.of("add-1", List.of(new Execution(0, 0, MILLI, -1, 800, "")));

        assertThat(result.failures()).isEqualTo(1);
        assertThat(result.p99Ms()).isZero();
        assertThat(result.perSecond()).isZero();
    }

    @Test
    void aBudgetIsMetAtItsBoundAndThroughputIsBetterAbove() {
        assertThat(Budgets.verdict(new SeriesResult("add-16", 1, 0, 0, 0, 0, 0, 300, 0)))
                .isEqualTo("300/s met");
        assertThat(Budgets.verdict(new SeriesResult("add-1", 1, 0, 5.0, 0, 15.1, 0, 0, 0)))
                .isEqualTo("p50 5 ms met, p99 15 ms missed");
        assertThat(Budgets.verdict(new SeriesResult("floor", 1, 0, 9, 9, 9, 9, 9, 9)))
                .isEmpty();
    }

    @Test
    void theFileHoldsWhatItsReadersLookFor(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bench.json");

        new BenchReport(
                        List.of(SeriesResult.of("floor", List.of(success(0, 1)))),
                        new IpamdFigures(900, 90_000, 250, 1_200, 1_300))
                .write(file);

        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        List<String> names = new ArrayList<>();
        json.path("series").path(0).fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "name", "count", "failures", "p50Ms", "p90Ms", "p99Ms", "maxMs", "perSecond", "peakRssKb");
        assertThat(json.path("ipamd").path("readyMs").asLong()).isEqualTo(900);
        assertThat(json.path("ipamd").path("rssKb").asLong()).isEqualTo(90_000);
    }

    private static Execution success(long startMs, long ms) {
        return new Execution(0, startMs * MILLI, (startMs + ms) * MILLI, 0, 1_000, "");
    }
}
