package io.vpceni.lab.localstack;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds a Python 3.11 that can make virtual environments: the wheels of the lock file are for that one.
final class Python {
    static final String WANTED = "3.11";

    private static final String PROBE =
            "import sys, venv, ensurepip; sys.exit(0 if sys.version_info[:2] == (3, 11) else 1)";

    private Python() {}

    /// @throws IOException that says what to install, where there is none
    static Path find(Map<String, String> environment) throws IOException {
        for (Path candidate : candidates(environment)) {
            if (Files.isExecutable(candidate) && Programs.succeeds(List.of(candidate.toString(), "-c", PROBE))) {
                return candidate;
            }
        }
        throw new IOException("LocalStack " + LocalStackServer.VERSION + " needs Python " + WANTED
                + " with venv (looked for python3.11 and python3 in PATH, pyenv and uv): install it (Debian 12:"
                + " python3 python3-venv; Ubuntu: python3.11-venv from deadsnakes; Amazon Linux 2023: python3.11),"
                + " or set LOCALSTACK_ENDPOINT to a LocalStack that runs");
    }

    /// In the order in which they are tried; most of them do not exist.
    static List<Path> candidates(Map<String, String> environment) throws IOException {
        List<Path> candidates = new ArrayList<>();
        List<Path> path = new ArrayList<>();
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (directory.startsWith("/")) {
                path.add(Path.of(directory));
            }
        }
        path.addAll(List.of(Path.of("/usr/local/bin"), Path.of("/usr/bin")));
        path.forEach(directory -> candidates.add(directory.resolve("python" + WANTED)));
        path.forEach(directory -> candidates.add(directory.resolve("python3")));
        for (Path home : homes(environment)) {
            candidates.addAll(versions(home.resolve(".pyenv/versions"), WANTED + ".*"));
            candidates.addAll(versions(home.resolve(".local/share/uv/python"), "cpython-" + WANTED + "*"));
        }
        return candidates;
    }

    /// Under sudo, those of the calling user too: that is where pyenv and uv install.
    private static List<Path> homes(Map<String, String> environment) {
        List<Path> homes = new ArrayList<>();
        if (environment.containsKey("HOME")) {
            homes.add(Path.of(environment.get("HOME")));
        }
        if (environment.containsKey("SUDO_USER")) {
            homes.add(Path.of("/home", environment.get("SUDO_USER")));
        }
        return homes;
    }

    private static List<Path> versions(Path parent, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(parent)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(parent, glob)) {
                versions.forEach(version -> found.add(version.resolve("bin/python" + WANTED)));
            }
            found.sort(null);
        }
        return found;
    }
}
