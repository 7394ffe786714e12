package io.vpceni.ipamctl.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Count;
import io.vpceni.ipamctl.Ipamctl;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What `ipamctl` says to what it cannot read.
class UsageErrorsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine ipamctl =
            Ipamctl.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            enis --adress=x | ipamctl enis: unknown option '--adress': did you mean --address? 'ipamctl enis --help' tells more
            enis --zzz      | ipamctl enis: unknown option '--zzz'; 'ipamctl enis --help' tells more
            stauts          | ipamctl: unknown command 'stauts': did you mean status? 'ipamctl --help' tells more
            pods all        | ipamctl pods: unexpected argument 'all'; 'ipamctl pods --help' tells more
            """)
    void wrongUsageIsOneLineThatSaysWhatWasMeant(String arguments, String line) {
        assertThat(ipamctl.execute(arguments.strip().split(" "))).isEqualTo(2);

        assertThat(err.toString().lines()).containsExactly(line.strip());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aMissingParameterIsOneLine() {
        assertThat(ipamctl.execute("explain")).isEqualTo(2);

        assertThat(err.toString().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("ipamctl explain: missing required");
    }

    @Test
    void whatGoesToAFileHasNoColours() {
        assertThat(ipamctl.execute("--help")).isZero();

        assertThat(out.toString()).contains("status").doesNotContain("\u001b");
        assertThat(ipamctl.getColorScheme().ansi()).isEqualTo(CommandLine.Help.Ansi.OFF);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            --nod,   --node
            --nmae,  --name
            --n,     -
            --instance, --instance-type
            --xxxxxx, -
            """)
    void theNearestWordIsMeant(String word, String meant) {
        assertThat(UsageErrors.nearest(word, List.of("--node", "--name", "--instance-type")))
                .isEqualTo(java.util.Optional.ofNullable(meant));
    }

    @Test
    void numbersAgreeWithTheirNouns() {
        assertThat(Count.of(1, "pod")).isEqualTo("1 pod");
        assertThat(Count.of(0, "pod")).isEqualTo("0 pods");
        assertThat(Count.of(1, "entry", "entries")).isEqualTo("1 entry");
        assertThat(Count.of(2, "entry", "entries")).isEqualTo("2 entries");
    }
}
