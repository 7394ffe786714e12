package io.vpceni.ipamd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.Conflist;
import io.vpceni.config.Settings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.ReadOnlyEc2;
import io.vpceni.eni.Sleeper;
import io.vpceni.eni.SystemSleeper;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RetryingEc2;
import io.vpceni.eni.imds.HttpImds;
import io.vpceni.eni.imds.ImdsEc2;
import io.vpceni.eni.imds.ImdsHealth;
import io.vpceni.eni.life.EniStateMachine;
import io.vpceni.eni.life.LifecycleSettings;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.eni.site.file.ZoneFile;
import io.vpceni.ipamd.cni.CniEndpoint;
import io.vpceni.ipamd.cni.CniRequestReader;
import io.vpceni.ipamd.cni.CniResult;
import io.vpceni.ipamd.cni.CniService;
import io.vpceni.ipamd.cni.NetlinkPodDatapath;
import io.vpceni.ipamd.cni.PodNetwork;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Ec2StatusText;
import io.vpceni.ipamd.observe.FailedAdds;
import io.vpceni.ipamd.observe.HttpPages;
import io.vpceni.ipamd.observe.Introspection;
import io.vpceni.ipamd.observe.MeteredEc2;
import io.vpceni.ipamd.observe.MeteredImds;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Pages;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.ipamd.owner.CachedSnapshot;
import io.vpceni.ipamd.owner.PoolEventLog;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.netlink.NetnsFdReceiver;
import io.vpceni.network.HostNetwork;
import io.vpceni.network.Leftover;
import io.vpceni.network.NetworkFailure;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.Finding;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.loop.PoolLoop;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    private volatile String usurpedBy = "";

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
        DaemonLock lock = open(DaemonLock.take(settings.daemon().socket(), this::usurped));
        servePages(pages, metrics);

        readiness.starting("ipamd is starting: asking IMDS and EC2 about this node");
        logProxies();
        Sleeper pause = new SystemSleeper();
        InstantSource steady = () -> startedAt.plusNanos(nanos.getAsLong() - began); // no step of the wall clock's
        AtomicReference<String> region = new AtomicReference<>("");
        AwsEc2 aws = open(AwsEc2.open(VERSION, environment, settings.proxies(), time, region::get));
        pages.showAccess(aws::access, time);
        HttpImds imds = new HttpImds(imdsEndpoint(), time, pause, new ImdsHealth(time, new MeteredImds(metrics)));
        SecureRandom random = new SecureRandom();
        IntentFile.Opened intents = openIntents(metrics);
        StartRetry retry = new StartRetry(stop, readiness, metrics);
        NodeIdentity identity = retry.until(imds::identity);
        region.set(identity.region());
        EniPlacements sites = new EniPlacements(
                settings.eni(), identity, new ZoneFile(settings.eni().zoneFile()));
        Ec2 ec2 = provisioned(new MeteredEc2(aws, metrics, nanos), imds, identity);
        RetryingEc2 patient =
                new RetryingEc2(ec2, BudgetSettings.ofShare(settings.eni().ec2Share()), pause, steady, random);
        NodeDiscovery inquiry = new NodeDiscovery(patient, imds, pause);
        NodeStart node = retry.until(() -> {
            lookAtSubnets(sites, patient, identity, steady.instant());
            return inquiry.start(identity, sites::roleOf, EniStateMachine.notToBeUsed(intents.open()));
        });
        logNode(node);

        readiness.starting("ipamd is starting: setting up this node's network");
        HostNetwork host = open(HostNetwork.open(settings.network()));
        Takeover takeover = new Takeover(host, settings.takeover(), readiness, metrics);
        List<Leftover> found = takeover.admit(node.enis(), isFirst(), stop);
        NetnsFdReceiver inbox = open(NetnsFdReceiver.open(netnsSocket()));
        NetlinkPodDatapath wires = new NetlinkPodDatapath(host, inbox);
        VpcBlocks vpc = new VpcBlocks(imds);
        NodeNetwork network = new NodeNetwork(host, wires, inquiry, vpc);
        List<AttachedEni> usable = network.setUp(node);
        open(vpc.watch(blocks -> network.useBlocks(node.identity(), blocks)));
        List<Leftover> leftovers = takeover.settle(found);

        NodeLimits limits = node.limits().onFirstCard(); // pods have one interface each
        WarmPool pool = new WarmPool(settings.pool(), limits);
        EniSubsystem cloud = open(new EniSubsystem(
                node,
                sites,
                intents,
                LifecycleSettings.from(settings.eni()),
                patient.handOver(),
                new EniSubsystem.Outfit(
                        ec2,
                        aws::circuit,
                        aws::access,
                        network,
                        network,
                        settings.daemon().stateDirectory(),
                        steady,
                        random),
                metrics));
        JournalFile.Opened journal = openJournal(startedAt, began, steady);
        PoolLoop loop = new PoolLoop(
                pool,
                journal.file(),
                cloud,
                new PoolEventLog(metrics, readiness, settings.daemon().journal()));
        new PoolRecovery(host, network, limits, metrics)
                .run(node.enis(), usable, journal, checkpoint(), settings.pool().cooldown(), loop, steady.instant());
        ConflistFile conflist = new ConflistFile(
                settings.daemon().conflistDirectory(), settings.daemon().conflist());
        CountDownLatch servable = new CountDownLatch(1);
        PoolOwner owner = open(new PoolOwner(loop, steady, _ -> {
            readiness.servable();
            servable.countDown();
        }));
        CachedSnapshot<PoolSnapshot> view = new CachedSnapshot<>(pool.snapshot(startedAt), owner::look, nanos);
        CachedSnapshot<Ec2Status> cloudView = new CachedSnapshot<>(cloud.first(), cloud::look, nanos);
        owner.start();
        cloud.start(usable, owner);
        FirewallReports firewall = new FirewallReports(metrics, readiness);
        watchDrift(host, new DriftReports(metrics, wires, cloud, firewall), metrics);
        open(TerminationWatcher.start(imds, cloud::nodeEnds));

        ObjectMapper json = new ObjectMapper();
        PodNetwork pods = new PodNetwork(
                owner,
                wires,
                metrics,
                () -> Ec2StatusText.whyGrowthWaits(cloudView),
                settings.daemon().addWait(),
                nanos);
        FailedAdds failedAdds = new FailedAdds(steady);
        CniService service = new CniService(
                new CniRequestReader(),
                new CniResult(json),
                pods,
                () -> readiness.verdict(view.get()),
                metrics,
                failedAdds,
                nanos);
        PodDropReports drops = open(PodDropReports.start(host::podDrops, metrics));
        open(ForgedNetlinkReports.start(host::foreignDatagrams, metrics));
        CniEndpoint door = open(CniEndpoint.open(settings.daemon().socket(), service, metrics, nanos));
        ServedFile served = new ServedFile(
                settings.daemon().socket(),
                nanos,
                () -> owner.look().thenApply(seen -> readiness.verdict(seen).ready()));
        PluginEntry wayIn = open(new PluginEntry(
                List.of(lock, gate(inbox), gate(door)),
                () -> {
                    owner.tend();
                    cloud.tend();
                    served.look();
                },
                readiness,
                metrics,
                nanos));
        wayIn.look(); // before the first word on readiness
        wayIn.start();
        metrics.watch(view, limits);
        metrics.watchReady(() -> readiness.verdict(view.get()).ready());
        metrics.watchCloud(cloudView);
        pages.show(
                view,
                cloudView,
                new Introspection(json, facts(node, startedAt, leftovers), drops::of, failedAdds),
                () -> owner.isAlive() && cloud.isAlive() && wayIn.isAlive());
        readiness.starting("");
        awaitServable(servable, conflist, readiness, began);
        stop.await();
        log.atInfo().log("Stopping");
        if (!usurpedBy.isEmpty()) {
            throw new IOException(usurpedBy + "; two would give one address to two pods, so this one ends");
        }
    }

    /// Another ipamd has the node.
    private void usurped(String reason) {
        usurpedBy = reason;
        stop.countDown();
    }

    private PluginEntry.Gate gate(NetnsFdReceiver inbox) {
        return new PluginEntry.Gate() {
            @Override
            public String name() {
                return String.valueOf(netnsSocket().getFileName());
            }

            @Override
            public boolean isOpen() throws IOException {
                return inbox.isOpen();
            }

            @Override
            public void reopen() throws IOException {
                inbox.reopen();
            }
        };
    }

    private static PluginEntry.Gate gate(CniEndpoint door) {
        return new PluginEntry.Gate() {
            @Override
            public String name() {
                return door.name();
            }

            @Override
            public boolean isOpen() {
                return door.isOpen();
            }

            @Override
            public void reopen() throws IOException {
                door.reopen();
            }
        };
    }

    /// Without it pods are wired all the same; only what others break stays broken until a restart.
    private void watchDrift(HostNetwork host, DriftReports reports, Metrics metrics) {
        try {
            host.watchDrift(reports, nanos);
        } catch (NetworkFailure e) {
            metrics.error("drift");
            log.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("The kernel cannot be listened to: what others change in it is not repaired until a restart");
        }
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

    /// Whether no ipamd has served this node yet: a reboot takes the journal away, and not the conflist.
    private boolean isFirst() {
        return !Files.exists(settings.daemon().journal())
                && !Files.exists(settings.daemon().conflistDirectory().resolve(Conflist.FILE_NAME));
    }

    private void servePages(Pages pages, Metrics metrics) throws IOException {
        open(HttpPages.start(
                "introspection",
                settings.daemon().introspection(),
                settings.daemon().introspectionDisabled() ? pages.probes() : pages.introspection(),
                nanos,
                metrics::cutOff));
        if (!settings.daemon().metricsDisabled()) {
            open(HttpPages.start("metrics", settings.daemon().metrics(), pages.metrics(), nanos, metrics::cutOff));
        }
    }

    /// The conflist is the node's readiness for the kubelet: written when the first address can be given, and tried
    /// again until it is.
    private void awaitServable(CountDownLatch servable, ConflistFile conflist, Readiness readiness, long began)
            throws InterruptedException {
        while (stop.getCount() > 0 && !servable.await(100, TimeUnit.MILLISECONDS)) {
            // waits for the first address, or for the stop
        }
        String problem = "";
        while (stop.getCount() > 0) {
            try {
                serve(conflist, readiness, began);
                return;
            } catch (IOException e) {
                if (!problem.equals(e.getMessage())) {
                    problem = String.valueOf(e.getMessage());
                    log.atError()
                            .addKeyValue("reason", problem)
                            .log("The runtime cannot be told of ipamd; it is tried again each second");
                }
                readiness.unannounced(problem);
                boolean _ = stop.await(1, TimeUnit.SECONDS);
            }
        }
    }

    private void serve(ConflistFile conflist, Readiness readiness, long began) throws IOException {
        log.atInfo()
                .addKeyValue("conflist", conflist.write())
                .addKeyValue("took", Duration.ofNanos(nanos.getAsLong() - began))
                .log("Serving");
        readiness.unannounced("");
        List<String> before = conflist.before();
        if (!before.isEmpty()) {
            log.atWarn()
                    .addKeyValue("files", before)
                    .log("The runtime takes another CNI configuration first: pods come to ipamd only if that one"
                            + " delegates to it, as Multus does; else remove it");
        }
    }

    /// No append waits for the disk itself: what a process wrote outlives it, and the pods' links go with the
    /// machine.
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

    /// So that no pod is put on an ENI whose subnet's tags forbid it. Without an answer ipamd starts all the
    /// same: a look asks again.
    private static void lookAtSubnets(EniPlacements sites, Ec2 ec2, NodeIdentity identity, Instant now) {
        if (!sites.wantsRegularLook(now)) {
            return;
        }
        try {
            if (ec2.perform(new Ec2Call.SubnetsOf(identity.vpcId(), identity.availabilityZone()))
                    instanceof Ec2Answer.Subnets(var subnets)) {
                sites.saw(subnets, now);
            }
        } catch (Ec2Failure e) {
            sites.unseen(now);
            log.atWarn().addKeyValue("reason", e.getMessage()).log("EC2 does not tell the zone's subnets");
        }
    }

    /// EC2 as far as this node may ask it.
    private Ec2 provisioned(Ec2 ec2, HttpImds imds, NodeIdentity identity) {
        return switch (settings.eni().provisioning()) {
            case ON -> ec2;
            case OFF -> new ReadOnlyEc2(ec2);
            case IMDS_ONLY -> new ImdsEc2(imds, identity.instanceId());
        };
    }

    /// Not in `/run`: an ENI outlives the machine's memory.
    private IntentFile.Opened openIntents(Metrics metrics) {
        IntentFile.Opened intents = IntentFile.open(
                new DirectoryDisk(settings.daemon().stateDirectory()),
                work -> Thread.ofVirtual().name("intents-compaction").start(work));
        for (Finding finding : intents.findings()) {
            metrics.found(finding.kind());
            log.atWarn().addKeyValue("kind", finding.kind()).log(finding.text());
        }
        if (!intents.open().isEmpty()) {
            log.atInfo().addKeyValue("intents", intents.open()).log("An earlier life left works on ENIs unfinished");
        }
        return intents;
    }

    /// On a node that the AWS VPC CNI had, until now or between two lives of ipamd, its pods keep their addresses.
    private AwsCheckpoint.Read checkpoint() {
        return new AwsCheckpoint(new ObjectMapper(), Conflist.NETWORK_NAME)
                .read(settings.daemon().awsCheckpoint());
    }

    /// The SDK's own variable for another metadata service, honoured for our questions too.
    private URI imdsEndpoint() {
        String endpoint = environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
        return endpoint.isEmpty() ? HttpImds.DEFAULT_ENDPOINT : URI.create(endpoint);
    }

    private Path netnsSocket() {
        return settings.daemon().socket().resolveSibling("netns.sock");
    }

    private Introspection.NodeFacts facts(NodeStart node, Instant startedAt, List<Leftover> leftovers) {
        return new Introspection.NodeFacts(
                settings.daemon().nodeName(),
                node.identity().instanceId(),
                node.identity().instanceType(),
                node.identity().primaryAddress().getHostAddress(),
                node.limits().enisMax(),
                node.limits().addressesPerEniMax(),
                VERSION,
                startedAt,
                leftovers.stream()
                        .map(leftover -> leftover.object() + ": " + leftover.command())
                        .toList());
    }

    private void logProxies() {
        if (!settings.proxies().lines().isEmpty()) {
            log.atInfo()
                    .addKeyValue("proxies", settings.proxies().lines())
                    .log("AWS is called by a proxy; IMDS and Pod Identity's agent are not");
        }
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
}
