package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table "When EC2 gives nothing" of docs/warm-pool.md says what the code does: what backs off, and how long.
class BackoffTableTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("repository.root", ".."), "docs", "warm-pool.md");

    record Row(List<AllocationError> errors, String scope, long firstSeconds, long longestSeconds) {}

    static List<Row> rows() throws IOException {
        String document = Files.readString(DOCUMENT);
        return document.substring(document.indexOf("| Error | What backs off |"))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .map(cells -> new Row(
                        Arrays.stream(cells.get(1).split(", "))
                                .map(name -> AllocationError.valueOf(name.replace("`", "")))
                                .toList(),
                        cells.get(2),
                        seconds(cells.get(3)),
                        seconds(cells.get(4))))
                .toList();
    }

    private static long seconds(String text) {
        return Long.parseLong(text.replace(" s", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theDocumentSaysWhatBacksOffAndHowLong(Row row) {
        for (AllocationError error : row.errors()) {
            assertThat(words(GrowthBackoffs.scope(error))).as(error.name()).isEqualTo(row.scope());
            assertThat(GrowthBackoff.delay(error, 1)).as(error.name()).hasSeconds(row.firstSeconds());
            assertThat(GrowthBackoff.delay(error, 1_000)).as(error.name()).hasSeconds(row.longestSeconds());
        }
    }

    @Test
    void theTableHasEachErrorOnce() throws IOException {
        List<AllocationError> errors = new ArrayList<>();
        rows().forEach(row -> errors.addAll(row.errors()));

        assertThat(errors).containsExactlyInAnyOrder(AllocationError.values());
    }

    private static String words(GrowthBackoffs.Scope scope) {
        return switch (scope) {
            case ALL_GROWTH -> "all growth";
            case PREFIXES -> "prefixes";
            case THAT_CALL -> "that call";
            case THAT_ENI_OR_NEW_ENIS -> "that ENI, or new ENIs";
        };
    }
}
