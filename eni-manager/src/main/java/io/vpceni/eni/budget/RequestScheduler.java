package io.vpceni.eni.budget;

import io.vpceni.config.Backoff;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Rate limiter, priority queue and retry policy for all EC2 calls of this node. Mutable, confined to its owner.
///
/// A call is submitted ([#submit]), sent ([#due]) and concluded ([#answered] or [#failed]). The calls of one action are
/// sent in the order of the time of submission plus [PriorityRules#deferBy] of their priority. So a call that a pod
/// waits for overtakes warm stock, looks and clean-up, and no call is overtaken by one that was submitted more than two
/// minutes later.
public final class RequestScheduler {

    /// After answers that say nothing of the request rate. [BudgetSettings#readAttemptsMax] ends it before the cap.
    private static final Backoff RETRY_DELAY =
            Backoff.doubling(Duration.ofSeconds(1), Duration.ofMinutes(1)).withJitter(0.5);

    private BudgetSettings settings;
    private final RandomGenerator random;
    private final Map<Ec2Action, ActionQueue> queues = new EnumMap<>(Ec2Action.class);
    private final Map<Long, InFlightCall> underWay = new HashMap<>();
    private final double phase;
    private @Nullable Instant createdAt;
    private int waiting;

    /// A call to send now.
    public record ReadyCall(long call, Ec2Call<?> what) {}

    private record InFlightCall(QueuedCall queued, Instant leftAt) {}

