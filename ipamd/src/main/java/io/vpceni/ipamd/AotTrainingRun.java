package io.vpceni.ipamd;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.config.MacAddress;
import io.vpceni.config.PoolSettings;
import io.vpceni.config.ProxySettings;
import io.vpceni.config.Settings;
import io.vpceni.config.SettingsException;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.life.LifecycleSettings;
import io.vpceni.eni.life.LinkPlan;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.ipamd.cni.CniCommand;
import io.vpceni.ipamd.cni.CniEndpoint;
import io.vpceni.ipamd.cni.CniRequestReader;
import io.vpceni.ipamd.cni.CniResult;
import io.vpceni.ipamd.cni.CniService;
import io.vpceni.ipamd.cni.PodDatapath;
import io.vpceni.ipamd.cni.PodNetwork;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.log.LogSetup;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Ec2StatusText;
import io.vpceni.ipamd.observe.FailedAdds;
import io.vpceni.ipamd.observe.HttpPages;
import io.vpceni.ipamd.observe.Introspection;
import io.vpceni.ipamd.observe.MeteredEc2;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Pages;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.ipamd.owner.CachedSnapshot;
import io.vpceni.ipamd.owner.EniEffectExecutor;
import io.vpceni.ipamd.owner.PoolEventLog;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.loop.PoolLoop;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniGrpc;
import io.vpceni.rpc.CniRequest;
import io.vpceni.rpc.Variable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A rehearsal of ipamd for the JVM's ahead-of-time cache (JEP 514): the build runs it once with
/// `-XX:AOTCacheOutput`, and ipamd then starts with the classes that it loaded here, and the profiles of what it did
/// here.
///
/// It needs no root, no network and no AWS: real settings, owners, pool, gRPC server and pages; a kernel that says
/// yes; and the SDK against a local page ([AotTrainingEc2]). The node fills its ENI and makes a second one meanwhile.
@ProcessBoundary
public final class AotTrainingRun {
    private static final int REQUESTS = 200;
    private static final Duration GROWTH_MAX = Duration.ofSeconds(30);
    private static final String TOKEN = "token";
    private static final String INSTANCE = "i-0123456789abcdef0";
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final Cidr SUBNET = Cidr.parse("10.0.0.0/24");
    private static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\"}";

    private AotTrainingRun() {}

    public static void main(String[] args) throws IOException, InterruptedException, SettingsException {
        LogSetup.apply(true, "WARN");
        Settings settings = Settings.from(Map.of());
        Path directory = Files.createTempDirectory("vpc-eni-rehearsal");
        try (AotTrainingEc2 _ = AotTrainingEc2.start();
                AwsEc2 ec2 = AwsEc2.open(Daemon.VERSION, Map.of(), settings.proxies(), Clock.systemUTC())) {
            refused(ec2);
            serve(settings, directory, ec2);
            assumeRole(directory.resolve(TOKEN));
        } finally {
            Files.deleteIfExists(directory.resolve(TOKEN));
            Files.deleteIfExists(directory.resolve("pool.journal"));
            Files.deleteIfExists(directory.resolve(IntentFile.NAME));
            Files.deleteIfExists(directory);
        }
    }

