package io.vpceni.ipamd;

import io.vpceni.config.DaemonSettings;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.ipamd.observe.HttpPages;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Pages;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.util.function.Supplier;

/// First stage: the HTTP pages for probes, introspection and metrics. They are served from the start on; until the pool
/// exists they show how far the start is.
final class PagesStage implements AutoCloseable {
    private final DaemonContext context;
    private final ResourceStack opened;
    private final Pages pages;

    private PagesStage(DaemonContext context, ResourceStack opened) throws IOException {
        this.context = context;
        this.opened = opened;
        Metrics metrics = context.metrics();
        this.pages = new Pages(context.readiness(), metrics);
        DaemonSettings settings = context.settings().daemon();
        opened.add(HttpPages.start(
                "introspection",
                settings.introspection(),
                settings.introspectionDisabled() ? pages.probes() : pages.introspection(),
                context.nanos(),
                metrics::cutOff));
        if (!settings.metricsDisabled()) {
            opened.add(
                    HttpPages.start("metrics", settings.metrics(), pages.metrics(), context.nanos(), metrics::cutOff));
        }
    }

    static PagesStage start(DaemonContext context) throws IOException, InterruptedException {
        return ResourceStack.start(opened -> new PagesStage(context, opened));
    }

    /// From now on pages show with which credentials EC2 is called.
    void showAccess(Supplier<Ec2Access> access) {
        pages.showAccess(access, context.time());
    }

    /// From now on pages show the pool: the start is over.
    void show(PoolStage pool, EniSubsystem enis, WatchStage watches, CniStage cni, NodeStage node) {
        Metrics metrics = context.metrics();
        NodeLimits limits = node.podLimits();
        metrics.watch(pool.view(), limits);
        metrics.watchReady(() -> cni.verdict().ready());
        metrics.watchEc2(pool.ec2View());
        pages.show(
                pool.view(),
                pool.ec2View(),
                cni.introspection(node, watches),
                () -> pool.owner().isAlive() && enis.isAlive() && cni.isAlive());
        context.readiness().started();
    }

    @Override
    public void close() {
        opened.close();
    }
}
