package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PoolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The targets: the example table of docs/warm-pool.md is run row by row.
class WarmPoolTargetsTest {

    private static final Path DOCUMENT = Path.of(System.getProperty("repository.root", ".."), "docs", "warm-pool.md");

    static List<List<Integer>> examples() throws IOException {
        String document = Files.readString(DOCUMENT);
        String table =
                document.substring(document.indexOf("<!-- examples -->"), document.indexOf("<!-- /examples -->"));
        return table.lines()
                .filter(line -> line.matches("\\| [0-9].*"))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .map(String::strip)
                        .filter(cell -> !cell.isEmpty())
                        .map(Integer::valueOf)
                        .toList())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void settlesWhereTheDocumentationSays(List<Integer> row) {
        PoolSettings settings =
                new PoolSettings(row.get(0), row.get(1), row.get(2), row.get(3), Duration.ofSeconds(30));
        PoolFixture fixture = new PoolFixture(settings, row.get(4), row.get(5)).withPrimary();
        fixture.settle();

        for (int pod = 1; pod <= row.get(6); pod++) {
            fixture.add("c" + pod);
            fixture.settle();
        }

        PoolSnapshot snapshot = fixture.snapshot();
        assertThat(List.of(snapshot.enis().size(), snapshot.addresses().size(), snapshot.assignable()))
                .as("ENIs, held, unused")
                .isEqualTo(row.subList(7, 10));
    }
}
