package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.Ec2Delays;
import io.vpceni.lab.machine.Footprint;
import io.vpceni.lab.site.Ground;
import io.vpceni.lab.site.Machine;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// A lab of one test class. Closing it takes the lab away and asserts that the machine is as it was.
final class Trial implements AutoCloseable {
    private final Machine before;
    private final Footprint footprint;

    private Trial(Machine before, Footprint footprint) {
        this.before = before;
        this.footprint = footprint;
    }

    /// @param lab up to 12 lower-case letters and digits, of this class only
    static Trial begin(String lab) throws IOException {
        Machine before = Machine.look(lab);
        return new Trial(before, Footprint.claim(Footprint.ROOT, lab));
    }

    /// The project's directory.
    static Path home() {
        return Path.of(System.getProperty("repository.root", ".."))
                .toAbsolutePath()
                .normalize();
    }

    /// Nothing in this lab comes late: what does is tried elsewhere.
    SitePlan plan(int nodes) {
        return SitePlan.of(footprint.lab(), home(), nodes).withDelays(Ec2Delays.none(), Duration.ZERO);
    }

    Ground ground(SitePlan plan) throws IOException {
        Ground ground = Ground.prepare(footprint, plan, InstantSource.system(), System::nanoTime, _ -> {});
        footprint.endWith(ground::close);
        return ground;
    }

    Site site(SitePlan plan) throws IOException {
        Site site = Site.put(footprint, plan, InstantSource.system(), System::nanoTime, _ -> {});
        footprint.endWith(site::close);
        return site;
    }

    Footprint footprint() {
        return footprint;
    }

    @Override
    public void close() throws IOException {
        footprint.close();
        assertThat(Machine.look(footprint.lab()).differencesTo(before)).isEmpty();
    }
}
