package io.vpceni.ipamd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.Conflist;
import io.vpceni.config.Settings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.NodeEnis;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.Pause;
import io.vpceni.eni.WallPause;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.PatientEc2;
import io.vpceni.eni.imds.HttpImds;
import io.vpceni.ipamd.cni.CniRequestReader;
import io.vpceni.ipamd.cni.CniResult;
import io.vpceni.ipamd.cni.CniServer;
import io.vpceni.ipamd.cni.CniService;
import io.vpceni.ipamd.cni.KernelWires;
import io.vpceni.ipamd.cni.PodNetwork;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.observe.HttpPages;
import io.vpceni.ipamd.observe.Introspection;
import io.vpceni.ipamd.observe.MeteredEc2;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Pages;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.ipamd.owner.CloudRequests;
import io.vpceni.ipamd.owner.CloudWork;
import io.vpceni.ipamd.owner.LoggedReports;
import io.vpceni.ipamd.owner.OwnerLoop;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.ipamd.owner.PoolView;
import io.vpceni.ipamd.owner.ViewRounds;
import io.vpceni.netlink.NetnsInbox;
import io.vpceni.network.HostNetwork;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ipamd from start to stop: builds everything top to bottom, waits, closes it bottom to top.
final class Daemon implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Daemon.class);
    static final String VERSION = "0.1.0";
    static final Duration STOP_MAX = Duration.ofSeconds(8); // below the DaemonSet's grace period of 10 s

    private final Settings settings;
    private final Map<String, String> environment;
    private final Clock time;
    private final LongSupplier nanos;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /// @param environment for the AWS SDK's own settings (AWS_REGION, AWS_ENDPOINT_URL_EC2, ...)
    Daemon(Settings settings, Map<String, String> environment, Clock time, LongSupplier nanos) {
        this.settings = settings;
        this.environment = environment;
        this.time = time;
        this.nanos = nanos;
    }

    /// Returns once [#stopAndWait] was called; throws when ipamd cannot go on.
    void run() throws IOException, InterruptedException {
        Instant startedAt = time.instant();
        long began = nanos.getAsLong();
        Readiness readiness = new Readiness();
        Metrics metrics = new Metrics(VERSION);
        Pages pages = new Pages(readiness, metrics);
        open(DaemonLock.take(settings.daemon().socket()));
        servePages(pages);

        readiness.starting("ipamd is starting: asking IMDS and EC2 about this node");
        Pause pause = new WallPause();
        AwsEc2 ec2 = open(AwsEc2.open(VERSION, time));
        HttpImds imds = new HttpImds(imdsEndpoint(), time, pause);
        SecureRandom random = new SecureRandom();
        Ec2 patient =
                new PatientEc2(new MeteredEc2(ec2, metrics, nanos), BudgetSettings.ofShare(1), pause, time, random);
        NodeEnis enis = new NodeEnis(patient, imds, settings.eni(), pause, time, random);
        NodeStart node = new StartRetry(stop, readiness, metrics).until(enis::start);
        logNode(node);

        readiness.starting("ipamd is starting: setting up this node's network");
        HostNetwork host = open(HostNetwork.open(settings.network()));
        NetnsInbox inbox = open(NetnsInbox.open(netnsSocket()));
        KernelWires wires = new KernelWires(host, inbox);
        NodeNetwork network = new NodeNetwork(host, wires);
        List<AttachedEni> usable = network.setUp(node);

        NodeLimits limits = node.limits().onFirstCard(); // pods have one interface each
        CloudWork work = new CloudWork(new EniCloud(enis), network, network, limits);
        WarmPool pool = new WarmPool(settings.pool(), limits);
        OwnerSlot slot = new OwnerSlot();
        InstantSource steady = () -> startedAt.plusNanos(nanos.getAsLong() - began); // no step of the wall clock's
        CloudRequests requests = open(new CloudRequests(work, steady, metrics, nanos));
        JournalFile.Opened journal = openJournal(startedAt, began, steady);
        OwnerLoop loop = new OwnerLoop(pool, journal.file(), requests.into(slot), new LoggedReports(metrics));
        new PoolRecovery(host, network, work, metrics)
                .run(
                        node.enis(),
                        usable,
                        journal,
                        checkpoint(journal),
                        settings.pool().cooldown(),
                        loop,
                        steady.instant());
        ConflistFile conflist = new ConflistFile(
                settings.daemon().conflistDirectory(), settings.daemon().conflist());
        CountDownLatch servable = new CountDownLatch(1);
        PoolOwner owner = open(new PoolOwner(loop, steady, _ -> servable.countDown()));
        PoolView view = new PoolView(pool.snapshot(startedAt), owner::look, nanos);
        slot.fill(owner);
        owner.start();
        open(ViewRounds.start(work, slot, steady, metrics));

        ObjectMapper json = new ObjectMapper();
        PodNetwork pods =
                new PodNetwork(owner, wires, metrics, settings.daemon().addWait(), nanos);
        CniService service = new CniService(
                new CniRequestReader(json),
                new CniResult(json),
                pods,
                () -> readiness.verdict(view.get()),
                metrics,
                nanos);
        open(CniServer.start(settings.daemon().socket(), service));
        metrics.watch(view, limits);
        pages.show(view, new Introspection(json, facts(node, startedAt)), owner::isAlive);
        readiness.starting("");
        awaitServable(servable, conflist, began);
        stop.await();
        log.atInfo().log("Stopping");
    }

    /// Asks [#run] to return and waits, bounded, until everything is closed. For the shutdown hook.
    void stopAndWait() {
        stop.countDown();
        try {
            if (!closed.await(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                log.atWarn().addKeyValue("after", STOP_MAX).log("Stopped without closing everything");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable last = opened.pop();
            try {
                last.close();
            } catch (Exception e) {
                log.atWarn().setCause(e).log("Something did not close");
            }
        }
        log.atInfo().log("Stopped");
        closed.countDown();
    }

    private void servePages(Pages pages) throws IOException {
        if (!settings.daemon().introspectionDisabled()) {
            open(HttpPages.start("introspection", settings.daemon().introspection(), pages.introspection()));
        }
        if (!settings.daemon().metricsDisabled()) {
            open(HttpPages.start("metrics", settings.daemon().metrics(), pages.metrics()));
        }
    }

    /// The conflist is the node's readiness for the kubelet: written once, when the first address can be given.
    private void awaitServable(CountDownLatch servable, ConflistFile conflist, long began)
            throws IOException, InterruptedException {
        while (stop.getCount() > 0 && !servable.await(100, TimeUnit.MILLISECONDS)) {
            // waits for the first address, or for the stop
        }
        if (stop.getCount() > 0) {
            log.atInfo()
                    .addKeyValue("conflist", conflist.write())
                    .addKeyValue(
                            "took", Duration.ofNanos(nanos.getAsLong() - began).toMillis() + " ms")
                    .log("Serving");
        }
    }

    /// No append waits for the disk itself: what a process wrote outlives it, and the pods' links go with the machine.
    private JournalFile.Opened openJournal(Instant startedAt, long began, InstantSource steady) throws IOException {
        Path file = settings.daemon().journal();
        String bootId =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        JournalFile.Opened opened = JournalFile.open(
                new DirectoryDisk(file.resolveSibling("")),
                new JournalFile.Habits(file.getFileName().toString(), false, JournalFile.Habits.COMPACT_ABOVE_BYTES),
                JournalClock.of(bootId, startedAt, began),
                steady,
                work -> Thread.ofVirtual().name("journal-compaction").start(work));
        open(opened.file());
        return opened;
    }

    /// On a node that the AWS VPC CNI had until now its pods keep their addresses.
    private AwsCheckpoint.Read checkpoint(JournalFile.Opened journal) {
        return journal.state().trust() == JournalState.Trust.ABSENT
                ? new AwsCheckpoint(new ObjectMapper(), Conflist.NETWORK_NAME)
                        .read(settings.daemon().awsCheckpoint())
                : new AwsCheckpoint.Read(List.of(), List.of());
    }

    /// The SDK's own variable for another metadata service, honoured for our questions too.
    private URI imdsEndpoint() {
        String endpoint = environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
        return endpoint.isEmpty() ? HttpImds.DEFAULT_ENDPOINT : URI.create(endpoint);
    }

    private Path netnsSocket() {
        return settings.daemon().socket().resolveSibling("netns.sock");
    }

    private Introspection.NodeFacts facts(NodeStart node, Instant startedAt) {
        return new Introspection.NodeFacts(
                settings.daemon().nodeName(),
                node.identity().instanceId(),
                node.identity().instanceType(),
                node.identity().primaryAddress().getHostAddress(),
                node.limits().enisMax(),
                node.limits().addressesPerEniMax(),
                VERSION,
                startedAt);
    }

    private static void logNode(NodeStart node) {
        log.atInfo()
                .addKeyValue("instance", node.identity().instanceId())
                .addKeyValue("type", node.identity().instanceType())
                .addKeyValue("enis", node.enis().stream().map(AttachedEni::id).toList())
                .addKeyValue("enisMax", node.limits().enisMax())
                .addKeyValue("addressesPerEniMax", node.limits().addressesPerEniMax())
                .log("Found the node");
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    /// Breaks the circle between the owner, which asks EC2 for things, and the requests, which tell the owner.
    private static final class OwnerSlot implements CloudRequests.Outcomes {
        private final CompletableFuture<PoolOwner> owner = new CompletableFuture<>();

        void fill(PoolOwner value) {
            owner.complete(value);
        }

        @Override
        public void tell(Message message) throws InterruptedException {
            owner.join().tell(message);
        }
    }
}
