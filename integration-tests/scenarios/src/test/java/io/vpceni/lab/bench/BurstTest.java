package io.vpceni.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("root")
class BurstTest {
    /// 29 addresses on each ENI: the primary one's are there, three further ENIs are needed.
    private static final BurstSizes SIZES =
            new BurstSizes(100, "m5.4xlarge", Duration.ofMillis(300), Duration.ofSeconds(1));

    @Test
    @Timeout(180)
    void noAddFailsWhenAllPodsComeAtOnce() throws IOException {
        try (LabResources resources = LabResources.claim(LabResources.ROOT, "tburst")) {
            BurstResult result = burst().ours(resources);

            assertThat(result.failedAdds()).isZero();
            assertThat(result.waits()).hasSize(SIZES.pods());
            assertThat(result.before()).isLessThan(SIZES.pods());
            assertThat(result.calls()).doesNotContainKey("AssignPrivateIpAddresses");
        }
    }

    @Test
    @Timeout(180)
    void aSerialLoopGetsThereTooWithAddsThatFail() throws IOException {
        try (LabResources resources = LabResources.claim(LabResources.ROOT, "tburstserial")) {
            BurstResult result = burst().serially(resources, 1);

            assertThat(result.waits()).hasSize(SIZES.pods());
            assertThat(result.failedAdds()).isPositive();
            assertThat(result.calls()).containsEntry("CreateNetworkInterface", (long) result.enis() - 1);
        }
    }

    private static Burst burst() {
        return new Burst(
                SIZES,
                Path.of(System.getProperty("repository.root")),
                new TreeMap<>(),
                InstantSource.system(),
                System::nanoTime,
                _ -> {});
    }
}
