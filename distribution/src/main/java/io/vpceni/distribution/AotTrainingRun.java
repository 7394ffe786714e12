package io.vpceni.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vpceni.config.ProxySettings;
import io.vpceni.config.Settings;
import io.vpceni.config.SettingsException;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.ipamd.Daemon;
import io.vpceni.ipamd.ProcessBoundary;
import io.vpceni.ipamd.log.LogSetup;
import io.vpceni.pool.EniId;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniGrpc;
import io.vpceni.rpc.CniRequest;
import io.vpceni.rpc.Variable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Starts ipamd's [Daemon] with a made-up AWS and kernel, has it wire and unwire pods while it fills its ENI and makes
/// a second one, reads its pages, and stops it. Fails when any of that does not come about.
@ProcessBoundary
public final class AotTrainingRun {
    private static final int REQUESTS = 200;
    private static final Duration STEP_MAX = Duration.ofSeconds(60);
    private static final List<String> PAGES =
            List.of("/readyz", "/healthz", "/v1/status", "/v1/pods", "/v1/enis", "/v1/cloud");
    private static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\"}";

    private AotTrainingRun() {}

    public static void main(String[] args) throws Exception {
        LogSetup.apply(true, "WARN");
        Path directory = Files.createTempDirectory("vpc-eni-training");
        try (TrainingAws aws = TrainingAws.start()) {
            serve(directory, aws);
            assumeRole(directory.resolve("token"));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void serve(Path directory, TrainingAws aws)
            throws IOException, InterruptedException, SettingsException, ExecutionException, TimeoutException {
        String pages = "127.0.0.1:" + freePort();
        String metrics = "127.0.0.1:" + freePort();
        Settings settings = Settings.from(Map.of(
                "VPC_ENI_SOCKET",
                directory.resolve("ipamd.sock").toString(),
                "VPC_ENI_JOURNAL",
                directory.resolve("pool.journal").toString(),
                "VPC_ENI_STATE_DIRECTORY",
                directory.resolve("state").toString(),
                "HOST_CNI_CONFDIR_PATH",
                directory.resolve("net.d").toString(),
                "INTROSPECTION_BIND_ADDRESS",
                pages,
                "VPC_ENI_METRICS_BIND_ADDRESS",
                metrics,
                "IP_COOLDOWN_PERIOD",
                "0",
                "CLUSTER_NAME",
                "training"));
        Files.createDirectories(directory.resolve("state"));
        Files.createDirectories(directory.resolve("net.d"));
        Map<String, String> environment = Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.url());
        TrainingKernel kernel = new TrainingKernel();
        Daemon daemon = new Daemon(settings, environment, Clock.systemUTC(), System::nanoTime, kernel);
        FutureTask<Boolean> run = new FutureTask<>(() -> {
            try (daemon) {
                daemon.run();
                return true;
            }
        });
        Thread.ofPlatform().name("training-ipamd").start(run);
        try {
            call(settings.daemon().socket());
            if (!kernel.secondEni().await(STEP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the training run failed: no second ENI came\n" + read(pages, "/v1/cloud"));
            }
            PAGES.forEach(page -> read(pages, page));
            read(metrics, "/metrics");
        } finally {
            daemon.stopAndWait();
        }
        run.get(STEP_MAX.toSeconds(), TimeUnit.SECONDS);
    }

    /// Puts the SDK's STS into the cache, so that a node whose ipamd has a role of its own starts as fast; and what
    /// reads EC2's errors.
    private static void assumeRole(Path token) throws IOException {
        Files.writeString(token, "training");
        System.clearProperty("aws.accessKeyId"); // keys go before a role
        System.setProperty("aws.region", "us-east-1");
        Map<String, String> environment = Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString(),
                "AWS_ROLE_ARN",
                "arn:aws:iam::111122223333:role/training");
        try (AwsEc2 ec2 = AwsEc2.open("training", environment, ProxySettings.NONE, Clock.systemUTC())) {
            var _ = ec2.perform(new Ec2Call.Delete(new EniId("eni-0")));
            throw new IllegalStateException("the training run failed: EC2 did not refuse what it was to refuse");
        } catch (Ec2Failure expected) {
            if (expected.kind() != Ec2Failure.Kind.UNAUTHORIZED) {
                throw new IllegalStateException("the training run failed", expected);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static String read(String address, String page) {
        try (InputStream in = URI.create("http://" + address + page).toURL().openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the training run failed: ipamd does not serve " + page, e);
        }
    }

    private static void call(Path socket) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class)
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
        try {
            CniGrpc.CniBlockingStub stub = CniGrpc.newBlockingStub(channel).withWaitForReady();
            for (int i = 0; i < REQUESTS; i++) {
                CniAnswer added = call(stub, "ADD", i);
                CniAnswer deleted = call(stub, "DEL", i);
                if (added.getExitCode() != 0 || deleted.getExitCode() != 0) {
                    throw new IllegalStateException("the training run failed: "
                            + added.getStdout().toStringUtf8()
                            + deleted.getStdout().toStringUtf8());
                }
            }
        } finally {
            channel.shutdownNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static CniAnswer call(CniGrpc.CniBlockingStub stub, String command, int pod) {
        return stub.withDeadlineAfter(STEP_MAX.toSeconds(), TimeUnit.SECONDS)
                .call(CniRequest.newBuilder()
                        .setProtocol(1)
                        .addEnvironment(variable("CNI_COMMAND", command))
                        .addEnvironment(variable("CNI_CONTAINERID", "c" + pod))
                        .addEnvironment(variable("CNI_NETNS", "/run/netns/c" + pod))
                        .addEnvironment(variable("CNI_IFNAME", "eth0"))
                        .addEnvironment(variable("CNI_ARGS", "K8S_POD_NAMESPACE=training;K8S_POD_NAME=p" + pod))
                        .setStdin(ByteString.copyFromUtf8(CONFIGURATION))
                        .setNetnsNonce(ByteString.copyFrom(new byte[16]))
                        .build());
    }

    private static Variable variable(String name, String value) {
        return Variable.newBuilder().setName(name).setValue(value).build();
    }
}
