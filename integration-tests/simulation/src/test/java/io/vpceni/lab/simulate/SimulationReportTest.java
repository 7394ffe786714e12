package io.vpceni.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.run.Simulation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulationReportTest {
    @Test
    void theVerdictComesLastAndProgressMeanwhile() throws IOException {
        StringWriter out = new StringWriter();
        List<Long> steps = new ArrayList<>();

        boolean well = new SimulationReport(new PrintWriter(out), steps::add)
                .seed(7, 5_000, "", Optional.empty(), () -> Duration.ofSeconds(1));

        assertThat(well).isTrue();
        assertThat(out.toString().lines().toList().getLast()).matches("0 violations in [0-9]+,[0-9]{3} steps");
        assertThat(steps).isSorted().isNotEmpty();
    }

    @Test
    void whatDidNotOccurIsExplainedBeforeTheVerdict() {
        Simulation.Result result = new Simulation.Result(7, 1_000_000, 0, 1, new Coverage(), Optional.empty());

        assertThat(SimulationReport.verdict(result, List.of("fault crash", "message Assign")))
                .startsWith("did not occur: fault crash, message Assign")
                .endsWith("0 violations in 1,000,000 steps, but 2 kinds of events did not occur: the run counts as"
                        + " failed");
    }
}
