package io.vpceni.lab.churn;

import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The ipamd of one node, which is killed with SIGKILL and started anew, as the kubelet does it. For one thread.
public final class KillableIpamd {
    private final LabResources resources;
    private final Site site;
    private final SitePlan plan;
    private final SiteNode node;
    private final LongSupplier nanoTime;
    private final CniRuntime runtime;
    private final List<Duration> readyAfter = new ArrayList<>();
    private ConfinedIpamd ipamd;

    /// @param node whose ipamd serves
    public KillableIpamd(LabResources resources, Site site, SitePlan plan, SiteNode node, LongSupplier nanoTime)
            throws IOException {
        this.resources = resources;
        this.site = site;
        this.plan = plan;
        this.node = node;
        this.nanoTime = nanoTime;
        this.ipamd = node.ipamd();
        this.runtime = new CniRuntime(
                resources,
                node.vpcNode().namespace(),
                plan.home().resolve("cni-binary/target/vpc-eni"),
                ipamd.conflist(),
                nanoTime);
    }

    /// A runtime of the node that calls the plugin whether ipamd runs or not.
    public CniRuntime runtime() {
        return runtime;
    }

    /// SIGKILL.
    ///
    /// @throws IOException when it had ended by itself
    public void kill() throws IOException, InterruptedException {
        if (!ipamd.process().isAlive()) {
            throw new IOException("ipamd on " + node.name() + " ended by itself:\n" + ipamd.logTail());
        }
        ipamd.process().destroyForcibly();
        int _ = ipamd.process().waitFor();
    }

    /// Whether it ended though nobody killed it.
    public boolean hasEnded() {
        return !ipamd.process().isAlive();
    }

    /// The end of what it said.
    public String lastWords() throws IOException {
        return ipamd.logTail();
    }

    /// Whether the current ipamd serves.
    public boolean isReady() throws IOException {
        return ipamd.isServing();
    }

    /// Starts it anew, and does not wait for it.
    public void beginAnew() throws IOException {
        ipamd = ConfinedIpamd.begin(
                resources,
                node.vpcNode().namespace(),
                node.name(),
                IpamdInstallation.built(plan.home()),
                site.infrastructure().ec2Endpoint(),
                plan.settingsOf(node.name()),
                nanoTime);
    }

    /// Waits until the current ipamd serves.
    public void awaitReady() throws IOException {
        ipamd.awaitReady();
        readyAfter.add(ipamd.readyAfter());
    }

    /// From exec until it served, of those that were awaited, sorted.
    public List<Duration> readyAfter() {
        return readyAfter.stream().sorted().toList();
    }

    /// Stops the current ipamd, as the kubelet does.
    public void end() throws IOException {
        ipamd.close();
    }
}
