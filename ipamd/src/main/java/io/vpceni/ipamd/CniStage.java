package io.vpceni.ipamd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.DaemonSettings;
import io.vpceni.eni.NodeStart;
import io.vpceni.ipamd.cni.CniEndpoint;
import io.vpceni.ipamd.cni.CniRequestReader;
import io.vpceni.ipamd.cni.CniResult;
import io.vpceni.ipamd.cni.CniService;
import io.vpceni.ipamd.cni.PodNetwork;
import io.vpceni.ipamd.observe.FailedAdds;
import io.vpceni.ipamd.observe.GrowthBlocker;
import io.vpceni.ipamd.observe.Introspection;
import io.vpceni.ipamd.observe.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Last stage: the socket for ADDs and DELs, the check that keeps it in place, and the conflist, which names it to the
/// runtime.
final class CniStage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CniStage.class);

    private final DaemonContext context;
    private final PoolStage pool;
    private final KernelStage kernel;
    private final ResourceStack opened;
    private final ObjectMapper json = new ObjectMapper();
    private final FailedAdds failedAdds;
    private final PluginEntry entry;

    private CniStage(
            DaemonContext context,
            DaemonLock lock,
            KernelStage kernel,
            EniSubsystem enis,
            PoolStage pool,
            ResourceStack opened)
            throws IOException {
        this.context = context;
        this.pool = pool;
        this.kernel = kernel;
        this.opened = opened;
        this.failedAdds = new FailedAdds(context.steady());
        DaemonSettings settings = context.settings().daemon();
        CniService service = service();
        var _ = opened.add(new DelSpoolTask(context, service)).start(); // before an ADD can be served
        CniEndpoint endpoint =
                opened.add(CniEndpoint.open(settings.socket(), service, context.metrics(), context.nanos()));
        ServedFile served = new ServedFile(
                settings.socket(),
                context.nanos(),
                () -> pool.owner()
                        .look()
                        .thenApply(seen -> context.readiness().verdict(seen).ready()));
        this.entry = opened.add(new PluginEntry(
                List.of(lock, kernel.gate(settings), gate(endpoint)),
                () -> {
                    pool.owner().tend();
                    enis.tend();
                    served.look();
                },
                context.readiness(),
                context.metrics(),
                context.nanos()));
        entry.look(); // before the first word on readiness
        entry.start();
    }

    static CniStage start(DaemonContext context, DaemonLock lock, KernelStage kernel, EniSubsystem enis, PoolStage pool)
            throws IOException, InterruptedException {
        return ResourceStack.start(opened -> new CniStage(context, lock, kernel, enis, pool, opened));
    }

    /// Whether ipamd serves, with the pool as it is now.
    ///
    /// @throws IllegalStateException when the pool's owner does not answer
    Readiness.Verdict verdict() {
        return context.readiness().verdict(pool.view().get());
    }

    boolean isAlive() {
        return entry.isAlive();
    }

    Introspection introspection(NodeStage node, WatchStage watches) {
        return new Introspection(json, facts(node.node()), watches::dropsOf, failedAdds);
    }

    /// Waits for the first assignable address and then writes the conflist: the kubelet takes the node as ready
    /// once the file is there. A failed write is repeated until it succeeds or ipamd stops.
    void announce() throws InterruptedException {
        ConflistFile conflist = new ConflistFile(
                context.settings().daemon().conflistDirectory(),
                context.settings().daemon().conflist());
        CountDownLatch stop = context.stop();
        while (stop.getCount() > 0 && !pool.servable().await(100, TimeUnit.MILLISECONDS)) {
            // waits for the first address, or for the stop
        }
        String problem = "";
        while (stop.getCount() > 0) {
            try {
                announce(conflist);
                return;
            } catch (IOException e) {
                if (!problem.equals(e.getMessage())) {
                    problem = String.valueOf(e.getMessage());
                    log.atError()
                            .addKeyValue("reason", problem)
                            .log("The CNI configuration cannot be written, so the runtime sends no pods to ipamd;"
                                    + " ipamd tries again each second");
                }
                context.readiness().unannounced(problem);
                boolean _ = stop.await(1, TimeUnit.SECONDS);
            }
        }
    }

    @Override
    public void close() {
        opened.close();
    }

    private void announce(ConflistFile conflist) throws IOException {
        log.atInfo()
                .addKeyValue("conflist", conflist.write())
                .addKeyValue("took", context.sinceStart())
                .log("Serving");
        context.readiness().unannounced("");
        List<String> before = conflist.before();
        if (!before.isEmpty()) {
            log.atWarn()
                    .addKeyValue("files", before)
                    .log("The runtime uses another CNI configuration first: remove it, unless it delegates to "
                            + "vpc-eni as Multus does");
        }
    }

    private CniService service() {
        Duration addWait = context.settings().daemon().addWait();
        PodNetwork pods = new PodNetwork(
                pool.owner(),
                kernel.datapath(),
                context.metrics(),
                () -> GrowthBlocker.ofRequests(pool.ec2View()),
                addWait);
        return new CniService(
                new CniRequestReader(),
                new CniResult(json),
                pods,
                kernel.network()::live,
                this::verdict,
                context.metrics(),
                failedAdds,
                context.nanos());
    }

    private static PluginEntry.Gate gate(CniEndpoint endpoint) {
        return new PluginEntry.Gate() {
            @Override
            public String name() {
                return endpoint.name();
            }

            @Override
            public boolean isOpen() {
                return endpoint.isOpen();
            }

            @Override
            public void reopen() throws IOException {
                endpoint.reopen();
            }
        };
    }

    private Introspection.NodeFacts facts(NodeStart node) {
        return new Introspection.NodeFacts(
                context.settings().daemon().nodeName(),
                node.identity().instanceId(),
                node.identity().instanceType(),
                node.identity().primaryAddress(),
                node.limits().enisMax(),
                node.limits().addressesPerEniMax(),
                Daemon.VERSION,
                context.startedAt(),
                kernel.leftovers());
    }
}
