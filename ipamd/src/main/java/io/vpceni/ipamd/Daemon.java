package io.vpceni.ipamd;

import io.vpceni.config.Settings;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.NoticeLog;
import io.vpceni.ipamd.observe.NoticeSink;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ipamd from start to stop: starts one stage after the other, waits, closes them in reverse order.
public final class Daemon implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Daemon.class);
    static final String VERSION = "0.1.0";
    static final Duration STOP_MAX = Duration.ofSeconds(8); // below the DaemonSet's grace period of 10 s

    private final DaemonContext context;
    private final KernelSource kernelSource;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ResourceStack opened = new ResourceStack();
    private volatile String replacedBecause = "";

    /// @param environment for the AWS SDK's own settings (AWS_REGION, AWS_ENDPOINT_URL_EC2, ...)
    /// @param nanos elapsed time in nanoseconds, from any origin
    public Daemon(
            Settings settings,
            Map<String, String> environment,
            Clock time,
            LongSupplier nanos,
            KernelSource kernelSource) {
        this.context = DaemonContext.of(settings, environment, time, nanos, stop);
        this.kernelSource = kernelSource;
    }

    /// Returns once [#stopAndWait] was called; throws when ipamd has to stop because of an error.
    public void run() throws IOException, InterruptedException {
        DaemonLock lock = opened.add(DaemonLock.take(context.settings().daemon().socket(), this::replaced));
        Metrics metrics = context.metrics();
        NoticeSink notices = opened.add(new NoticeSink(metrics, List.of(new NoticeLog(), metrics::noticed)));
        ClusterSources cluster = ClusterSources.none(notices);
        PagesStage pages = opened.add(PagesStage.start(context));
        NodeStage node = opened.add(NodeStage.start(context, pages));
        KernelStage kernel = opened.add(KernelStage.start(context, node, kernelSource));
        EniSubsystem enis = opened.add(EniSubsystem.of(context, node, kernel.network(), cluster));
        PoolStage pool = opened.add(PoolStage.start(context, node, kernel, enis, notices));
        WatchStage watches = opened.add(WatchStage.start(context, node, kernel, enis));
        CniStage cni = opened.add(CniStage.start(context, lock, kernel, enis, pool));
        pages.show(pool, enis, watches, cni, node);
        cni.announce();
        stop.await();
        log.atInfo().log("Stopping");
        if (!replacedBecause.isEmpty()) {
            throw new IOException(replacedBecause + "; two would give one address to two pods, so this one stops");
        }
    }

    /// Makes [#run] return and waits at most [#STOP_MAX] until everything is closed. For the shutdown hook.
    public void stopAndWait() {
        stop.countDown();
        try {
            if (!closed.await(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                log.atWarn().addKeyValue("after", STOP_MAX).log("Stopped before everything was closed");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        opened.close();
        log.atInfo().log("Stopped");
        closed.countDown();
    }

    /// Another ipamd has taken over the node.
    private void replaced(String reason) {
        replacedBecause = reason;
        stop.countDown();
    }
}
