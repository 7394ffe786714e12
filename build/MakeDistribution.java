import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// `java MakeDistribution.java DIST TRAINING`: completes ipamd's distribution, which the image has at /opt/vpc-eni.
///
/// Writes `DIST/ipamd.args`, the argument file with which `/opt/vpc-eni/ipamd` starts ipamd's JVM, `DIST/jni`, the
/// native libraries, and `DIST/ipamd.aot`, the JVM's ahead-of-time cache (JEP 514) from one training run, whose classes
/// are in the jar TRAINING, which is no part of the distribution. The cache is made for this JDK and these jars in this
/// order; where either differs the JVM says nothing and starts without it. Does nothing when jars, options and JDK are
/// those of the last time.
public final class MakeDistribution {
    private static final String HOME = "/opt/vpc-eni";

    /// Where jffi's library lies, in a directory of each machine's (`jffi.boot.library.path`). Else it would unpack
    /// that into /tmp at each start, from where it cannot be loaded when /tmp is mounted noexec.
    private static final String LIBRARIES = "jni";

    private static final List<String> MACHINES = List.of("x86_64-Linux", "aarch64-Linux");

    public static void main(String[] args) throws Exception {
        Path dist = Path.of(args[0]).toAbsolutePath();
        Path training = Path.of(args[1]).toAbsolutePath();
        List<Path> jars;
        try (Stream<Path> files = Files.list(dist.resolve("lib"))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        List<String> options = Files.readAllLines(dist.resolve("jvm.options")).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        for (String launcher : List.of("ipamd", "ipamctl")) {
            Files.setPosixFilePermissions(dist.resolve(launcher), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path stamp = dist.resolve("ipamd.stamp");
        String fingerprint = fingerprint(Stream.concat(jars.stream(), Stream.of(training)).toList(), options);
        if (Files.exists(stamp) && Files.readString(stamp).equals(fingerprint)) {
            return;
        }
        Files.deleteIfExists(stamp);
        unpack(dist, jars);
        train(dist, jars, training, options);
        check(dist, jars, options);
        Files.write(dist.resolve("ipamd.args"), arguments(jars, options));
        Files.writeString(stamp, fingerprint);
    }

    private static List<String> arguments(List<Path> jars, List<String> options) {
        List<String> lines = new ArrayList<>(options);
        lines.add("-XX:AOTCache=" + HOME + "/ipamd.aot");
        lines.add("-Djffi.boot.library.path=" + HOME + "/" + LIBRARIES);
        lines.add("-cp");
        lines.add(jars.stream().map(jar -> HOME + "/lib/" + jar.getFileName()).collect(Collectors.joining(":")));
        lines.add("io.vpceni.ipamd.Ipamd");
        return lines;
    }

    private static void unpack(Path dist, List<Path> jars) throws IOException {
        Path jar = jars.stream()
                .filter(file -> file.getFileName().toString().matches("jffi-.*-native\\.jar"))
                .findFirst()
                .orElseThrow(() -> new IOException("no jffi-*-native.jar in " + dist.resolve("lib")));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (String machine : MACHINES) {
                ZipEntry library = zip.getEntry("jni/" + machine + "/libjffi-1.2.so");
                if (library == null) {
                    throw new IOException(jar + " has no library for " + machine);
                }
                Path directory = Files.createDirectories(dist.resolve(LIBRARIES).resolve(machine));
                try (InputStream in = zip.getInputStream(library)) {
                    Files.copy(in, directory.resolve("libjffi-1.2.so"), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void train(Path dist, List<Path> jars, Path training, List<String> options)
            throws IOException, InterruptedException {
        Path log = dist.resolveSibling("training.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Xlog:disable");
        command.add("-XX:AOTCacheOutput=" + dist.resolve("ipamd.aot"));
        command.add("-Djffi.boot.library.path=" + dist.resolve(LIBRARIES));
        command.add("-cp");
        command.add(jars.stream().map(Path::toString).collect(Collectors.joining(":")));
        command.addAll(List.of(
                "io.vpceni.ipamd.AotTraining", training.toString(), "io.vpceni.distribution.AotTrainingRun"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // What the builder's machine has for every JVM, an agent say, does not belong into the cache.
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        if (process.waitFor() != 0 || !Files.exists(dist.resolve("ipamd.aot"))) {
            throw new IOException("ipamd's training run failed, see " + log + "\n" + Files.readString(log));
        }
    }

    /// Starts ipamd as the image does, with settings that are wrong: it says so and ends with 2, unless the JVM
    /// cannot use the cache.
    private static void check(Path dist, List<Path> jars, List<String> options)
            throws IOException, InterruptedException {
        Path log = dist.resolveSibling("cache-check.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-XX:AOTCache=" + dist.resolve("ipamd.aot"));
        command.add("-XX:AOTMode=on");
        command.add("-cp");
        command.add(jars.stream().map(Path::toString).collect(Collectors.joining(":")));
        command.add("io.vpceni.ipamd.Ipamd");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().put("WARM_IP_TARGET", "wrong");
        if (builder.start().waitFor() != 2) {
            throw new IOException("the JVM does not use ipamd's ahead-of-time cache, see " + log + "\n"
                    + Files.readString(log));
        }
    }

    private static String fingerprint(List<Path> jars, List<String> options) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((System.getProperty("java.vm.version") + arguments(List.of(), options)).getBytes());
        for (Path jar : jars) {
            digest.update(jar.getFileName().toString().getBytes());
            digest.update(Files.readAllBytes(jar));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
