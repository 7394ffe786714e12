package io.vpceni.ipamctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.ipamctl.Ipamctl;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PlanCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int ipamctl(String... arguments) {
        CommandLine line = Ipamctl.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void jsonHasTheShapeThatProgramsReadAndNothingElse() {
        int exit = ipamctl(
                "plan",
                "--instance-type",
                "p3dn.24xlarge",
                "--warm-ip-target",
                "5",
                "--minimum-ip-target",
                "10",
                "--pods",
                "7",
                "-o",
                "json");

        assertThat(exit).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("[{\"pods\":7,\"enis\":1,\"perEni\":[12],\"total\":12,\"unused\":5,\"prefixesPerEni\":[],"
                        + "\"idlePrefixes\":0,\"ec2Calls\":{\"AssignPrivateIpAddresses\":3,"
                        + "\"CreateNetworkInterface\":0}}]");
    }

    @Test
    void rowsComeInAscendingOrderOnce() {
        ipamctl("plan", "--enis", "3", "--addresses-per-eni", "10", "--pods", "9,0,9");

        assertThat(out.toString().lines().map(line -> line.split(" ", -1)[0])).containsExactly("PODS", "0", "9");
    }

    @Test
    void anUnknownTypeSaysWhatToGiveInstead() {
        int exit = ipamctl("plan", "--instance-type", "m99.nano", "--pods", "1");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ipamctl plan: the limits of instance type 'm99.nano' are not known here: give --enis"
                        + " and --addresses-per-eni");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThat(ipamctl("plan", "--enis", "3", "--addresses-per-eni", "10", "--pods", "-1"))
                .isEqualTo(2);
        assertThat(ipamctl("plan", "--enis", "0", "--addresses-per-eni", "10", "--pods", "1"))
                .isEqualTo(2);
        assertThat(ipamctl("plan", "--instance-type", "m5.large", "--warm-ip-target", "5000", "--pods", "1"))
                .isEqualTo(2);
    }

    @Test
    void saysWhyInWords() {
        ipamctl("plan", "--instance-type", "m5.large", "--max-pods", "20", "--pods", "10", "--explain");

        assertThat(out.toString())
                .contains("3 ENIs with 9 usable slots each")
                .contains("WARM_ENI_TARGET counts, and whole ENIs are filled")
                .contains("10 pods: 27 addresses on 3 ENIs, 17 unused")
                .contains("Ours holds 20 instead");
    }
}
