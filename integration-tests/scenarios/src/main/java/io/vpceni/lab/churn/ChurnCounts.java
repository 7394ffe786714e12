package io.vpceni.lab.churn;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the churners of a node count together. Thread-safe.
public final class ChurnCounts {
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();
    private final AtomicLong excused = new AtomicLong();
    private final AtomicLong slowestAddMillis = new AtomicLong();
    private final AtomicLong longestWaitMillis = new AtomicLong();
    private final AtomicInteger adding = new AtomicInteger();
    private final AtomicInteger deleting = new AtomicInteger();
    private final SortedMap<String, Long> failures = new TreeMap<>(); // guarded by itself

    /// An ADD was answered with an address.
    ///
    /// @param took the plugin, from exec to exit
    /// @param waited since the pod's first ADD began
    void added(Duration took, Duration waited) {
        added.incrementAndGet();
        slowestAddMillis.accumulateAndGet(took.toMillis(), Math::max);
        longestWaitMillis.accumulateAndGet(waited.toMillis(), Math::max);
    }

    /// An ADD failed in a way that may happen; the pod tries again.
    void failed(String reason) {
        synchronized (failures) {
            failures.merge(reason, 1L, Long::sum);
        }
    }

    void deleted() {
        deleted.incrementAndGet();
    }

    /// A pod was not heard, and that was not the product's fault.
    void excused() {
        excused.incrementAndGet();
    }

    void adding(int more) {
        adding.addAndGet(more);
    }

    void deleting(int more) {
        deleting.addAndGet(more);
    }

    public long podsAdded() {
        return added.get();
    }

    public long podsDeleted() {
        return deleted.get();
    }

    public long podsExcused() {
        return excused.get();
    }

    public Duration slowestAdd() {
        return Duration.ofMillis(slowestAddMillis.get());
    }

    /// The longest until a pod had an address.
    public Duration longestWait() {
        return Duration.ofMillis(longestWaitMillis.get());
    }

    /// How many ADDs are under way now.
    public int addsUnderWay() {
        return adding.get();
    }

    /// How many DELs are under way now.
    public int delsUnderWay() {
        return deleting.get();
    }

    /// Failed ADDs by their reason, without what differs from pod to pod.
    public SortedMap<String, Long> failures() {
        synchronized (failures) {
            return new TreeMap<>(failures);
        }
    }

    public long podsRefused() {
        return failures().values().stream().mapToLong(Long::longValue).sum();
    }
}
