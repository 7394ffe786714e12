package io.vpceni.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs steps one after the other on a thread of its own. Whatever a step throws is told: nobody waits in vain for
/// what it should have done.
final class StepExecutor implements AutoCloseable {
    /// What may fail.
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    private final Consumer<Exception> failed;
    private final ScheduledExecutorService thread;

    /// @param failed called on the thread, for each step that throws
    StepExecutor(String name, Consumer<Exception> failed) {
        this.failed = failed;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    void execute(Step step) {
        thread.execute(() -> run(step));
    }

    void executeAfter(Duration delay, Step step) {
        var _ = thread.schedule(() -> run(step), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Interrupts the step that runs, drops those that wait, and waits up to 10 s for its end.
    ///
    /// @throws IOException it has not ended within that time
    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IOException("a step has not ended within 10 s of its interruption");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a step ends", e);
        }
    }
}
