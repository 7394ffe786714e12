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
    /// @param what it is for, for the message
    /// @throws IOException in one line, with what the log complains of, if the program fails or takes too long
    static void run(String what, List<String> command, Map<String, String> environment, Path log, long secondsMax)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        int status = end(builder.start(), secondsMax);
        if (status != 0) {
            throw new IOException(what + ": " + command.getFirst() + " ended with " + status + ": " + complaint(log));
        }
    }

    /// What a log complains of, in one line: the last one that says it is an error, else the last one at all, and where
    /// the log is.
    static String complaint(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        String last = lines.isEmpty() ? "it said nothing" : lines.getLast();
        return lines.reversed().stream()
                        .filter(line -> line.startsWith("ERROR") || line.contains("Error:"))
                        .findFirst()
                        .orElse(last)
                + " (log: " + log + ")";
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
