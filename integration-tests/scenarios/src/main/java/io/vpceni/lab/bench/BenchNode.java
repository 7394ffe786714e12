package io.vpceni.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The measured node: ipamd, prepared sandboxes, and the jobs that add and delete them.
final class BenchNode implements AutoCloseable {
    private static final InetSocketAddress INTROSPECTION =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 61_679);
    private static final int ANSWER_WAIT_MS = 5_000;
    private static final long LOOK_AGAIN_MS = 100;
    private static final int QUIET_LOOKS = 20;
    private static final int LOOKS_MAX = 900; // 90 s: fifteen ENIs one after another, and a cooldown

    private final LabResources resources;
    private final SitePlan plan;
    private final LabInfrastructure infrastructure;
    private final VpcNode node;
    private final Path plugin;
    private final LongSupplier nanoTime;
    private final ObjectMapper json = new ObjectMapper();
    private final List<Namespace> sandboxes = new ArrayList<>();
    private ConfinedIpamd ipamd;
    private final String configuration;

    BenchNode(
            LabResources resources, SitePlan plan, LabInfrastructure infrastructure, Path plugin, LongSupplier nanoTime)
            throws IOException {
        this.resources = resources;
        this.plan = plan;
        this.infrastructure = infrastructure;
        this.plugin = plugin;
        this.nanoTime = nanoTime;
        this.node = infrastructure.nodes().firstEntry().getValue();
        this.ipamd = start();
        this.configuration = configuration();
    }

    private ConfinedIpamd start() throws IOException {
        return ConfinedIpamd.start(
                resources,
                node.namespace(),
                node.name(),
                IpamdInstallation.built(plan.home()),
                infrastructure.ec2Endpoint(),
                plan.ipamdSettings(),
                nanoTime);
    }

    /// Stops ipamd and starts it again.
    ///
    /// @return time from exec until it serves, in milliseconds
    long restart() throws IOException {
        ipamd.close();
        ipamd = start();
        return readyMs();
    }

    long readyMs() {
        return ipamd.readyAfter().toMillis();
    }

    Namespace namespace() {
        return node.namespace();
    }

    /// ipamd's resident memory now (`VmRSS` of proc(5)).
    long rssKb() throws IOException {
        Path status = Path.of("/proc", Long.toString(ipamd.process().pid()), "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException(status + " has no VmRSS");
    }

    /// Creates sandboxes up to this number.
    void prepareSandboxes(int count) throws IOException {
        while (sandboxes.size() < count) {
            sandboxes.add(resources.namespace("pod-" + sandboxes.size()));
        }
    }

    /// The jobs of one command for the sandboxes `from` (inclusive) to `to` (exclusive), in order.
    List<Job> jobs(String command, int from, int to) {
        List<Job> jobs = new ArrayList<>();
        for (int i = from; i < to; i++) {
            jobs.add(job(command, "bench-" + i, sandboxes.get(i).path().toString()));
        }
        return jobs;
    }

    /// A job without a sandbox.
    Job versionJob() {
        return new Job(
                List.of("CNI_COMMAND=VERSION", "CNI_PATH=" + plugin.getParent(), "PATH=/usr/bin:/bin"), configuration);
    }

    private Job job(String command, String pod, String netns) {
        String containerId = pod + "-" + resources.lab();
        return new Job(
                List.of(
                        "CNI_COMMAND=" + command,
                        "CNI_CONTAINERID=" + containerId,
                        "CNI_NETNS=" + netns,
                        "CNI_IFNAME=eth0",
                        "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=bench;K8S_POD_NAME=" + pod
                                + ";K8S_POD_INFRA_CONTAINER_ID=" + containerId,
                        "CNI_PATH=" + plugin.getParent(),
                        "PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
                configuration);
    }

    /// The plugin's object of the conflist that ipamd wrote, as libcni hands it over.
    private String configuration() throws IOException {
        JsonNode list = json.readTree(Files.readString(ipamd.conflist()));
        ObjectNode plugins = list.path("plugins").path(0).deepCopy();
        plugins.set("cniVersion", list.path("cniVersion"));
        plugins.set("name", list.path("name"));
        return plugins.toString();
    }

    /// Waits until this many addresses are assignable.
    void awaitAssignable(int wanted) throws IOException {
        for (int look = 0; look < LOOKS_MAX; look++) {
            if (status().path("assignable").asInt() >= wanted) {
                return;
            }
            pause();
        }
        throw new IOException("the pool has not become warm: " + wanted + " addresses are wanted, its status is "
                + status() + "\n" + ipamd.logTail());
    }

    /// Waits until the pool has reached its target.
    ///
    /// @return the number of assignable addresses then
    int awaitRest() throws IOException {
        int quiet = 0;
        for (int look = 0; look < LOOKS_MAX; look++) {
            JsonNode status = status();
            boolean steady = status.required("assignable").asInt() > 0
                    && status.required("pending").asInt()
                                    + status.required("pendingEnis").asInt()
                            == 0
                    && status.required("target").required("more").asInt() == 0;
            quiet = steady ? quiet + 1 : 0;
            if (quiet == QUIET_LOOKS) {
                return status.required("assignable").asInt();
            }
            pause();
        }
        throw new IOException("the pool has not come to rest, its status is " + status() + "\n" + ipamd.logTail());
    }

    @SuppressWarnings("DiscardedLatchAwait")
    private static void pause() throws IOException {
        try {
            boolean _ = new CountDownLatch(1).await(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the pool warms up", e);
        }
    }

    private JsonNode status() throws IOException {
        String answer = Netns.call(node.namespace().path(), () -> {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(ANSWER_WAIT_MS);
                socket.connect(INTROSPECTION, ANSWER_WAIT_MS);
                OutputStream out = socket.getOutputStream();
                out.write("GET /v1/status HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        });
        int body = answer.indexOf("\r\n\r\n");
        if (body < 0) {
            throw new IOException("the introspection answers no HTTP: " + answer);
        }
        return json.readTree(answer.substring(body));
    }

    @Override
    public void close() throws IOException {
        ipamd.close();
    }
}
