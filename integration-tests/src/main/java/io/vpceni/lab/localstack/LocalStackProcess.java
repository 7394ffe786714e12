package io.vpceni.lab.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
/// gone, so that thread lives as long as the server does.
final class LocalStackProcess implements LocalStackServer {
    /// 1.4 to 5.5 s here; a machine that builds at the same time needs more.
    private static final Duration READY_WAIT_MAX = Duration.ofSeconds(90);

    private static final Duration READY_LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration END_WAIT_MAX = Duration.ofSeconds(10);

    /// Not below the labs' own directory: whatever is there without an owner is taken for a dead lab's.
    private static final Path RUNS = Path.of("/run/vpc-eni-localstack");

    private final URI endpoint;
    private final Path directory;
    private final Process process;

    private LocalStackProcess(URI endpoint, Path directory, Process process) {
        this.endpoint = endpoint;
        this.directory = directory;
        this.process = process;
    }

    static LocalStackProcess start(LocalStackInstallation installation, Consumer<String> progress) throws IOException {
        progress.accept("starting LocalStack " + VERSION);
        Files.createDirectories(RUNS);
        sweep();
        Path directory = Files.createTempDirectory(
                RUNS, "localstack-" + ProcessHandle.current().pid() + "-");
        copyCatalog(installation.catalog(), directory.resolve("root/usr/lib/localstack"));
        int port = freePort();
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        Process process = startOnItsOwnThread(builder(installation, directory, port));
        LocalStackProcess server = new LocalStackProcess(endpoint, directory, process);
        try {
            server.waitUntilReady();
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return server;
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
        long looks = READY_WAIT_MAX.dividedBy(READY_LOOK_AGAIN);
        for (long look = 0; look < looks; look++) {
            if (HttpWire.answers(endpoint.resolve("/_localstack/health"), Duration.ofSeconds(2))) {
                return;
            }
            if (ended(READY_LOOK_AGAIN)) {
                throw new IOException("LocalStack ended with " + process.exitValue() + " before it was ready:\n"
                        + Programs.tail(directory.resolve("log")));
            }
        }
        throw new IOException("LocalStack was not ready after " + READY_WAIT_MAX.toSeconds() + " s:\n"
                + Programs.tail(directory.resolve("log")));
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

    /// Removes what a run left behind that was killed: the directory's name carries the pid of its owner.
    private static void sweep() throws IOException {
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(RUNS, "localstack-*-*")) {
            for (Path run : runs) {
                long owner = Long.parseLong(run.getFileName().toString().split("-", 3)[1]);
                if (ProcessHandle.of(owner).isEmpty()) {
                    LocalStackInstallation.delete(run);
                }
            }
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

    private static int freePort() throws IOException {
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
