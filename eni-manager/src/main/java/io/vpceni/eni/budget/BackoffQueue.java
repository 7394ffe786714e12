package io.vpceni.eni.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The queued calls of one action and one priority, and the minimum gap between two of them. Mutable, confined to its
/// [RequestScheduler].
///
/// EC2 answers `RequestLimitExceeded` when other clients of the account used up the bucket. Each such answer lengthens
/// the gap, each other answer shortens it.
final class BackoffQueue {

    /// Gaps below this are treated as none.
    private static final Duration GAP_MIN = Duration.ofMillis(200);

    private final BackoffSettings backoff;
    private final int cost;
    private final RandomGenerator random;
    private final PriorityQueue<QueuedCall> ready = new PriorityQueue<>(QueuedCall.BY_TURN);
    private final PriorityQueue<QueuedCall> delayed = new PriorityQueue<>(QueuedCall.BY_READY_TIME);

    /// Zero: no gap.
    private Duration gap = Duration.ZERO;

    private Instant pausedUntil = Instant.MIN;
    private Instant slowedAt = Instant.MIN;
    private boolean wanted;

    BackoffQueue(PriorityRules rules, RandomGenerator random) {
        this.backoff = rules.backoff();
        this.cost = rules.cost();
        this.random = random;
    }

    void enqueue(QueuedCall queued, Instant now) {
        wanted = true;
        (queued.notBefore().isAfter(now) ? delayed : ready).add(queued);
    }

    /// The call to send now; null when none is queued, or the gap is not over.
    @Nullable
    QueuedCall next(Instant now) {
        promoteDelayed(now);
        return now.isBefore(pausedUntil) ? null : ready.peek();
    }

    /// The earliest time at which [#next] returns a call; null when none is queued.
    @Nullable
    Instant nextAt(Instant now) {
        promoteDelayed(now);
        @Nullable QueuedCall firstDelayed = delayed.peek();
        if (!ready.isEmpty()) {
            return later(now, pausedUntil);
        }
        return firstDelayed == null ? null : later(firstDelayed.notBefore(), pausedUntil);
    }

    /// The call that [#next] returned is sent.
    void dequeued(Instant now) {
        ready.remove();
        if (gap.isPositive()) {
            pausedUntil = now.plus(jitteredGap());
        }
    }

    /// EC2 did not throttle the call.
    void succeeded() {
        Duration shorter = Duration.ofNanos((long) (gap.toNanos() * backoff.speedUp()));
        gap = shorter.compareTo(GAP_MIN) < 0 ? Duration.ZERO : shorter;
    }

    /// EC2 throttled the call. Of several calls that were sent before the last change of the gap, only the first
    /// counts.
    void refused(Instant leftAt, Instant now) {
        if (leftAt.isAfter(slowedAt)) {
            slowedAt = now;
            gap = backoff.gap().longerThan(gap);
            pausedUntil = now.plus(jitteredGap());
        }
    }

    void reset() {
        gap = Duration.ZERO;
    }

    /// Tokens per call.
    int cost() {
        return cost;
    }

    int waiting() {
        return ready.size() + delayed.size();
    }

    /// Whether a call was ever queued here.
    boolean wasWanted() {
        return wanted;
    }

    Duration gap() {
        return gap;
    }

    /// The gap with its jitter, so that nodes that were throttled together do not retry together.
    private Duration jitteredGap() {
        return backoff.gap().jittered(gap, random);
    }

    private void promoteDelayed(Instant now) {
        for (@Nullable QueuedCall first = delayed.peek();
                first != null && !first.notBefore().isAfter(now);
                first = delayed.peek()) {
            ready.add(delayed.remove());
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
