package io.vpceni.lab.node;

import io.vpceni.config.Conflist;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.machine.Namespace;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// ipamd in its node, started exactly as its DaemonSet will start it.
public final class ConfinedIpamd implements AutoCloseable {
    /// How long a start may take.
    public static final Duration READY_MAX = Duration.ofSeconds(40);

    private static final Duration STOP_MAX = Duration.ofSeconds(15);
    private static final long LOOK_EVERY_MILLIS = 10;
    private static final int LOG_TAIL_LINES = 15;

    private final String node;
    private final Process process;
    private final NodeDirectories directories;
    private final Optional<Object> before; // the conflist that lay there when it was started
    private final LongSupplier nanoTime;
    private final long begun;
    private volatile Duration readyAfter = Duration.ZERO;

    private ConfinedIpamd(
            String node,
            Process process,
            NodeDirectories directories,
            Optional<Object> before,
            LongSupplier nanoTime,
            long begun) {
        this.node = node;
        this.process = process;
        this.directories = directories;
        this.before = before;
        this.nanoTime = nanoTime;
        this.begun = begun;
    }

    /// Starts ipamd and waits until it has written its conflist, which it does once it can serve.
    ///
    /// @param settings beyond those that every node sets, such as `WARM_IP_TARGET`; they win
    /// @throws IOException with the end of its log, when it ends or is not ready in time
    public static ConfinedIpamd start(
            LabResources resources,
            Namespace namespace,
            String node,
            IpamdInstallation installation,
            URI ec2Endpoint,
            SortedMap<String, String> settings,
            LongSupplier nanoTime)
            throws IOException {
        ConfinedIpamd ipamd = begin(resources, namespace, node, installation, ec2Endpoint, settings, nanoTime);
        ipamd.awaitReady();
        return ipamd;
    }

    /// Starts ipamd and does not wait for it. [#awaitReady] does.
    public static ConfinedIpamd begin(
            LabResources resources,
            Namespace namespace,
            String node,
            IpamdInstallation installation,
            URI ec2Endpoint,
            SortedMap<String, String> settings,
            LongSupplier nanoTime)
            throws IOException {
        NodeDirectories directories = NodeDirectories.create(resources.directory(), node);
        Optional<Object> before = version(conflist(directories)); // another one says that this ipamd is ready
        Path mountPoint = Files.createDirectories(directories.root().resolve("image"));
        ProcessBuilder builder = new ProcessBuilder(namespace.inside(Confinement.command(
                installation,
                directories,
                mountPoint.toString(),
                environment(node, directories, ec2Endpoint, settings))));
        builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directories.log().toFile()));
        builder.redirectInput(Path.of("/dev/null").toFile());
        long begun = nanoTime.getAsLong();
        return new ConfinedIpamd(node, resources.start(builder), directories, before, nanoTime, begun);
    }

    /// Waits until it can serve.
    ///
    /// @throws IOException with the end of its log, when it ends or is not ready in time; it is killed then
    public void awaitReady() throws IOException {
        try {
            if (!becomesReady(READY_MAX)) {
                throw new IOException("ipamd on " + node + " is not ready after " + READY_MAX.toSeconds() + " s\n"
                        + logTail(directories));
            }
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /// Waits until it can serve, and leaves it running also when it cannot in that time, as its DaemonSet would.
    ///
    /// @return whether it can
    /// @throws IOException with the end of its log, when it ends
    public boolean becomesReady(Duration max) throws IOException {
        try {
            for (long look = 0; look < max.toMillis() / LOOK_EVERY_MILLIS; look++) {
                if (isServing()) {
                    readyAfter = Duration.ofNanos(nanoTime.getAsLong() - begun);
                    return true;
                }
                if (process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("ipamd on " + node + " ended with status " + process.exitValue() + "\n"
                            + logTail(directories));
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ipamd on " + node + " starts", e);
        }
    }

    private static SortedMap<String, String> environment(
            String node, NodeDirectories directories, URI ec2Endpoint, SortedMap<String, String> settings) {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", "/root");
        environment.put("LANG", "C.UTF-8");
        environment.put("MY_NODE_NAME", node);
        environment.put("AWS_ENDPOINT_URL_EC2", ec2Endpoint.toString());
        environment.put("VPC_ENI_HOST_SOCKET", directories.socket().toString());
        environment.put("HOST_CNI_CONFDIR_PATH", Confinement.CONFLISTS);
        environment.putAll(settings);
        return environment;
    }

    /// What tells a file from another that is put in its place; empty when there is none.
    private static Optional<Object> version(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, "unix:ino,lastModifiedTime"));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Whether this one has written its conflist, which it does once it can serve. One of before may lie there.
    public boolean isServing() throws IOException {
        Optional<Object> now = version(conflist(directories));
        return now.isPresent() && !now.equals(before);
    }

    private static Path conflist(NodeDirectories directories) {
        return directories.conflists().resolve(Conflist.FILE_NAME);
    }

    /// The end of what ipamd said.
    public String logTail() throws IOException {
        return logTail(directories);
    }

    private static String logTail(NodeDirectories directories) throws IOException {
        List<String> lines = Files.readAllLines(directories.log(), StandardCharsets.UTF_8);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }

    /// The process is ipamd's own: nothing stands between.
    public Process process() {
        return process;
    }

    public NodeDirectories directories() {
        return directories;
    }

    /// From exec until it could serve, to about 10 ms; zero until it was waited for.
    public Duration readyAfter() {
        return readyAfter;
    }

    /// The conflist as it was written.
    public Path conflist() {
        return conflist(directories);
    }

    /// SIGTERM, as the kubelet sends it.
    ///
    /// @throws IOException when it had to be killed at the bound
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                Files.writeString(directories.log(), "lab: killed, it did not stop\n", StandardOpenOption.APPEND);
                throw new IOException(
                        "ipamd on " + node + " has not stopped within " + STOP_MAX.toSeconds() + " s\n" + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ipamd on " + node + " stops", e);
        }
    }
}
