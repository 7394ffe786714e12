package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SortedMap;

/// A lab of one test class. Closing it takes the lab away and asserts that the machine is as it was.
final class Trial implements AutoCloseable {
    private final HostSnapshot before;
    private final LabResources resources;

    private Trial(HostSnapshot before, LabResources resources) {
        this.before = before;
        this.resources = resources;
    }

    /// @param lab up to 12 lower-case letters and digits, of this class only
    static Trial begin(String lab) throws IOException {
        HostSnapshot before = HostSnapshot.look(lab);
        return new Trial(before, LabResources.claim(LabResources.ROOT, lab));
    }

    /// The project's directory.
    static Path home() {
        return Path.of(System.getProperty("repository.root", "../.."))
                .toAbsolutePath()
                .normalize();
    }

    /// Nothing in this lab comes late: what does is tried elsewhere.
    SitePlan plan(int nodes) {
        return SitePlan.of(resources.lab(), home(), nodes).withDelays(Ec2Delays.none(), Duration.ZERO);
    }

    LabInfrastructure infrastructure(SitePlan plan) throws IOException {
        LabInfrastructure infrastructure =
                LabInfrastructure.prepare(resources, plan, InstantSource.system(), System::nanoTime, _ -> {});
        resources.endWith(infrastructure::close);
        return infrastructure;
    }

    Site site(SitePlan plan) throws IOException {
        Site site = Site.put(resources, plan, InstantSource.system(), System::nanoTime, _ -> {});
        resources.endWith(site::close);
        return site;
    }

    /// `kill -9`.
    static void kill(SiteNode node) throws InterruptedException {
        node.ipamd().process().destroyForcibly();
        int _ = node.ipamd().process().waitFor();
    }

    /// Another ipamd in place of one that was killed.
    ConfinedIpamd startAnew(Site site, SiteNode node, SortedMap<String, String> settings) throws IOException {
        return ConfinedIpamd.start(
                resources,
                node.vpcNode().namespace(),
                node.name(),
                IpamdInstallation.built(home()),
                site.infrastructure().ec2Endpoint(),
                settings,
                System::nanoTime);
    }

    LabResources resources() {
        return resources;
    }

    @Override
    public void close() throws IOException {
        resources.close();
        assertThat(HostSnapshot.look(resources.lab()).differencesTo(before)).isEmpty();
    }
}
