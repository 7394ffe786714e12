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
        FaultSchedule skies = new FaultSchedule(NODES, new SplittableRandom(3));
        List<FaultScenario> round = new ArrayList<>();
        for (int i = 0; i < skies.kinds(); i++) {
            round.add(skies.next());
        }

        assertThat(round)
                .extracting(FaultScenario::name)
                .doesNotHaveDuplicates()
                .contains("calm", "storm", "IMDS down");
        assertThat(round.stream().flatMap(sky -> sky.rules().stream()).map(FaultRule::caller))
                .isSubsetOf(FaultRule.NODES, "node-1", "node-2");
    }

    @Test
    void ec2TakesItsTimeUnderEachSkyAndDoesNothingWorseUnderTheCalmOne() {
        FaultSchedule skies = new FaultSchedule(NODES, new SplittableRandom(4));
        for (int i = 0; i < 3 * skies.kinds(); i++) {
            FaultScenario sky = skies.next();
            assertThat(sky.rules()).extracting(FaultRule::name).contains("takes-its-time");
            assertThat(sky.rules().size() == 1)
                    .as(sky.name())
                    .isEqualTo(sky.name().equals("calm"));
        }
    }
}
