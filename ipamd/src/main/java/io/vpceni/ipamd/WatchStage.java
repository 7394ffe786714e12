package io.vpceni.ipamd;

import io.vpceni.config.AttachmentKey;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.NetworkFailure;
import java.io.IOException;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sixth stage: watches drift in the kernel, the instance's termination, pods' dropped packets, and forged netlink
/// messages.
final class WatchStage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchStage.class);

    private final ResourceStack opened;
    private final PodDropReports drops;

    private WatchStage(
            DaemonContext context, NodeStage node, KernelStage kernel, EniSubsystem enis, ResourceStack opened) {
        this.opened = opened;
        Metrics metrics = context.metrics();
        watchDrift(context, kernel, enis);
        opened.add(TerminationWatcher.start(node.imds(), enis::nodeEnds));
        this.drops = opened.add(PodDropReports.start(kernel.kernel()::podDrops, metrics));
        opened.add(ForgedNetlinkReports.start(kernel.kernel()::foreignDatagrams, metrics));
    }

    static WatchStage start(DaemonContext context, NodeStage node, KernelStage kernel, EniSubsystem enis)
            throws IOException, InterruptedException {
        return ResourceStack.start(opened -> new WatchStage(context, node, kernel, enis, opened));
    }

    /// Packets of that sandbox that were dropped since ipamd started, by reason.
    SortedMap<String, Long> dropsOf(AttachmentKey key) {
        return drops.of(key);
    }

    @Override
    public void close() {
        opened.close();
    }

    /// Without kernel events pods are still wired; only drift is not repaired until a restart.
    private static void watchDrift(DaemonContext context, KernelStage kernel, EniSubsystem enis) {
        FirewallReports firewall = new FirewallReports(context.metrics(), context.readiness());
        DriftReports reports = new DriftReports(context.metrics(), kernel.datapath()::eniWith, enis, firewall);
        try {
            kernel.kernel().watchDrift(reports, context.nanos());
        } catch (NetworkFailure e) {
            context.metrics().error("drift");
            log.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("Kernel events cannot be received: changes by other programs are not repaired until ipamd "
                            + "restarts");
        }
    }
}
