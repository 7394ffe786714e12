package io.vpceni.lab.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The AWS CLI: the one in PATH, or one from PyPI in a virtual environment below `target`.
final class AwsCli {
    private static final String VERSION = "1.46.3";
    private static final long INSTALL_SECONDS_MAX = 300;
    private static final long ANSWER_SECONDS_MAX = 60;

    private AwsCli() {}

    /// The directory with the executable `aws`. Where there is none and none can be had, the test is skipped and says
    /// so.
    static Path directory() throws IOException, InterruptedException {
        Optional<Path> found = inPath();
        return found.isPresent() ? found.get() : installed();
    }

    private static Optional<Path> inPath() throws IOException, InterruptedException {
        List<Path> directories = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(directory -> directory.startsWith("/"))
                .map(Path::of)
                .toList();
        for (Path directory : directories) {
            Path aws = directory.resolve("aws");
            if (Files.isExecutable(aws) && run(ANSWER_SECONDS_MAX, aws.toString(), "--version")) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    private static Path installed() throws IOException, InterruptedException {
        Path venv = Path.of(
                        System.getProperty("repository.root", "../.."),
                        "integration-tests/cli/target/awscli-" + VERSION)
                .toAbsolutePath();
        Path bin = venv.resolve("bin");
        if (Files.isExecutable(bin.resolve("aws"))) {
            return bin;
        }
        boolean made = run(INSTALL_SECONDS_MAX, "python3", "-m", "venv", venv.toString())
                && run(
                        INSTALL_SECONDS_MAX,
                        bin.resolve("pip").toString(),
                        "install",
                        "--no-input",
                        "--disable-pip-version-check",
                        "--only-binary=:all:",
                        "awscli==" + VERSION);
        return made ? bin : abort("no aws in PATH, and pip cannot install awscli " + VERSION);
    }

    private static boolean run(long secondsMax, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException _) {
            return false; // there is no such program
        }
        if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
