package io.vpceni.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.Ec2Delays;
import io.vpceni.lab.machine.Footprint;
import io.vpceni.lab.site.Machine;
import io.vpceni.lab.site.SitePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("root")
class DemoTest {
    @Test
    @Timeout(180)
    void keepsEveryPromiseAndLeavesNothing() throws Exception {
        SitePlan plan = SitePlan.of("tdemo", Path.of(System.getProperty("repository.root")), 2)
                .withDelays(Ec2Delays.none(), Duration.ZERO);
        List<String> lines = new ArrayList<>();
        Machine before = Machine.look("tdemo");

        Demo.Result result = new Demo(plan, 6, InstantSource.system(), System::nanoTime, lines::add)
                .run(Footprint.claim(Footprint.ROOT, "tdemo"), before);

        assertThat(lines).noneMatch(line -> line.contains("FAIL"));
        assertThat(result.failed()).isZero();
        assertThat(result.passed()).isGreaterThan(10);
    }
}
