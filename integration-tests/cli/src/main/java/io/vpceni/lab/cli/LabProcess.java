package io.vpceni.lab.cli;

import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The process that holds a lab, as `./lab up` starts and follows it. Until the lab is up it ends with `./lab up`:
/// a signal to the one takes the other along. From then on it is on its own.
@LabBoundary
final class LabProcess {
    private static final Duration UP_MAX = Duration.ofMinutes(5); // LocalStack may have to be installed
    private static final Duration END_MAX = Duration.ofSeconds(60); // longer than a lab takes to go
    private static final long LOOK_EVERY_MILLIS = 50;

    private final String lab;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Path log;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private @Nullable Process process;
    private boolean ended;
    private boolean released;

    /// Ends with this process from now on.
    LabProcess(String lab, PrintWriter out, PrintWriter err) throws IOException {
        this.lab = lab;
        this.out = out;
        this.err = err;
        log = Files.createTempFile("vpc-eni-lab-", ".log");
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("end-holder").unstarted(this::interrupted));
    }

    /// Starts it and shows what it says until the lab is up.
    ///
    /// @throws IOException when it does not come up; it is ended then
    void start(List<String> command, BooleanSupplier up) throws IOException, InterruptedException {
        Process holder = begin(command);
        boolean isUp = false;
        try {
            isUp = follow(holder, up);
        } finally {
            if (isUp) {
                release();
            } else {
                end();
            }
        }
    }

    private Process begin(List<String> command) throws IOException {
        lock.lock();
        try {
            if (ended) {
                throw new IOException("interrupted");
            }
            Process started = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process = started;
            return started;
        } finally {
            lock.unlock();
        }
    }

    private boolean follow(Process holder, BooleanSupplier up) throws IOException, InterruptedException {
        int shown = 0;
        for (long look = 0; look < UP_MAX.toMillis() / LOOK_EVERY_MILLIS; look++) {
            boolean gone = holder.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            boolean isUp = up.getAsBoolean();
            List<String> lines = said();
            lines.subList(Math.min(shown, lines.size()), lines.size()).forEach(out::println);
            out.flush();
            shown = lines.size();
            if (isUp) {
                return true;
            }
            if (gone) {
                throw new IOException("the lab '" + lab + "' did not come up");
            }
        }
        throw new IOException("the lab '" + lab + "' is not up after " + UP_MAX.toMinutes() + " minutes");
    }

    private List<String> said() throws IOException {
        lock.lock();
        try {
            return ended ? List.of() : Files.readAllLines(log);
        } finally {
            lock.unlock();
        }
    }

    /// It goes on without us. Its own hold on the log lasts as long as it writes.
    private void release() throws IOException {
        lock.lock();
        try {
            released = !ended;
            Files.deleteIfExists(log);
        } finally {
            lock.unlock();
        }
    }

    /// The lock is kept: the other threads have nothing to say any more while this process ends.
    private void interrupted() {
        lock.lock();
        if (released || ended) {
            return;
        }
        tell("interrupted; the lab '" + lab + "' is not up yet and is taken away");
        try {
            boolean gone = end();
            List<String> _ = LabResources.eraseAbandoned(LabResources.ROOT); // it may have died before its own hook
            tell(
                    gone
                            ? "nothing of lab '" + lab + "' is left"
                            : "the lab '" + lab + "' has not ended within " + END_MAX.toSeconds()
                                    + " s: './lab list' shows whether it still runs");
        } catch (IOException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    private void tell(String line) {
        err.println("lab: " + line);
        err.flush();
    }

    /// SIGTERM, on which it takes its lab away; whether it has ended.
    private boolean end() throws IOException {
        lock.lock();
        try {
            ended = true;
            Files.deleteIfExists(log);
            if (process == null) {
                return true;
            }
            process.destroy();
            return process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lab '" + lab + "' ends", e);
        } finally {
            lock.unlock();
        }
    }
}
