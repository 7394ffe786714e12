package io.vpceni.lab.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What ipamd's image will hold: a Java runtime, jars, and the options of the JVM.
///
/// @param javaHome of a JDK or Java runtime 25
/// @param dist directory with `lib/`
/// @param jvmOptions before the class path
public record IpamdInstallation(Path javaHome, Path dist, List<String> jvmOptions) {
    public IpamdInstallation {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /// The build below the project's directory, run by the Java runtime that runs this. The options are those in
    /// `ipamd/target/dist/jvm.options`, one a line.
    ///
    /// @throws IOException when ipamd is not built
    public static IpamdInstallation built(Path home) throws IOException {
        Path dist = home.resolve("ipamd/target/dist");
        if (!Files.isDirectory(dist.resolve("lib"))) {
            throw new IOException("ipamd is not built: " + dist.resolve("lib") + " is missing; ./lab builds it");
        }
        Path options = dist.resolve("jvm.options");
        List<String> lines = Files.readAllLines(options, StandardCharsets.UTF_8).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        return new IpamdInstallation(Path.of(System.getProperty("java.home")), dist, lines);
    }
}
