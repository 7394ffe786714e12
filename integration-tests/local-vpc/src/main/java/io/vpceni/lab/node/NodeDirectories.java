package io.vpceni.lab.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The directories of one node that its ipamd may write to, and its log.
///
/// @param root in the lab's own directory
public record NodeDirectories(Path root) {
    /// Makes them below the lab's directory.
    public static NodeDirectories create(Path labDirectory, String node) throws IOException {
        NodeDirectories made = new NodeDirectories(labDirectory.resolve(node));
        Files.createDirectories(made.run());
        Files.createDirectories(made.state());
        Files.createDirectories(made.conflists());
        return made;
    }

    /// ipamd's `/run/vpc-eni`.
    public Path run() {
        return root.resolve("run");
    }

    /// ipamd's `/var/lib/vpc-eni`.
    public Path state() {
        return root.resolve("state");
    }

    /// ipamd's `/host/etc/cni/net.d`.
    public Path conflists() {
        return root.resolve("net.d");
    }

    public Path log() {
        return root.resolve("ipamd.log");
    }

    /// ipamd's socket as programs of the machine see it.
    public Path socket() {
        return run().resolve("ipamd.sock");
    }
}