    /// @param seed of the jitter; different on every node, so that nodes do not call at the same times
    public RequestScheduler(BudgetSettings settings, long seed) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        this.phase = random.nextDouble();
    }

    /// Queues a call.
    ///
    /// @param call its number; never used twice
    /// @return empty: the call will be sent; else the queue is full and the call failed with this
    public Optional<Ec2Failure> submit(long call, Ec2Call<?> what, Priority priority, Instant now) {
        if (waiting >= settings.queueLengthMax()) {
            String detail = "not asked: " + waiting + " calls wait already";
            return Optional.of(
                    Ec2Failure.withoutCode(Kind.UNAVAILABLE, what.action().apiName(), what.subject(), detail, null));
        }
        Instant turn = now.plus(rules(priority).deferBy());
        queue(what.action(), now).enqueue(new QueuedCall(call, what, priority, now, turn, 1, now), now);
        waiting++;
        return Optional.empty();
    }

    /// The calls to send now, in order. They count as in flight until they are [#answered] or [#failed].
    public List<ReadyCall> due(Instant now) {
        List<ReadyCall> leaving = new ArrayList<>();
        for (@Nullable ActionQueue queue = firstQueue(now); queue != null; queue = firstQueue(now)) {
            QueuedCall queued = queue.next(onlyPods(), now);
            if (queued == null) {
                throw new IllegalStateException("a call that may leave does not: " + queue.snapshot(now));
            }
            queue.dequeued(queued, now);
            waiting--;
            underWay.put(queued.call(), new InFlightCall(queued, now));
            leaving.add(new ReadyCall(queued.call(), queued.what()));
        }
        return leaving;
    }

    /// The earliest time at which [#due] returns a call, if nothing is submitted or concluded before; empty
    /// when only that can change anything.
    public Optional<Instant> dueNextAt(Instant now) {
        if (waiting == 0 || underWay.size() >= settings.concurrencyMax()) {
            return Optional.empty();
        }
        @Nullable Instant first = null;
        for (ActionQueue queue : queues.values()) {
            @Nullable Instant at = queue.nextAt(onlyPods(), now);
            if (at != null && (first == null || at.isBefore(first))) {
                first = at;
            }
        }
        return Optional.ofNullable(first);
    }

    /// A call that [#due] returned is not sent after all: it counts as never submitted.
    public void withdrawn(long call, Instant now) {
        InFlightCall inFlight = back(call);
        queue(inFlight, now).withdrawn(inFlight.queued().priority(), now);
    }

    /// EC2 carried the call out.
    public void answered(long call, Instant now) {
        InFlightCall inFlight = back(call);
        queue(inFlight, now).succeeded(inFlight.queued().priority(), now);
    }

    /// EC2 did not carry the call out, or may not have.
    ///
    /// @return empty: the call is queued again, under the same number; else it failed for good with this
    public Optional<Ec2Failure> failed(long call, Ec2Failure failure, Instant now) {
        InFlightCall inFlight = back(call);
        ActionQueue queue = queue(inFlight, now);
        QueuedCall queued = inFlight.queued();
        boolean again = switch (failure.kind()) {
            case THROTTLED -> {
                queue.refused(queued.priority(), inFlight.leftAt(), now);
                yield now.isBefore(
                        queued.submittedAt().plus(rules(queued.priority()).retryFor()));
            }
            case OUTCOME_UNKNOWN, UNAVAILABLE, NO_CREDENTIALS ->
                !queued.what().action().changes() && queued.attempts() < settings.readAttemptsMax();
            case SUBNET_EXHAUSTED,
                    NO_CONTIGUOUS_PREFIX,
                    ENI_LIMIT,
                    ADDRESS_LIMIT,
                    NOT_FOUND,
                    UNAUTHORIZED,
                    FORBIDDEN_BY_SETTING,
                    NOT_AUTHENTICATED,
                    CONFLICT,
                    INVALID,
                    OTHER -> {
                queue.succeeded(queued.priority(), now);
                yield false;
            }
        };
        if (!again) {
            return Optional.of(failure);
        }
        boolean delayed = failure.kind() != Kind.THROTTLED;
        queue.enqueue(queued.again(delayed ? now.plus(RETRY_DELAY.delay(queued.attempts(), random)) : now), now);
        waiting++;
        return Optional.empty();
    }

    /// From now on this node uses another share of the account's request rate. Calls that wait stay queued.
    ///
    /// @param share above 0, at most 1
    /// @throws IllegalArgumentException for any other share
    public void share(double share, Instant now) {
        settings = settings.withShare(share);
        queues.forEach((action, queue) -> queue.resize(bucket(action).part(share), now));
    }

    /// For metrics and `ipamctl cloud`.
    public BudgetSnapshot snapshot(Instant now) {
        List<ActionBudget> actions =
                queues.values().stream().map(queue -> queue.snapshot(now)).toList();
        return new BudgetSnapshot(actions, waiting, underWay.size(), settings.concurrencyMax(), settings.share());
    }

    private @Nullable ActionQueue firstQueue(Instant now) {
        if (underWay.size() >= settings.concurrencyMax()) {
            return null;
        }
        @Nullable ActionQueue best = null;
        @Nullable QueuedCall first = null;
        for (ActionQueue queue : queues.values()) {
            @Nullable QueuedCall queued = queue.next(onlyPods(), now);
            if (queued != null && (first == null || QueuedCall.BY_TURN.compare(queued, first) < 0)) {
                best = queue;
                first = queued;
            }
        }
        return best;
    }

    /// Whether only [BudgetSettings#reservedForPods] calls may still be sent.
    private boolean onlyPods() {
        return underWay.size() >= settings.concurrencyMax() - settings.reservedForPods();
    }

    private InFlightCall back(long call) {
        @Nullable InFlightCall inFlight = underWay.remove(call);
        if (inFlight == null) {
            throw new IllegalArgumentException("call " + call + " is not under way: " + underWay.keySet() + " are");
        }
        return inFlight;
    }

    private ActionQueue queue(InFlightCall inFlight, Instant now) {
        ActionQueue queue = queue(inFlight.queued().what().action(), now);
        queue.returned();
        return queue;
    }

    private ActionQueue queue(Ec2Action action, Instant now) {
        Instant born = createdAt == null ? now : createdAt;
        createdAt = born;
        return queues.computeIfAbsent(
                action,
                _ -> new ActionQueue(
                        action,
                        bucket(action).part(settings.share()),
                        settings.priorityRules(),
                        random,
                        new ActionQueue.StartPhase(phase, born),
                        now));
    }

    private RequestBucket bucket(Ec2Action action) {
        @Nullable RequestBucket bucket = settings.buckets().get(action);
        if (bucket == null) {
            throw new IllegalStateException("no allowance for " + action);
        }
        return bucket;
    }

    private PriorityRules rules(Priority priority) {
        @Nullable PriorityRules rules = settings.priorityRules().get(priority);
        if (rules == null) {
            throw new IllegalStateException("no courtesy for " + priority);
        }
        return rules;
    }
}
