package io.vpceni.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.SteppedTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter err = new StringWriter();
    private final SteppedTime time = new SteppedTime();

    @Test
    void whereThereIsNoTerminalALineComesEachTenSeconds() {
        ProgressLine progress = new ProgressLine(new PrintWriter(err), false, time);
        for (int second = 1; second <= 25; second++) {
            time.advance(Duration.ofSeconds(1));
            progress.show("step " + second);
        }
        progress.clear();

        assertThat(err.toString()).isEqualTo("step 10, 10 s\nstep 20, 20 s\n");
    }

    @Test
    void onATerminalOneLineChangesAndGoes() {
        ProgressLine progress = new ProgressLine(new PrintWriter(err), true, time);
        time.advance(Duration.ofSeconds(2));
        progress.show("step 1");
        progress.clear();

        assertThat(err.toString()).isEqualTo("\r\u001b[Kstep 1, 2 s\r\u001b[K");
    }
}
