package io.vpceni.lab.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What ipamd's image will hold: a Java runtime and ipamd's distribution, which lies at `/opt/vpc-eni` there.
///
/// @param javaHome of a JDK or Java runtime 25
/// @param dist directory with the launcher `ipamd`, `lib/`, the JVM's ahead-of-time cache, and `ipamd.args`, which
/// names both
public record IpamdInstallation(Path javaHome, Path dist) {
    /// What starts ipamd, as its image sees it.
    static final String LAUNCHER = "/opt/vpc-eni/ipamd";

    /// The build below the project's directory, run by the Java runtime that runs this.
    ///
    /// @throws IOException when ipamd is not built
    public static IpamdInstallation built(Path home) throws IOException {
        Path dist = home.resolve("distribution/target/dist");
        if (!Files.isRegularFile(dist.resolve("ipamd.args"))) {
            throw new IOException("ipamd is not built: " + dist.resolve("ipamd.args") + " is missing; ./lab builds it");
        }
        return new IpamdInstallation(Path.of(System.getProperty("java.home")), dist);
    }
}
