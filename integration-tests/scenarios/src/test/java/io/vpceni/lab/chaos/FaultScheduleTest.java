package io.vpceni.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.fault.FaultRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final List<String> NODES = List.of("node-1", "node-2");

    @Test
    void allKindsComeInOneRoundAndHitNobodyButNodes() {
        FaultSchedule schedule = new FaultSchedule(NODES, new SplittableRandom(3));
        List<FaultScenario> round = new ArrayList<>();
        for (int i = 0; i < schedule.kinds(); i++) {
            round.add(schedule.next());
        }

        assertThat(round)
                .extracting(FaultScenario::name)
                .doesNotHaveDuplicates()
                .contains("no faults", "storm", "IMDS down");
        assertThat(round.stream().flatMap(scenario -> scenario.rules().stream()).map(FaultRule::caller))
                .isSubsetOf(FaultRule.NODES, "node-1", "node-2");
    }

    @Test
    void ec2TakesItsTimeInEachScenarioAndDoesNothingWorseInTheOneWithoutFaults() {
        FaultSchedule schedule = new FaultSchedule(NODES, new SplittableRandom(4));
        for (int i = 0; i < 3 * schedule.kinds(); i++) {
            FaultScenario scenario = schedule.next();
            assertThat(scenario.rules()).extracting(FaultRule::name).contains("takes-its-time");
            assertThat(scenario.rules().size() == 1)
                    .as(scenario.name())
                    .isEqualTo(scenario.name().equals("no faults"));
        }
    }
}
