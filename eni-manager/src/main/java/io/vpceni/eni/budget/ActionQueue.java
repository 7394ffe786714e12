package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The token bucket of one EC2 action and the calls that are queued for it, one [BackoffQueue] per priority. Mutable,
/// confined to its [RequestScheduler].
///
/// The bucket is this node's part of the account's. A throttled call took no token at EC2, so it gets its token back
/// here.
final class ActionQueue {

    private static final double NANOS = 1e9;

    /// Tolerance for the rounding of fractional tokens.
    private static final double ROUNDING = 1e-6;

    /// Random start times cluster. A refill interval that is this much longer keeps the clusters within the bucket.
    private static final double SPREAD = 1.1;

    private final Ec2Action action;
    private RequestBucket own;
    private final RandomGenerator random;
    private final Duration resetAfter;

    /// Iterated in order of urgency.
    private final Map<Priority, BackoffQueue> queues = new EnumMap<>(Priority.class);

    private double perSecond;
    private double tokens;
    private double idleCeiling;
    private Instant countedAt;
    private Instant wantedAt;
    private int underWay;
    private long made;
    private long throttled;

    /// Where this node starts within the refill interval.
    ///
    /// @param phase 0 to 1; the same for all queues of a node, so that the first call of each action waits
    ///     only once
    /// @param createdAt when its scheduler was created
    record StartPhase(double phase, Instant createdAt) {}

    /// With a share below one request each node starts at a random point of the refill interval, so that nodes
    /// that are started together do not call at the same time.
    ActionQueue(
            Ec2Action action,
            RequestBucket own,
            Map<Priority, PriorityRules> priorityRules,
            RandomGenerator random,
            StartPhase startPhase,
            Instant now) {
        this.action = action;
        this.own = own;
        this.random = random;
        Duration longest = Duration.ZERO;
        for (Map.Entry<Priority, PriorityRules> rules : priorityRules.entrySet()) {
            BackoffSettings backoff = rules.getValue().backoff();
            queues.put(rules.getKey(), new BackoffQueue(rules.getValue(), random));
            longest = backoff.resetAfter().compareTo(longest) > 0 ? backoff.resetAfter() : longest;
        }
        this.resetAfter = longest;
        boolean isPartOfOne = own.burst() < 1;
        this.perSecond = rate(own);
        this.tokens = isPartOfOne ? 1 - startPhase.phase() * (1 - own.burst()) : own.burst();
        this.idleCeiling = Math.max(1, own.burst());
        this.countedAt = startPhase.createdAt();
        this.wantedAt = now;
    }

    private static double rate(RequestBucket own) {
        return own.burst() < 1 ? own.perSecond() / SPREAD : own.perSecond();
    }

    /// From now on the bucket is another part of the account's. Tokens beyond its size are gone.
    void resize(RequestBucket part, Instant now) {
        if (part.equals(own)) {
            return;
        }
        count(now);
        own = part;
        perSecond = rate(part);
        idleCeiling = Math.max(1, part.burst());
        tokens = Math.min(tokens, idleCeiling);
    }

    void enqueue(QueuedCall queued, Instant now) {
        count(now);
        if (waiting() == 0 && underWay == 0 && now.isAfter(wantedAt.plus(resetAfter))) {
            queues.values().forEach(BackoffQueue::reset);
        }
        wantedAt = now;
        queue(queued.priority()).enqueue(queued, now);
    }

    /// The call to send now; null when none may be sent.
    ///
    /// @param onlyPods consider only calls that a pod waits for
    @Nullable
    QueuedCall next(boolean onlyPods, Instant now) {
        count(now);
        @Nullable QueuedCall first = null;
        if (tokens >= 1 - ROUNDING) {
            for (BackoffQueue queue : considered(onlyPods)) {
                @Nullable QueuedCall queued = queue.next(now);
                if (queued != null && (first == null || QueuedCall.BY_TURN.compare(queued, first) < 0)) {
                    first = queued;
                }
            }
        }
        return first;
    }

    private Collection<BackoffQueue> considered(boolean onlyPods) {
        return onlyPods ? List.of(Objects.requireNonNull(queues.get(Priority.POD_WAITS))) : queues.values();
    }

    /// The earliest time at which [#next] returns a call; null when none is queued.
    @Nullable
    Instant nextAt(boolean onlyPods, Instant now) {
        count(now);
        @Nullable Instant first = null;
        for (BackoffQueue queue : considered(onlyPods)) {
            @Nullable Instant at = queue.nextAt(now);
            if (at != null && (first == null || at.isBefore(first))) {
                first = at;
            }
        }
        if (first == null || tokens >= 1 - ROUNDING) {
            return first;
        }
        Instant tokenAt = now.plusNanos((long) Math.ceil((1 - tokens) / perSecond * NANOS));
        return tokenAt.isAfter(first) ? tokenAt : first;
    }

    /// The call that [#next] returned is sent.
    void dequeued(QueuedCall queued, Instant now) {
        BackoffQueue queue = queue(queued.priority());
        queue.dequeued(now);
        tokens -= queue.cost();
        if (own.burst() < 1) {
            idleCeiling = 1 - random.nextDouble() * (1 - own.burst());
        }
        underWay++;
        made++;
    }

    void returned() {
        underWay--;
    }

    /// A dequeued call was not sent: its token comes back.
    void withdrawn(Priority priority, Instant now) {
        count(now);
        made--;
        tokens = Math.min(Math.max(1, own.burst()), tokens + queue(priority).cost());
    }

    /// EC2 did not throttle the call: shortens the gap of this priority and of more urgent ones.
    void succeeded(Priority priority, Instant now) {
        count(now);
        queues.forEach((other, queue) -> {
            if (other.compareTo(priority) <= 0) {
                queue.succeeded();
            }
        });
    }

    /// EC2 throttled the call: lengthens the gap of this priority and of less urgent ones.
    void refused(Priority priority, Instant leftAt, Instant now) {
        count(now);
        throttled++;
        tokens = Math.min(Math.max(1, own.burst()), tokens + queue(priority).cost());
        queues.forEach((other, queue) -> {
            if (other.compareTo(priority) >= 0) {
                queue.refused(leftAt, now);
            }
        });
        wantedAt = now;
    }

    ActionBudget snapshot(Instant now) {
        count(now);
        double gap = queues.values().stream()
                        .filter(BackoffQueue::wasWanted)
                        .mapToLong(queue -> queue.gap().toNanos())
                        .max()
                        .orElse(0)
                / NANOS;
        double pace = gap == 0 ? perSecond : Math.min(perSecond, 1 / gap);
        return new ActionBudget(
                action, tokens, pace, perSecond, waiting(), underWay, made, throttled, nextAt(false, now));
    }

    private int waiting() {
        int waiting = 0;
        for (BackoffQueue queue : queues.values()) {
            waiting += queue.waiting();
        }
        return waiting;
    }

    private BackoffQueue queue(Priority priority) {
        @Nullable BackoffQueue queue = queues.get(priority);
        if (queue == null) {
            throw new IllegalStateException("no line for " + priority);
        }
        return queue;
    }

    /// Adds the tokens that were refilled since the last call.
    private void count(Instant now) {
        if (now.isAfter(countedAt)) {
            double more = Duration.between(countedAt, now).toNanos() / NANOS * perSecond;
            tokens = Math.min(tokens + more, ceiling());
            countedAt = now;
        }
    }

    private double ceiling() {
        return waiting() == 0 ? idleCeiling : Math.max(1, own.burst());
    }
}
