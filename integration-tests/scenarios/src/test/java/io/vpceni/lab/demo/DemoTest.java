package io.vpceni.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.Ec2Delays;
import io.vpceni.lab.ec2.fault.Presets;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("root")
class DemoTest {
    @Test
    @Timeout(180)
    void keepsEveryPromiseAndLeavesNothing() throws IOException {
        Demo.Result result = demo("tdemo", 2, plan -> plan);

        assertThat(result.passed()).isGreaterThan(12);
    }

    @Test
    @Timeout(180)
    void keepsThemWithPrefixesOnTheSmallestType() throws IOException {
        Demo.Result result = demo(
                "tdemoprefix",
                1,
                plan -> plan.withWorld(plan.world().withInstanceType("t3.micro"))
                        .withIpamdSetting("ENABLE_PREFIX_DELEGATION", "true"));

        assertThat(result.json()).contains("18 pods in 2 prefixes");
    }

    @Test
    @Timeout(240)
    void keepsThemOnThreeNodesOfALargerType() throws IOException {
        Demo.Result result =
                demo("tdemolarge", 3, plan -> plan.withWorld(plan.world().withInstanceType("m5.large")));

        assertThat(result.json()).contains("11 pods on each node, 9 fit on an ENI");
    }

    @Test
    @Timeout(400)
    void keepsThemInAStorm() throws IOException {
        Demo.Result result = demo("tdemostorm", 2, plan -> plan.withWeather(Presets.storm()));

        assertThat(result.passed()).isGreaterThan(12);
    }

    private static Demo.Result demo(String lab, int nodes, UnaryOperator<SitePlan> changed) throws IOException {
        SitePlan plan = SitePlan.of(lab, Path.of(System.getProperty("repository.root")), nodes)
                .withDelays(Ec2Delays.none(), Duration.ZERO);
        List<String> lines = new ArrayList<>();
        HostSnapshot before = HostSnapshot.look(lab);

        Demo.Result result = new Demo(
                        changed.apply(plan), OptionalInt.empty(), InstantSource.system(), System::nanoTime, lines::add)
                .run(LabResources.claim(LabResources.ROOT, lab), before);

        assertThat(lines).noneMatch(line -> line.contains("FAIL"));
        assertThat(result.failed()).isZero();
        return result;
    }
}
