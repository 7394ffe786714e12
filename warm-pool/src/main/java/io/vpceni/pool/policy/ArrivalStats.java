package io.vpceni.pool.policy;

import java.time.Duration;
import java.time.Instant;

/// What the pool has seen come and go. Written by the pool, read by policies; mutable, confined to the pool's owner.
/// Every method takes a bounded time and the memory is bounded. A time before the latest one is taken as the latest.
public final class ArrivalStats {

    /// Length of one slot of the two memories.
    static final Duration SHORT_SLOT = Duration.ofSeconds(1);

    static final Duration LONG_SLOT = Duration.ofMinutes(1);

    /// How far the memory of arrivals goes back, in seconds.
    static final int SHORT_SLOTS = 16;

    /// How far the memory of addresses in use goes back, in minutes.
    static final int LONG_SLOTS = 64;

    /// Weight of the newest refill in [#refillTakes].
    private static final double NEWEST = 0.25;

    private final SlotRing arrivals = new SlotRing(SHORT_SLOT, SHORT_SLOTS, SlotRing.Fill.EMPTY);
    private final SlotRing busyPeaks = new SlotRing(LONG_SLOT, LONG_SLOTS, SlotRing.Fill.AS_BEFORE);
    private long arrived;
    private Duration refill = Duration.ofSeconds(2);
    private Duration refillSpread = Duration.ofSeconds(1);
    private Instant latest = Instant.MIN;
    private Duration worthAsked = Duration.ZERO;
    private long worthVersion = -1;
    private int worthHolding;

    /// A sandbox asked for an address for the first time.
    public void arrived(Instant now) {
        advance(now);
        arrived++;
        arrivals.raise(arrivals.newest() + 1);
    }

    /// A sandbox gave its address back.
    public void departed(Instant now) {
        advance(now);
    }

    /// Growth came through.
    ///
    /// @param took from the request to its answer
    public void refilled(Duration took, Instant now) {
        advance(now);
        double error = seconds(took) - seconds(refill);
        refill = ofSeconds(seconds(refill) + NEWEST * error);
        refillSpread = ofSeconds(seconds(refillSpread) + NEWEST * (Math.abs(error) - seconds(refillSpread)));
    }

    /// So many addresses are in use, cooling or waited for. To be told after every message.
    public void busy(int addresses, Instant now) {
        advance(now);
        busyPeaks.level(addresses);
    }

    /// The latest event; [Instant#MIN] before the first.
    public Instant latest() {
        return latest;
    }

    /// Sandboxes that asked, since start.
    public long arrivedEver() {
        return arrived;
    }

    /// Sandboxes that asked within that time, of which the last 16 s are remembered.
    public int arrivedWithin(Duration window, Instant now) {
        int sum = 0;
        int slots = (int) Math.min(SHORT_SLOTS, Math.ceilDiv(window.toMillis(), SHORT_SLOT.toMillis()));
        int age = arrivals.ageOfNewest(now);
        for (int back = 0; back + age < slots; back++) {
            sum += arrivals.back(back);
        }
        return sum;
    }

    /// How long growth takes: a slow one of the recent ones. Two seconds before the first.
    public Duration refillTakes() {
        return refill.plus(refillSpread);
    }

    /// Minutes that are remembered, the present one included; at most 64.
    public int minutes() {
        return busyPeaks.slots();
    }

    /// The most addresses that were busy at one time in that minute.
    ///
    /// @param back 0 for the present minute, up to [#minutes] less 1
    public int busyPeak(int back) {
        return busyPeaks.back(back);
    }

    /// The highest number of addresses that was busy at one time often enough to be worth holding: each time that
    /// it was reached pays for so much lying idle since the first time.
    public int worthHolding(Duration idleForEachUse) {
        if (!idleForEachUse.equals(worthAsked) || worthVersion != busyPeaks.version()) {
            worthAsked = idleForEachUse;
            worthVersion = busyPeaks.version();
            worthHolding = findWorthHolding(idleForEachUse.toSeconds());
        }
        return worthHolding;
    }

    private int findWorthHolding(long idleForEachUse) {
        int below = Integer.MAX_VALUE;
        for (int tried = 0; tried < LONG_SLOTS; tried++) {
            int level = 0;
            for (int back = 0; back < minutes(); back++) {
                level = busyPeak(back) < below ? Math.max(level, busyPeak(back)) : level;
            }
            if (level == 0 || isWorthHolding(level, idleForEachUse)) {
                return level;
            }
            below = level;
        }
        return 0;
    }

    private boolean isWorthHolding(int level, long idleForEachUse) {
        int uses = 0;
        int idle = 0;
        boolean usedBefore = false;
        for (int back = minutes() - 1; back >= 0; back--) {
            boolean used = busyPeak(back) >= level;
            uses += used && !usedBefore ? 1 : 0;
            idle += used || uses == 0 ? 0 : 1;
            usedBefore = used;
        }
        return idle * LONG_SLOT.toSeconds() <= uses * idleForEachUse;
    }

    private void advance(Instant now) {
        latest = latest.isAfter(now) ? latest : now;
        arrivals.advance(latest);
        busyPeaks.advance(latest);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration ofSeconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
