package io.vpceni.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// How far a long command is: one line that changes on a terminal, else a line now and then.
final class ProgressLine {
    private static final Duration EACH_ON_TERMINAL = Duration.ofSeconds(2);
    private static final Duration EACH_ELSEWHERE = Duration.ofSeconds(10);
    private static final String ERASED = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final InstantSource time;
    private final Instant begun;
    private Instant shown;

    /// @param terminal whether what is written there is seen on one
    ProgressLine(PrintWriter err, boolean terminal, InstantSource time) {
        this.err = err;
        this.terminal = terminal;
        this.time = time;
        begun = time.instant();
        shown = begun;
    }

    /// On this process's standard error.
    static ProgressLine of(PrintWriter err, InstantSource time) {
        return new ProgressLine(err, isTerminal(Path.of("/proc/self/fd/2")), time);
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException _) {
            return false;
        }
    }

    /// Shows the words, unless something was shown a moment ago.
    void show(String words) {
        Instant now = time.instant();
        if (now.isBefore(shown.plus(terminal ? EACH_ON_TERMINAL : EACH_ELSEWHERE))) {
            return;
        }
        shown = now;
        String line = words + ", " + Duration.between(begun, now).toSeconds() + " s";
        if (terminal) {
            err.print(ERASED + line);
        } else {
            err.println(line);
        }
        err.flush();
    }

    /// Takes the line away, before something else is printed.
    void clear() {
        if (terminal) {
            err.print(ERASED);
            err.flush();
        }
    }
}
