package io.vpceni.ipamctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PoolMode;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The table and the plots of docs/policies.md are what the code makes. `-Dgolden.update=true` writes them.
class PoliciesDocumentTest {

    private static final Path DOCS = Path.of(System.getProperty("repository.root", ".."), "docs");
    private static final NodeLimits M5_XLARGE = new NodeLimits(4, 15);
    private static final long FRESH_SEEDS = 20;

    @Test
    void tablesAndPlotsAreWhatTheCodeMakes() throws IOException {
        List<String> table = new ArrayList<>(List.of(
                "| Trace | Policy | Idle address-seconds | Idle on average | ADDs | Waited | p50 s | p99 s | EC2 calls | Most held |",
                "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"));
        for (Traces traces : Traces.values()) {
            List<Replay.Outcome> outcomes =
                    Replay.all(traces.shipped(), Replay.defaults(PoolMode.ADDRESSES), M5_XLARGE);
            outcomes.forEach(outcome -> table.add(row(traces.title(), outcome)));
            golden(
                    DOCS.resolve("policies/replay-" + traces.title() + ".svg"),
                    AddressChart.svg(traces.title(), outcomes));
        }
        Path document = DOCS.resolve("policies.md");
        String before = Files.readString(document);

        golden(document, withTable(withTable(before, "shipped", table), "fresh", freshTable()));
    }

    private static List<String> freshTable() {
        List<String> table = new ArrayList<>(List.of(
                "| Trace | AWS VPC CNI as it is | aws | demand | cilium | azure |",
                "| --- | ---: | ---: | ---: | ---: | ---: |"));
        for (Traces traces : Traces.values()) {
            double[] idle = new double[5];
            long[] waited = new long[5];
            for (long seed = 101; seed < 101 + FRESH_SEEDS; seed++) {
                List<Replay.Outcome> outcomes =
                        Replay.all(traces.made(seed), Replay.defaults(PoolMode.ADDRESSES), M5_XLARGE);
                for (int i = 0; i < outcomes.size(); i++) {
                    idle[i] += outcomes.get(i).idle() / FRESH_SEEDS;
                    waited[i] += outcomes.get(i).ledger().waited();
                }
            }
            StringBuilder row = new StringBuilder("| " + traces.title() + " |");
            for (int i = 0; i < idle.length; i++) {
                row.append(String.format(
                        Locale.ROOT, " %.1f idle, %.1f waited |", idle[i], waited[i] / (double) FRESH_SEEDS));
            }
            table.add(row.toString());
        }
        return table;
    }

    private static String row(String trace, Replay.Outcome outcome) {
        PlanTotals ledger = outcome.ledger();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.1f | %d | %d | %.1f | %.1f | %d | %d |",
                trace,
                outcome.policy(),
                ledger.idleSeconds(),
                outcome.idle(),
                ledger.adds(),
                ledger.waited(),
                ledger.waitSeconds(0.5),
                ledger.waitSeconds(0.99),
                outcome.ec2Calls(),
                ledger.mostHeld());
    }

    private static void golden(Path file, String now) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, now);
        } else {
            assertThat(Files.readString(file)).as(file.toString()).isEqualTo(now);
        }
    }

    private static String withTable(String document, String name, List<String> lines) {
        String begin = "<!-- " + name + " -->\n";
        int from = document.indexOf(begin);
        int to = document.indexOf("<!-- /" + name + " -->");
        assertThat(from).as("marker of table %s", name).isNotNegative().isLessThan(to);
        return document.substring(0, from + begin.length()) + String.join("\n", lines) + "\n" + document.substring(to);
    }
}
