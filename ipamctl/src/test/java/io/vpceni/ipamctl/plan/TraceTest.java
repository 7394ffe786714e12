package io.vpceni.ipamctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TraceTest {

    @Test
    void readsSecondsSignsAndPods() {
        Trace trace = Trace.parse("t", List.of("# comment", "", "0,+,a", "1.5, + ,b", "2,-,a", "2,+,a"));

        assertThat(trace.lines()).containsExactly("0.000,+,a", "1.500,+,b", "2.000,-,a", "2.000,+,a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0,+          | line 1 of t ('0,+'): want seconds,+,pod or seconds,-,pod
            0,*,a        | line 1 of t ('0,*,a'): want seconds,+,pod or seconds,-,pod
            x,+,a        | line 1 of t ('x,+,a'): want seconds as a number
            NaN,+,a      | line 1 of t ('NaN,+,a'): want seconds from 0 to 2592000 and a pod
            -1,+,a       | line 1 of t ('-1,+,a'): want seconds from 0 to 2592000 and a pod
            0,-,a        | line 1 of t ('0,-,a'): there is no such pod
            0,+,a;1,+,a  | line 2 of t ('1,+,a'): the pod is here already
            2,+,a;1,-,a  | line 2 of t ('1,-,a'): earlier than the line before
            #            | t has no event
            """)
    void namesTheLineThatIsWrong(String lines, String complaint) {
        assertThatThrownBy(() -> Trace.parse("t", List.of(lines.split(";", -1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(complaint);
    }

    /// `-Dgolden.update=true` writes them.
    @ParameterizedTest
    @EnumSource(Traces.class)
    void whatIsShippedIsWhatTheSeedMakes(Traces trace) throws IOException {
        List<String> made = trace.made(Traces.SHIPPED_SEED).lines();
        Path file = Path.of(System.getProperty("repository.root", ".."))
                .resolve("ipamctl/src/main/resources/io/vpceni/ipamctl/plan/traces/" + trace.title() + ".csv");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.write(file, made);
        }

        assertThat(Files.readAllLines(file)).isEqualTo(made);
        assertThat(Trace.parse(trace.title(), made)).isEqualTo(trace.made(Traces.SHIPPED_SEED));
    }

    @ParameterizedTest
    @EnumSource(Traces.class)
    void anotherSeedMakesAnotherTrace(Traces trace) {
        assertThat(trace.made(1)).isNotEqualTo(trace.made(2));
    }
}
