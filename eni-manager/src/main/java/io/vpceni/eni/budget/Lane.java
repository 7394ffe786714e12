package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.life.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One action: its tokens and who waits for it, a line for each priority. Mutable, confined to its desk.
///
/// The bucket is this node's part of the account's. A call that EC2 had no token for has cost none here either.
final class Lane {

    private static final double NANOS = 1e9;

    /// Tokens are sums of fractions.
    private static final double ROUNDING = 1e-6;

    /// Instants that are drawn at random come in clusters: so much longer than their number needs absorbs these.
    private static final double SPREAD = 1.1;

    private final Ec2Action action;
    private final Allowance own;
    private final RandomGenerator random;
    private final Duration forgottenAfter;

    /// The most urgent one first.
    private final Map<Priority, Line> lines = new EnumMap<>(Priority.class);

    private final double perSecond;
    private double tokens;
    private double idleCeiling;
    private Instant countedAt;
    private Instant wantedAt;
    private int underWay;
    private long made;
    private long throttled;

    /// Who this node is among others.
    ///
    /// @param phase its place among nodes that start together, 0 to 1; the same for all its lanes, so that what was
    ///     waited for one call is not waited again for the next
    /// @param bornAt when its desk began
    record Place(double phase, Instant bornAt) {}

    /// A part that is less than one call is a chance of one: nodes with the same small part, which all begin now, make
    /// their first calls one after the other, as if they knew of each other.
    Lane(
            Ec2Action action,
            Allowance own,
            Map<Priority, Courtesy> courtesies,
            RandomGenerator random,
            Place place,
            Instant now) {
        this.action = action;
        this.own = own;
        this.random = random;
        Duration longest = Duration.ZERO;
        for (Map.Entry<Priority, Courtesy> courtesy : courtesies.entrySet()) {
            Pacing pacing = courtesy.getValue().pacing();
            lines.put(courtesy.getKey(), new Line(courtesy.getValue(), random));
            longest = pacing.forgottenAfter().compareTo(longest) > 0 ? pacing.forgottenAfter() : longest;
        }
        this.forgottenAfter = longest;
        boolean isPartOfOne = own.burst() < 1;
        this.perSecond = isPartOfOne ? own.perSecond() / SPREAD : own.perSecond();
        this.tokens = isPartOfOne ? 1 - place.phase() * (1 - own.burst()) : own.burst();
        this.idleCeiling = Math.max(1, own.burst());
        this.countedAt = place.bornAt();
        this.wantedAt = now;
    }

    void join(Ticket ticket, Instant now) {
        count(now);
        if (waiting() == 0 && underWay == 0 && now.isAfter(wantedAt.plus(forgottenAfter))) {
            lines.values().forEach(Line::forget);
        }
        wantedAt = now;
        line(ticket.priority()).join(ticket, now);
    }

    /// The call that is next, when it may leave now; null when none may.
    ///
    /// @param onlyPods whether only calls that a pod waits for are considered
    @Nullable
    Ticket next(boolean onlyPods, Instant now) {
        count(now);
        @Nullable Ticket first = null;
        if (tokens >= 1 - ROUNDING) {
            for (Line line : considered(onlyPods)) {
                @Nullable Ticket ticket = line.next(now);
                if (ticket != null && (first == null || Ticket.FIRST_IN_LINE.compare(ticket, first) < 0)) {
                    first = ticket;
                }
            }
        }
        return first;
    }

    private Collection<Line> considered(boolean onlyPods) {
        return onlyPods ? List.of(Objects.requireNonNull(lines.get(Priority.POD_WAITS))) : lines.values();
    }

    /// When [#next] has one; null when nobody waits.
    @Nullable
    Instant nextAt(boolean onlyPods, Instant now) {
        count(now);
        @Nullable Instant first = null;
        for (Line line : considered(onlyPods)) {
            @Nullable Instant at = line.nextAt(now);
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

    /// That call leaves, which [#next] gave.
    void leaves(Ticket ticket, Instant now) {
        Line line = line(ticket.priority());
        line.leaves(now);
        tokens -= line.cost();
        if (own.burst() < 1) {
            idleCeiling = 1 - random.nextDouble() * (1 - own.burst());
        }
        underWay++;
        made++;
    }

    void returned() {
        underWay--;
    }

    /// A call that left was not made: its token is here again.
    void withdrawn(Priority priority, Instant now) {
        count(now);
        made--;
        tokens = Math.min(Math.max(1, own.burst()), tokens + line(priority).cost());
    }

    /// EC2 had a token: good for calls of this priority, and for more urgent ones.
    void wentThrough(Priority priority, Instant now) {
        count(now);
        lines.forEach((other, line) -> {
            if (other.compareTo(priority) <= 0) {
                line.wentThrough();
            }
        });
    }

    /// EC2 had no token: bad for calls of this priority, and for less urgent ones.
    void refused(Priority priority, Instant leftAt, Instant now) {
        count(now);
        throttled++;
        tokens = Math.min(Math.max(1, own.burst()), tokens + line(priority).cost());
        lines.forEach((other, line) -> {
            if (other.compareTo(priority) >= 0) {
                line.refused(leftAt, now);
            }
        });
        wantedAt = now;
    }

    ActionBudget snapshot(Instant now) {
        count(now);
        double gap = lines.values().stream()
                .filter(Line::wasWanted)
                .mapToDouble(Line::gapSeconds)
                .max()
                .orElse(0);
        double pace = gap == 0 ? perSecond : Math.min(perSecond, 1 / gap);
        return new ActionBudget(action, tokens, pace, perSecond, waiting(), underWay, made, throttled);
    }

    private int waiting() {
        int waiting = 0;
        for (Line line : lines.values()) {
            waiting += line.waiting();
        }
        return waiting;
    }

    private Line line(Priority priority) {
        @Nullable Line line = lines.get(priority);
        if (line == null) {
            throw new IllegalStateException("no line for " + priority);
        }
        return line;
    }

    /// What came back since it was counted last.
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
