package io.vpceni.lab.simulate.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.simulate.port.Mutant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IncidentsTest {
    static Stream<Incident> incidents() {
        return Incidents.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("incidents")
    void oursComesOutRight(Incident incident) {
        assertThat(incident.play(new Mutant())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("incidents")
    void thePlantedRuleMakesTheIncident(Incident incident) {
        assertThat(incident.play(incident.planted().get()))
                .hasValueSatisfying(
                        violation -> assertThat(violation.invariant()).isEqualTo(incident.breaks()));
    }
}
