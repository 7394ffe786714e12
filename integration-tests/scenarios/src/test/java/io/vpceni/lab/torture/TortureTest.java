package io.vpceni.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.model.Ec2Delays;
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
class TortureTest {
    private static final int KILLS = 10;

    @Test
    @Timeout(300)
    void aKilledIpamdLosesNoAddressGivesNoneTwiceAndInterruptsNobody() throws IOException, InterruptedException {
        SitePlan plan = SitePlan.of("ttorture", Path.of(System.getProperty("repository.root")), 1)
                .withDelays(Ec2Delays.none(), Duration.ZERO)
                .withWorld(WorldPlan.ofNodes(1).withInstanceType("m5.xlarge"));
        List<String> lines = new ArrayList<>();
        HostSnapshot before = HostSnapshot.look("ttorture");

        List<String> findings = new Torture(plan, KILLS, 1, InstantSource.system(), System::nanoTime, lines::add)
                .run(LabResources.claim(LabResources.ROOT, "ttorture"), before);

        assertThat(findings).as(String.join("\n", lines)).isEmpty();
    }
}