    /// Puts the SDK's STS into the cache, so that a node whose ipamd has a role of its own starts as fast. One that
    /// has none does not load it.
    private static void assumeRole(Path token) throws IOException {
        Files.writeString(token, "rehearsal");
        System.clearProperty("aws.accessKeyId"); // keys go before a role
        Map<String, String> environment = Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString(),
                "AWS_ROLE_ARN",
                "arn:aws:iam::111122223333:role/rehearsal");
        try (AwsEc2 ec2 = AwsEc2.open(Daemon.VERSION, environment, ProxySettings.NONE, Clock.systemUTC())) {
            refused(ec2);
            if (ec2.access().credentials().accessKeyId().isEmpty()) {
                throw new IllegalStateException(
                        "the rehearsal failed: " + ec2.access().credentials());
            }
        }
    }

    /// Loads the SDK: builds the client, signs and sends, reads an error.
    private static void refused(AwsEc2 ec2) {
        try {
            var _ = ec2.perform(new Ec2Call.EnisOf(INSTANCE));
        } catch (Ec2Failure expected) {
            LogSetup.apply(true, expected.kind() == Ec2Failure.Kind.UNAUTHORIZED ? "WARN" : "INFO");
        }
    }

    private static void serve(Settings settings, Path directory, AwsEc2 ec2) throws IOException, InterruptedException {
        NodeLimits limits = new NodeLimits(2, 11);
        WarmPool pool = new WarmPool(new PoolSettings(1, 0, 0, 2, Duration.ZERO), limits);
        List<Cidr> addresses = java.util.stream.IntStream.range(10, 15)
                .mapToObj(last -> Cidr.parse("10.0.0." + last + "/32"))
                .toList();
        Clock time = Clock.systemUTC();
        pool.handle(new Message.EniReady(0, new Eni(ENI, 0, 0, true, 10), addresses), time.instant());
        ObjectMapper json = new ObjectMapper();
        Metrics metrics = new Metrics(Daemon.VERSION);
        Readiness readiness = new Readiness();
        Pages pages = new Pages(readiness, metrics);
        Path socket = directory.resolve("ipamd.sock");
        JournalFile.Opened journal = JournalFile.open(
                new DirectoryDisk(directory),
                new JournalFile.Habits("pool.journal", false, JournalFile.Habits.COMPACT_ABOVE_BYTES),
                JournalClock.of("rehearsal", time.instant(), System.nanoTime()),
                time,
                Runnable::run);
        CountDownLatch linked = new CountDownLatch(1);
        NodeStart node = node(addresses, limits);
        EniSubsystem cloud = cloud(node, directory, ec2, metrics, linked);
        try (JournalFile file = journal.file();
                cloud;
                PoolOwner owner = new PoolOwner(
                        new PoolLoop(
                                pool,
                                file,
                                cloud,
                                new PoolEventLog(metrics, readiness, directory.resolve("pool.journal"))),
                        time,
                        _ -> {});
                HttpPages page = HttpPages.start(
                        "rehearsal", loopback(), pages.introspection(), System::nanoTime, metrics::cutOff)) {
            CachedSnapshot<PoolSnapshot> view =
                    new CachedSnapshot<>(pool.snapshot(time.instant()), owner::look, System::nanoTime);
            CachedSnapshot<Ec2Status> cloudView = new CachedSnapshot<>(cloud.first(), cloud::look, System::nanoTime);
            Introspection introspection = new Introspection(json, facts(limits, time));
            owner.start();
            cloud.start(node.enis(), owner);
            pages.show(view, cloudView, introspection, owner::isAlive);
            metrics.watch(view, limits);
            metrics.watchCloud(cloudView);
            PodNetwork pods = new PodNetwork(
                    owner,
                    new YesWires(),
                    metrics,
                    () -> Ec2StatusText.whyGrowthWaits(cloudView),
                    settings.daemon().addWait(),
                    System::nanoTime);
            CniService service = new CniService(
                    new CniRequestReader(),
                    new CniResult(json),
                    pods,
                    () -> readiness.verdict(view.get()),
                    metrics,
                    new FailedAdds(time),
                    System::nanoTime);
            try (CniEndpoint _ = CniEndpoint.open(socket, service, metrics, System::nanoTime)) {
                call(socket);
            }
            if (!linked.await(GROWTH_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the rehearsal failed: no second ENI\n" + introspection.cloud(view.get(), cloudView.get()));
            }
            metrics.render();
            page.address();
        }
    }

    private static NodeStart node(List<Cidr> addresses, NodeLimits limits) {
        InetAddress own = InetAddress.ofLiteral("10.0.0.9");
        NodeIdentity identity = new NodeIdentity(
                INSTANCE,
                "m5.large",
                "us-east-1",
                "us-east-1a",
                "vpc-0",
                "subnet-0",
                List.of("sg-0"),
                List.of(SUBNET),
                MAC,
                own);
        AttachedEni primary = new AttachedEni(ENI, MAC, 0, 0, true, EniRole.PODS, own, addresses, SUBNET);
        return new NodeStart(identity, limits, List.of(primary));
    }

    private static EniSubsystem cloud(
            NodeStart node, Path directory, AwsEc2 ec2, Metrics metrics, CountDownLatch linked) {
        Clock time = Clock.systemUTC();
        EniEffectExecutor.Links links = new EniEffectExecutor.Links() {
            @Override
            public void setUp(LinkPlan link) {
                if (link.id().value().equals(AotTrainingEc2.NEW_ENI)) {
                    linked.countDown();
                }
            }

            @Override
            public void takeDown(EniId eni) {}
        };
        return new EniSubsystem(
                node,
                new EniPlacements(
                        new EniSettings("rehearsal").withoutDiscovery(), node.identity(), _ -> Optional.empty()),
                IntentFile.open(new DirectoryDisk(directory), Runnable::run),
                new LifecycleSettings("rehearsal", true),
                new RequestScheduler(BudgetSettings.ofShare(1), 1),
                new EniSubsystem.Outfit(
                        new MeteredEc2(ec2, metrics, System::nanoTime),
                        ec2::circuit,
                        ec2::access,
                        links,
                        Map::of,
                        directory,
                        time,
                        new SplittableRandom(1)),
                metrics);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    private static Introspection.NodeFacts facts(NodeLimits limits, Clock time) {
        return new Introspection.NodeFacts(
                "rehearsal",
                "",
                "",
                "",
                limits.enisMax(),
                limits.addressesPerEniMax(),
                Daemon.VERSION,
                time.instant(),
                List.of());
    }

    private static void call(Path socket) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class)
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
        try {
            CniGrpc.CniBlockingStub stub = CniGrpc.newBlockingStub(channel);
            for (int i = 0; i < REQUESTS; i++) {
                CniAnswer added = stub.call(request("ADD", i));
                CniAnswer deleted = stub.call(request("DEL", i));
                if (added.getExitCode() != 0 || deleted.getExitCode() != 0) {
                    throw new IllegalStateException("the rehearsal failed: "
                            + added.getStdout().toStringUtf8()
                            + deleted.getStdout().toStringUtf8());
                }
            }
        } finally {
            channel.shutdownNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static CniRequest request(String command, int pod) {
        return CniRequest.newBuilder()
                .setProtocol(1)
                .addEnvironment(variable("CNI_COMMAND", command))
                .addEnvironment(variable("CNI_CONTAINERID", "c" + pod))
                .addEnvironment(variable("CNI_NETNS", "/run/netns/c" + pod))
                .addEnvironment(variable("CNI_IFNAME", "eth0"))
                .addEnvironment(variable("CNI_ARGS", "K8S_POD_NAMESPACE=rehearsal;K8S_POD_NAME=p" + pod))
                .setStdin(ByteString.copyFromUtf8(CONFIGURATION))
                .setNetnsNonce(ByteString.copyFrom(new byte[16]))
                .build();
    }

    private static Variable variable(String name, String value) {
        return Variable.newBuilder().setName(name).setValue(value).build();
    }

    /// A kernel that says yes.
    private static final class YesWires implements PodDatapath {
        @Override
        public Sandbox sandbox(byte[] nonce) {
            return new Sandbox() {
                @Override
                public CniResult.Wired wire(CniCommand.Add add, Assignment assignment) {
                    return new CniResult.Wired(
                            "eni0",
                            "02:00:00:00:00:01",
                            "eth0",
                            "02:00:00:00:00:02",
                            add.netnsPath(),
                            assignment.eni().value(),
                            assignment.address(),
                            InetAddress.ofLiteral("169.254.1.1"),
                            9001,
                            true);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void unwire(Assignment assignment) {}
    }
}
