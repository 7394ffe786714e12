package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One action: its tokens, its pace, and who waits for it. Mutable, confined to its desk.
///
/// The bucket is this node's part of the account's. EC2 answers `RequestLimitExceeded` when the others have taken more
/// than this node knows of: then there is a gap between two calls, which every throttled answer makes longer and
/// every other answer shorter, and no burst.
final class Lane {

    private static final double NANOS = 1e9;

    /// Shorter gaps than this make no difference.
    private static final double GAP_MIN_SECONDS = 0.05;

    /// Tokens are sums of fractions.
    private static final double ROUNDING = 1e-6;

    private final Ec2Action action;
    private final Allowance own;
    private final Pacing pacing;
    private final RandomGenerator random;

    private final PriorityQueue<Ticket> line = new PriorityQueue<>(Ticket.FIRST_IN_LINE);
    private final PriorityQueue<Ticket> resting = new PriorityQueue<>(Ticket.FIRST_RESTED);

    private double tokens;
    private double idleCeiling;
    private Instant countedAt;

    /// 0 at full pace.
    private double gapSeconds;

    private Instant slowedAt = Instant.MIN;
    private Instant wantedAt;
    private int underWay;
    private long made;
    private long throttled;

    Lane(Ec2Action action, Allowance own, Pacing pacing, RandomGenerator random, Instant now) {
        this.action = action;
        this.own = own;
        this.pacing = pacing;
        this.random = random;
        this.idleCeiling = drawIdleCeiling();
        this.tokens = idleCeiling;
        this.countedAt = now;
        this.wantedAt = now;
    }

    /// A part that is less than one call is a chance of one: nodes with the same small part, which all begin now, make
    /// their first calls one after the other, as if they knew of each other.
    private double drawIdleCeiling() {
        return own.burst() >= 1 ? own.burst() : 1 - random.nextDouble() * (1 - own.burst());
    }

    void join(Ticket ticket, Instant now) {
        count(now);
        if (isIdle() && now.isAfter(wantedAt.plus(pacing.forgottenAfter()))) {
            gapSeconds = 0;
        }
        wantedAt = now;
        (ticket.notBefore().isAfter(now) ? resting : line).add(ticket);
    }

    /// The call that is next, when it may leave now; null when none may.
    @Nullable
    Ticket next(Instant now) {
        count(now);
        wake(now);
        return tokens >= 1 - ROUNDING ? line.peek() : null;
    }

    /// The next call leaves.
    void leaves() {
        line.remove();
        tokens = Math.max(0, tokens - 1);
        idleCeiling = drawIdleCeiling();
        underWay++;
        made++;
    }

    /// When [#next] has one; null when nobody waits.
    @Nullable
    Instant nextAt(Instant now) {
        count(now);
        wake(now);
        @Nullable
        Instant tokenAt =
                tokens >= 1 - ROUNDING ? now : now.plusNanos((long) Math.ceil((1 - tokens) / perSecond() * NANOS));
        if (!line.isEmpty()) {
            return tokenAt;
        }
        @Nullable Ticket first = resting.peek();
        if (first == null) {
            return null;
        }
        return first.notBefore().isAfter(tokenAt) ? first.notBefore() : tokenAt;
    }

    void returned() {
        underWay--;
    }

    /// EC2 had a token.
    void wentThrough(Instant now) {
        count(now);
        gapSeconds *= pacing.speedUp();
        if (gapSeconds < GAP_MIN_SECONDS || gapSeconds < 1 / own.perSecond()) {
            gapSeconds = 0;
        }
    }

    /// EC2 had no token. Calls that left together slow down once.
    ///
    /// @param leftAt when the call left
    /// @param firstGap the least that is waited now
    void refused(Instant leftAt, Duration firstGap, Instant now) {
        count(now);
        throttled++;
        if (leftAt.isAfter(slowedAt)) {
            slowedAt = now;
            gapSeconds = Math.clamp(gapSeconds * pacing.slowDown(), seconds(firstGap), seconds(pacing.gapMax()));
        }
        tokens = Math.min(tokens, 0.5 - random.nextDouble()); // half a gap to one and a half
        wantedAt = now;
    }

    ActionBudget snapshot(Instant now) {
        count(now);
        return new ActionBudget(action, tokens, perSecond(), own.perSecond(), waiting(), underWay, made, throttled);
    }

    int waiting() {
        return line.size() + resting.size();
    }

    private boolean isIdle() {
        return waiting() == 0 && underWay == 0;
    }

    private double perSecond() {
        return gapSeconds == 0 ? own.perSecond() : Math.min(own.perSecond(), 1 / gapSeconds);
    }

    private void wake(Instant now) {
        for (@Nullable Ticket first = resting.peek();
                first != null && !first.notBefore().isAfter(now);
                first = resting.peek()) {
            line.add(resting.remove());
        }
    }

    /// What came back since it was counted last.
    private void count(Instant now) {
        if (now.isAfter(countedAt)) {
            double more = Duration.between(countedAt, now).toNanos() / NANOS * perSecond();
            tokens = Math.min(tokens + more, ceiling());
            countedAt = now;
        }
    }

    private double ceiling() {
        if (gapSeconds > 0) {
            return 1;
        }
        return waiting() == 0 ? idleCeiling : Math.max(1, own.burst());
    }

    private static double seconds(Duration length) {
        return length.toNanos() / NANOS;
    }
}
