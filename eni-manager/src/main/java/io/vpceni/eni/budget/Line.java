package io.vpceni.eni.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Who waits for one action with one priority, and the gap that they keep. Mutable, confined to its desk.
///
/// EC2 answers `RequestLimitExceeded` when others have taken more than this node knows of: then there is a gap between
/// two calls, which every throttled answer makes longer and every other answer shorter.
final class Line {

    private static final double NANOS = 1e9;

    /// Shorter gaps than this make no difference.
    private static final double GAP_MIN_SECONDS = 0.2;

    private final Pacing pacing;
    private final int cost;
    private final RandomGenerator random;
    private final PriorityQueue<Ticket> ready = new PriorityQueue<>(Ticket.FIRST_IN_LINE);
    private final PriorityQueue<Ticket> resting = new PriorityQueue<>(Ticket.FIRST_RESTED);

    /// 0 at full pace.
    private double gapSeconds;

    private Instant pausedUntil = Instant.MIN;
    private Instant slowedAt = Instant.MIN;
    private boolean wanted;

    Line(Courtesy courtesy, RandomGenerator random) {
        this.pacing = courtesy.pacing();
        this.cost = courtesy.cost();
        this.random = random;
    }

    void join(Ticket ticket, Instant now) {
        wanted = true;
        (ticket.notBefore().isAfter(now) ? resting : ready).add(ticket);
    }

    /// The call that is next, when the gap lets it leave now; null when none may.
    @Nullable
    Ticket next(Instant now) {
        wake(now);
        return now.isBefore(pausedUntil) ? null : ready.peek();
    }

    /// When [#next] has one; null when nobody waits.
    @Nullable
    Instant nextAt(Instant now) {
        wake(now);
        @Nullable Ticket rested = resting.peek();
        if (!ready.isEmpty()) {
            return later(now, pausedUntil);
        }
        return rested == null ? null : later(rested.notBefore(), pausedUntil);
    }

    /// The next call leaves.
    void leaves(Instant now) {
        ready.remove();
        if (gapSeconds > 0) {
            pausedUntil = now.plus(aboutOneGap());
        }
    }

    /// EC2 had a token.
    void wentThrough() {
        gapSeconds *= pacing.speedUp();
        if (gapSeconds < GAP_MIN_SECONDS) {
            gapSeconds = 0;
        }
    }

    /// EC2 had no token. Calls that left together slow down once.
    void refused(Instant leftAt, Instant now) {
        if (leftAt.isAfter(slowedAt)) {
            slowedAt = now;
            gapSeconds =
                    Math.clamp(gapSeconds * pacing.slowDown(), seconds(pacing.firstGap()), seconds(pacing.gapMax()));
            pausedUntil = now.plus(aboutOneGap());
        }
    }

    void forget() {
        gapSeconds = 0;
    }

    /// Tokens that a call takes.
    int cost() {
        return cost;
    }

    int waiting() {
        return ready.size() + resting.size();
    }

    /// Whether anybody ever waited here.
    boolean wasWanted() {
        return wanted;
    }

    double gapSeconds() {
        return gapSeconds;
    }

    /// Half of it to one and a half, so that nodes which were refused together do not come back together.
    private Duration aboutOneGap() {
        return Duration.ofNanos((long) (gapSeconds * (0.5 + random.nextDouble()) * NANOS));
    }

    private void wake(Instant now) {
        for (@Nullable Ticket first = resting.peek();
                first != null && !first.notBefore().isAfter(now);
                first = resting.peek()) {
            ready.add(resting.remove());
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static double seconds(Duration length) {
        return length.toNanos() / NANOS;
    }
}
