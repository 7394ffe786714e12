package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.life.Priority;
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

/// Stands between what wants calls and EC2: says when each leaves, and which are made again. Mutable, confined to its
/// owner.
///
/// A call is handed in ([#submit]), leaves ([#due]), and comes back ([#answered] or [#failed]). Of each action
/// the calls leave in the order of their places: a call's place is the instant at which it was handed in, plus what
/// its priority lets pass ([Courtesy]). So a pod's call goes before warm stock, looks and clean-up, and a call of
/// any priority goes before everything that comes more than two minutes later.
public final class CallDesk {

    private static final Duration FIRST_REST = Duration.ofSeconds(1);

    private final BudgetSettings settings;
    private final RandomGenerator random;
    private final Map<Ec2Action, Lane> lanes = new EnumMap<>(Ec2Action.class);
    private final Map<Long, Sent> underWay = new HashMap<>();
    private final double phase;
    private @Nullable Instant bornAt;
    private int waiting;

    /// A call that leaves now.
    public record Due(long call, Ec2Call what) {}

    private record Sent(Ticket ticket, Instant leftAt) {}

    /// @param seed another one on every node, so that they do not march in step
    public CallDesk(BudgetSettings settings, long seed) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        this.phase = random.nextDouble();
    }

    /// Hands a call in.
    ///
    /// @param call its number; never twice
    /// @return empty: it leaves some time; else it does not, and this is what to tell whoever wanted it
    public Optional<Ec2Failure> submit(long call, Ec2Call what, Priority priority, Instant now) {
        if (waiting >= settings.waitingMax()) {
            String detail = "not asked: " + waiting + " calls wait already";
            return Optional.of(
                    new Ec2Failure(Kind.UNAVAILABLE, what.action().apiName(), what.subject(), "", detail, null));
        }
        Instant place = now.plus(courtesy(priority).letsPass());
        lane(what.action(), now).join(new Ticket(call, what, priority, now, place, 1, now), now);
        waiting++;
        return Optional.empty();
    }

    /// The calls that leave now, first things first. They count as under way until they are [#answered] or [#failed].
    public List<Due> due(Instant now) {
        List<Due> leaving = new ArrayList<>();
        for (@Nullable Lane lane = bestLane(now); lane != null; lane = bestLane(now)) {
            Ticket ticket = lane.next(onlyPods(), now);
            if (ticket == null) {
                throw new IllegalStateException("a call that may leave does not: " + lane.snapshot(now));
            }
            lane.leaves(ticket, now);
            waiting--;
            underWay.put(ticket.call(), new Sent(ticket, now));
            leaving.add(new Due(ticket.call(), ticket.what()));
        }
        return leaving;
    }

    /// When [#due] has something, if nothing is handed in or comes back before; empty when it has nothing until then.
    public Optional<Instant> dueNextAt(Instant now) {
        if (waiting == 0 || underWay.size() >= settings.atOnceMax()) {
            return Optional.empty();
        }
        @Nullable Instant first = null;
        for (Lane lane : lanes.values()) {
            @Nullable Instant at = lane.nextAt(onlyPods(), now);
            if (at != null && (first == null || at.isBefore(first))) {
                first = at;
            }
        }
        return Optional.ofNullable(first);
    }

    /// A call that [#due] gave does not leave after all; it is as if it had not been handed in.
    public void withdrawn(long call, Instant now) {
        Sent sent = back(call);
        lane(sent, now).withdrawn(sent.ticket().priority(), now);
    }

    /// EC2 did it.
    public void answered(long call, Instant now) {
        Sent sent = back(call);
        lane(sent, now).wentThrough(sent.ticket().priority(), now);
    }

    /// EC2 did not do it, or may not have done it.
    ///
    /// @return empty: it is tried again, under the same number; else this is what to tell whoever wanted it
    public Optional<Ec2Failure> failed(long call, Ec2Failure failure, Instant now) {
        Sent sent = back(call);
        Lane lane = lane(sent, now);
        Ticket ticket = sent.ticket();
        boolean again = switch (failure.kind()) {
            case THROTTLED -> {
                lane.refused(ticket.priority(), sent.leftAt(), now);
                yield now.isBefore(
                        ticket.submittedAt().plus(courtesy(ticket.priority()).patience()));
            }
            case OUTCOME_UNKNOWN, UNAVAILABLE, NO_CREDENTIALS ->
                !ticket.what().action().changes() && ticket.attempts() < settings.readAttemptsMax();
            case SUBNET_EXHAUSTED,
                    NO_CONTIGUOUS_PREFIX,
                    ENI_LIMIT,
                    ADDRESS_LIMIT,
                    NOT_FOUND,
                    UNAUTHORIZED,
                    NOT_AUTHENTICATED,
                    CONFLICT,
                    INVALID,
                    OTHER -> {
                lane.wentThrough(ticket.priority(), now);
                yield false;
            }
        };
        if (!again) {
            return Optional.of(failure);
        }
        boolean rests = failure.kind() != Kind.THROTTLED;
        lane.join(ticket.again(rests ? now.plus(rest(ticket.attempts())) : now), now);
        waiting++;
        return Optional.empty();
    }

    /// How the budget stands.
    public BudgetSnapshot snapshot(Instant now) {
        List<ActionBudget> actions =
                lanes.values().stream().map(lane -> lane.snapshot(now)).toList();
        return new BudgetSnapshot(actions, waiting, underWay.size(), settings.atOnceMax(), settings.share());
    }

    /// Twice as long each time, half of it more or less.
    private Duration rest(int attempts) {
        double length = FIRST_REST.toNanos() * (1L << (attempts - 1)) * (0.5 + random.nextDouble());
        return Duration.ofNanos((long) length);
    }

    private @Nullable Lane bestLane(Instant now) {
        if (underWay.size() >= settings.atOnceMax()) {
            return null;
        }
        @Nullable Lane best = null;
        @Nullable Ticket first = null;
        for (Lane lane : lanes.values()) {
            @Nullable Ticket ticket = lane.next(onlyPods(), now);
            if (ticket != null && (first == null || Ticket.FIRST_IN_LINE.compare(ticket, first) < 0)) {
                best = lane;
                first = ticket;
            }
        }
        return best;
    }

    /// The last places are kept for calls that a pod waits for.
    private boolean onlyPods() {
        return underWay.size() >= settings.atOnceMax() - settings.lastPlaces();
    }

    private Sent back(long call) {
        @Nullable Sent sent = underWay.remove(call);
        if (sent == null) {
            throw new IllegalArgumentException("call " + call + " is not under way: " + underWay.keySet() + " are");
        }
        return sent;
    }

    private Lane lane(Sent sent, Instant now) {
        Lane lane = lane(sent.ticket().what().action(), now);
        lane.returned();
        return lane;
    }

    private Lane lane(Ec2Action action, Instant now) {
        Instant born = bornAt == null ? now : bornAt;
        bornAt = born;
        return lanes.computeIfAbsent(
                action,
                _ -> new Lane(
                        action,
                        allowance(action).part(settings.share()),
                        settings.courtesies(),
                        random,
                        new Lane.Place(phase, born),
                        now));
    }

    private Allowance allowance(Ec2Action action) {
        @Nullable Allowance allowance = settings.allowances().get(action);
        if (allowance == null) {
            throw new IllegalStateException("no allowance for " + action);
        }
        return allowance;
    }

    private Courtesy courtesy(Priority priority) {
        @Nullable Courtesy courtesy = settings.courtesies().get(priority);
        if (courtesy == null) {
            throw new IllegalStateException("no courtesy for " + priority);
        }
        return courtesy;
    }
}
