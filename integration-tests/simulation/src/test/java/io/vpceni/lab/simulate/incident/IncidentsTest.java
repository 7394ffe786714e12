package io.vpceni.lab.simulate.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.simulate.node.Mutant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IncidentsTest {
    static Stream<Incident> histories() {
        return Incidents.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    void oursComesOutRight(Incident history) {
        assertThat(history.play(new Mutant())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    void thePlantedRuleMakesTheIncident(Incident history) {
        assertThat(history.play(history.planted().get()))
                .hasValueSatisfying(
                        violation -> assertThat(violation.invariant()).isEqualTo(history.breaks()));
    }
}
