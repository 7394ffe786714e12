package io.vpceni.lab.localstack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a program to its end, with a bound.
final class Programs {
    private static final long PROBE_SECONDS_MAX = 10;
    private static final int LOG_LINES_SHOWN = 8;

    private Programs() {}

    /// Whether it ends with 0, soon. Its output is nobody's.
    static boolean succeeds(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return end(process, PROBE_SECONDS_MAX) == 0;
    }

    /// Runs it with its output in a log file, and with these variables and PATH only.
    ///
    /// @throws IOException with the end of the log, if the program fails or takes too long
    static void run(List<String> command, Map<String, String> environment, Path log, long secondsMax)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        int status = end(builder.start(), secondsMax);
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + ":\n" + tail(log));
        }
    }

    /// The last lines of a log, for a message.
    static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    private static int end(Process process, long secondsMax) throws IOException {
        try {
            if (process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new IOException("it was not done after " + secondsMax + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
