package io.vpceni.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HistoriesTest {
    static Stream<History> histories() {
        return Histories.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    void oursComesOutRight(History history) {
        assertThat(history.play(new Sabotage())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    void thePlantedRuleMakesTheIncident(History history) {
        assertThat(history.play(history.planted().get()))
                .hasValueSatisfying(
                        violation -> assertThat(violation.invariant()).isEqualTo(history.breaks()));
    }
}
