package io.vpceni.lab.localstack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// LocalStack and what it needs, from PyPI by the lock file, in a virtual environment that outlives the run.
///
/// @param directory complete, or not there: it is made beside its place and renamed into it
record LocalStackInstallation(Path directory) {
    private static final long INSTALL_SECONDS_MAX = 900; // 20-50 s here; a slow line may take longer
    private static final long CATALOG_SECONDS_MAX = 120; // 5.5 s here

    /// What the user's own environment may say to pip and Python about proxies, certificates and indexes.
    private static final List<String> PASSED_ON = List.of("PIP_", "SSL_", "REQUESTS_", "HTTP", "http", "NO_", "no_");

    Path python() {
        return directory.resolve("venv/bin/python");
    }

    /// The service catalog, made once: a start without it takes 5 s longer and 350 MB more.
    Path catalog() {
        return directory.resolve("root/usr/lib/localstack");
    }

    /// Finds the installation of this very lock file, or makes it.
    static LocalStackInstallation ensure(Path home, Map<String, String> environment, Consumer<String> progress)
            throws IOException {
        Path lock = home.resolve("integration-tests/localstack/requirements.lock");
        Path cache = cache(environment);
        Path place = cache.resolve("localstack-" + LocalStackServer.VERSION + "-" + hash(lock));
        LocalStackInstallation installation = new LocalStackInstallation(place);
        if (Files.isDirectory(place)) {
            return installation;
        }
        Files.createDirectories(cache);
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("localstack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!Files.isDirectory(place)) {
                progress.accept(
                        "installing LocalStack " + LocalStackServer.VERSION + " from PyPI, once, about a minute");
                install(Python.find(environment), lock, place, environment);
            }
        }
        return installation;
    }

    /// Root's installation belongs to root: under sudo nothing of root's is left in the caller's home or work tree.
    private static Path cache(Map<String, String> environment) {
        Path machine = Path.of("/var/cache");
        if (Files.isWritable(machine)) {
            return machine.resolve("vpc-eni-lab");
        }
        String user = environment.getOrDefault("XDG_CACHE_HOME", environment.getOrDefault("HOME", "/tmp") + "/.cache");
        return Path.of(user, "vpc-eni-lab");
    }

    private static void install(Path python, Path lock, Path place, Map<String, String> environment)
            throws IOException {
        Path making = place.resolveSibling(place.getFileName() + ".making");
        delete(making); // of a run that was killed
        LocalStackInstallation made = new LocalStackInstallation(making);
        Files.createDirectories(made.catalog());
        Path log = making.resolve("install.log");
        Map<String, String> variables = variables(environment, making);
        Programs.run(
                "no virtual environment for LocalStack",
                List.of(python.toString(), "-m", "venv", making.resolve("venv").toString()),
                variables,
                log,
                INSTALL_SECONDS_MAX);
        Programs.run(
                "pip could not install LocalStack from PyPI",
                List.of(
                        made.python().toString(),
                        "-m",
                        "pip",
                        "install",
                        "--no-input",
                        "--disable-pip-version-check",
                        "--require-hashes",
                        "--only-binary=:all:",
                        "-r",
                        lock.toAbsolutePath().toString()),
                variables,
                log,
                INSTALL_SECONDS_MAX);
        Programs.run(
                "LocalStack did not make its service catalog",
                List.of(made.python().toString(), "-m", "localstack.aws.spec"),
                variables,
                log,
                CATALOG_SECONDS_MAX);
        delete(making.resolve("home"));
        Files.move(making, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Map<String, String> variables(Map<String, String> environment, Path making) throws IOException {
        Map<String, String> variables = new HashMap<>();
        environment.forEach((name, value) -> {
            if (PASSED_ON.stream().anyMatch(name::startsWith)) {
                variables.put(name, value);
            }
        });
        Path ownHome = Files.createDirectories(making.resolve("home"));
        variables.put("PATH", environment.getOrDefault("PATH", "/usr/bin:/bin"));
        variables.put("HOME", ownHome.toString()); // pip's and plux's caches stay out of the user's
        variables.put("OVERRIDE_IN_DOCKER", "0"); // else the root below is ignored where /.dockerenv exists
        variables.put("FILESYSTEM_ROOT", making.resolve("root").toString());
        variables.put("SKIP_SSL_CERT_DOWNLOAD", "1");
        return variables;
    }

    private static String hash(Path lock) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(lock));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Deletes a tree; one that is not there is deleted.
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList().reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
