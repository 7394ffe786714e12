package io.vpceni.lab.ec2;

import io.vpceni.lab.backend.FabricEni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reports changes that time alone causes, on one thread of its own.
///
/// Level-triggered: it compares what is attached with its last report, whatever the reason of the comparison.
final class Transitions implements AutoCloseable {
    /// @param untilNext until something changes by itself; the longest [Duration] for never
    record Outlook(List<FabricEni> attached, Duration untilNext) {}

    private static final Duration LOOK_AT_LEAST = Duration.ofMinutes(1);

    private final Supplier<Outlook> account;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("ec2-transitions").factory());
    private List<FabricEni> told = List.of(); // this thread's
    private @Nullable ScheduledFuture<?> next; // this thread's

    /// The thread starts here and is in the network namespace of the calling one.
    Transitions(Supplier<Outlook> account) {
        this.account = account;
        thread.setRemoveOnCancelPolicy(true);
        thread.prestartCoreThread();
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Schedules a comparison; to be called after a possible change.
    void look() {
        run(this::lookNow);
    }

    /// Runs something on this thread, which is never inside a node's namespace.
    void run(Runnable task) {
        thread.execute(task);
    }

    private void lookNow() {
        Outlook outlook = account.get();
        if (next != null) {
            next.cancel(false);
        }
        Duration wait = outlook.untilNext().compareTo(LOOK_AT_LEAST) < 0 ? outlook.untilNext() : LOOK_AT_LEAST;
        next = thread.schedule(this::lookNow, wait.toNanos(), TimeUnit.NANOSECONDS);
        if (!outlook.attached().equals(told)) {
            told = outlook.attached();
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
