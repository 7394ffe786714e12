package io.vpceni.lab.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// LocalStack as a process on loopback, without Docker.
///
/// It dies with this process, however that ends: the kernel kills it (PDEATHSIG) when the thread that started it is
/// gone, so that thread runs as long as the server does.
final class LocalStackProcess implements LocalStackServer {
    /// 1.4 to 5.5 s here; a machine that builds at the same time needs more.
    private static final Duration READY_WAIT_MAX = Duration.ofSeconds(90);

    private static final Duration READY_LOOK_AGAIN = Duration.ofMillis(100);

    /// Short: a look that nobody answers is one of the looks that there are.
    private static final Duration HEALTH_WAIT_MAX = Duration.ofMillis(500);

    private static final Duration END_WAIT_MAX = Duration.ofSeconds(10);

    /// Not below the labs' own directory: whatever is there without an owner is taken for a dead lab's.
    private static final Path RUNS = Path.of("/run/vpc-eni-localstack");

    private final URI endpoint;
    private final Path directory;
    private final Process process;

    private static final int PORTS_TRIED_MAX = 3;

    /// Gives a port of loopback that nobody listens on, for the moment.
    @FunctionalInterface
    interface Ports {
        int next() throws IOException;
    }

    private LocalStackProcess(URI endpoint, Path directory, Process process) {
        this.endpoint = endpoint;
        this.directory = directory;
        this.process = process;
    }

    static LocalStackProcess start(LocalStackInstallation installation, Consumer<String> progress) throws IOException {
        return start(installation, LocalStackProcess::freePort, progress);
    }

    /// @param ports asked for another one where the one before was taken meanwhile
    static LocalStackProcess start(LocalStackInstallation installation, Ports ports, Consumer<String> progress)
            throws IOException {
        progress.accept("starting LocalStack " + VERSION);
        eraseAbandoned();
        LocalStackProcess server = startAt(installation, untaken(ports));
        try {
            server.waitUntilReady();
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /// LocalStack says that it is ready though its port is another's, so that is found out before.
    private static int untaken(Ports ports) throws IOException {
        int port = 0;
        for (int tried = 0; tried < PORTS_TRIED_MAX; tried++) {
            port = ports.next();
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException _) {
                // Somebody was quicker.
            }
        }
        throw new IOException("LocalStack finds no port: 127.0.0.1:" + port + " is taken, and those tried before");
    }

    private static LocalStackProcess startAt(LocalStackInstallation installation, int port) throws IOException {
        Files.createDirectories(RUNS);
        Path directory = Files.createTempDirectory(
                RUNS, "localstack-" + ProcessHandle.current().pid() + "-");
        copyCatalog(installation.catalog(), directory.resolve("root/usr/lib/localstack"));
        Process process = startOnItsOwnThread(builder(installation, directory, port));
        return new LocalStackProcess(URI.create("http://127.0.0.1:" + port), directory, process);
    }

    private static ProcessBuilder builder(LocalStackInstallation installation, Path directory, int port) {
        ProcessBuilder builder = new ProcessBuilder(
                        "setpriv",
                        "--pdeathsig",
                        "KILL",
                        installation.python().toString(),
                        "-m",
                        "localstack.runtime.main")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", directory.toString());
        environment.put("SERVICES", "ec2,sts");
        environment.put("OVERRIDE_IN_DOCKER", "0");
        environment.put("FILESYSTEM_ROOT", directory.resolve("root").toString());
        environment.put("GATEWAY_SERVER", "hypercorn"); // the default server listens on every address, come what may
        environment.put("GATEWAY_LISTEN", "127.0.0.1:" + port);
        environment.put("LOCALSTACK_HOST", "localhost:" + port);
        environment.put("DISABLE_EVENTS", "1");
        environment.put("SKIP_SSL_CERT_DOWNLOAD", "1");
        environment.put("DNS_ADDRESS", "0");
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private static Process startOnItsOwnThread(ProcessBuilder builder) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread _ = Thread.ofPlatform().daemon().name("localstack-process").start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                process.onExit().join();
            } catch (IOException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IOException("LocalStack did not start", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void waitUntilReady() throws IOException {
        Path log = directory.resolve("log");
        long looks = READY_WAIT_MAX.dividedBy(READY_LOOK_AGAIN);
        for (long look = 0; look < looks; look++) {
            if (HttpWire.answers(endpoint.resolve("/_localstack/health"), HEALTH_WAIT_MAX)) {
                return;
            }
            if (ended(READY_LOOK_AGAIN)) {
                throw new IOException("LocalStack ended with " + process.exitValue() + " before it was ready: "
                        + Programs.complaint(log));
            }
        }
        throw new IOException(
                "LocalStack was not ready after " + READY_WAIT_MAX.toSeconds() + " s: " + Programs.complaint(log));
    }

    private boolean ended(Duration wait) throws IOException {
        try {
            return process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void copyCatalog(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /// Takes away what runs left behind whose owner was killed: directories, and processes that work in one of them
    /// (the kernel kills those already, but for one that was started at the very moment of its owner's death).
    static void eraseAbandoned() throws IOException {
        if (!Files.isDirectory(RUNS)) {
            return;
        }
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(RUNS, "localstack-*-*")) {
            for (Path run : runs) {
                long owner = Long.parseLong(run.getFileName().toString().split("-", 3)[1]);
                if (!runs(owner, run)) {
                    ProcessHandle.allProcesses()
                            .filter(process -> worksIn(process.pid(), run))
                            .forEach(ProcessHandle::destroyForcibly);
                    LocalStackInstallation.delete(run);
                }
            }
        }
        leaveNoEmptyRuns();
    }

    /// A process that began after the directory was made has the owner's number by chance.
    private static boolean runs(long owner, Path run) throws IOException {
        Instant made = ((FileTime) Files.getAttribute(run, "creationTime")).toInstant();
        return ProcessHandle.of(owner)
                .filter(process ->
                        process.info().startInstant().map(made::isAfter).orElse(true))
                .isPresent();
    }

    private static boolean worksIn(long pid, Path directory) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                    .equals(directory);
        } catch (IOException _) {
            return false; // it ended, or is not ours
        }
    }

    /// Another lab may make its directory here at any moment, so this is tried, not done.
    private static void leaveNoEmptyRuns() throws IOException {
        try {
            Files.deleteIfExists(RUNS);
        } catch (DirectoryNotEmptyException _) {
            // Another lab's LocalStack runs.
        }
    }

    /// A port of loopback that nobody listens on, for the moment.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public String origin() {
        return "process, from the lock file";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.onExit().get(END_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
            LocalStackInstallation.delete(directory);
            leaveNoEmptyRuns();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("LocalStack, pid " + process.pid() + ", does not die", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
