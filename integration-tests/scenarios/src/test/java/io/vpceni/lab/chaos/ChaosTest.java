package io.vpceni.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("root")
class ChaosTest {
    private static final Duration LASTS = Duration.ofSeconds(60);

    @Test
    @Timeout(900)
    void nothingIsLostNothingIsLeftAndNobodyIsInterrupted() throws IOException, InterruptedException {
        SitePlan site = SitePlan.of("tchaos", Path.of(System.getProperty("repository.root")), 2)
                .withWorld(WorldPlan.ofNodes(2).withInstanceType("m5.large"));
        List<String> lines = new ArrayList<>();
        HostSnapshot before = HostSnapshot.look("tchaos");

        ChaosReport report = new Chaos(
                        new ChaosPlan(site, LASTS, 1), InstantSource.system(), System::nanoTime, lines::add)
                .run(LabResources.claim(LabResources.ROOT, "tchaos"), before);

        assertThat(report.findings()).as(report.table()).isEmpty();
        assertThat(report.isClean()).as(report.table()).isTrue();
        assertThat(report.kills().getOrDefault(KillWindows.IN_ALL, 0L)).isPositive();
        assertThat(report.podsAdded()).isPositive();
    }
}
