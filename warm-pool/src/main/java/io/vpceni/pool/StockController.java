package io.vpceni.pool;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.policy.ArrivalStats;
import io.vpceni.pool.policy.Policy;
import io.vpceni.pool.policy.PoolCounts;
import io.vpceni.pool.policy.WarmTarget;
import java.time.Instant;

/// Moves the stock towards the policy's target: first with quarantined addresses, then with new ones from EC2; surplus
/// is quarantined.
final class StockController {
    private final PoolSettings settings;
    private final NodeLimits limits;
    private final Policy policy;
    private final ArrivalStats arrivals;
    private final AddressBook book;
    private final WaitingAdds waiting;
    private final Growth growth;
    private final Shrink shrink;
    private final Quarantine quarantine;
    private final SurplusReason kept;

    StockController(
            PoolSettings settings,
            NodeLimits limits,
            Policy policy,
            ArrivalStats arrivals,
            AddressBook book,
            WaitingAdds waiting,
            Growth growth,
            Shrink shrink,
            Quarantine quarantine,
            SurplusReason kept) {
        this.settings = settings;
        this.limits = limits;
        this.policy = policy;
        this.arrivals = arrivals;
        this.book = book;
        this.waiting = waiting;
        this.growth = growth;
        this.shrink = shrink;
        this.quarantine = quarantine;
        this.kept = kept;
    }

    /// Asks for more, or has some given back.
    void adjust(Instant now) {
        if (settings.fixed()) {
            shrink.giveNothingBack(now);
            return;
        }
        boolean othersDrain = othersDrain(now);
        PoolCounts counts = counts(othersDrain, now);
        arrivals.busy(counts.assigned() + counts.cooling() + counts.waiting(), now);
        WarmTarget target = policy.target(counts);
        if (target.more() > 0 && quarantine.reclaim(target.more(), now)) {
            target = policy.target(counts(othersDrain, now));
        }
        growth.plan(target, waiting.addressesWanted(), now);
        shrink.plan(target, othersDrain && waiting.isEmpty(), now);
    }

    /// What the policy wants now, without changing anything.
    PoolSnapshot.Target target(Instant now) {
        WarmTarget target = policy.target(counts(othersDrain(now), now));
        String reason = settings.fixed() && target.fewer() > 0
                ? "ipamd gives nothing back (ENABLE_IMDS_ONLY_MODE or DISABLE_NETWORK_RESOURCE_PROVISIONING)"
                : kept.because(target, now);
        return new PoolSnapshot.Target(
                policy.name(), target.more(), target.because().text(), target.fewer(), reason);
    }

    /// Whether free addresses of a kind that the mode does not prefer are to go, and are not stock: as soon as
    /// the preferred kind is there or can be had. Once it is there it must not matter whether there is room for
    /// more of it, or what came in its place would go again.
    private boolean othersDrain(Instant now) {
        Totals totals = book.totals();
        return totals.others() > 0
                && growth.asksForPreferred(now)
                && (totals.preferred() > 0 || growth.limits().hasPlace());
    }

    private PoolCounts counts(boolean othersDrain, Instant now) {
        Totals totals = book.totals();
        long assignable = totals.preferred() + (othersDrain ? 0 : totals.others());
        int blockAddresses = settings.mode() == PoolMode.PREFIXES ? (int) BlockKind.PREFIX.addresses() : 1;
        return new PoolCounts(
                now,
                saturated(assignable),
                saturated(totals.assigned() + totals.assignedDisputed() + book.addressesOutsideBlocks()),
                saturated(totals.cooling()),
                saturated(totals.quarantined() + totals.leaving()),
                saturated(growth.requests().addresses()),
                waiting.addressesWanted(),
                blockAddresses,
                limits.slotsPerEni() * blockAddresses,
                growth.limits().attachedEnis() + growth.requests().enis(),
                growth.limits().enisMax(),
                settings.podsMax() == 0 ? Integer.MAX_VALUE : settings.podsMax(),
                totals.idleBlocks(),
                this::cooldownsEndingBy,
                arrivals);
    }

    private int cooldownsEndingBy(Instant moment) {
        int ended = 0;
        for (PooledAddress address : book.cooling()) {
            if (address.freeSince().isAfter(moment)) {
                break;
            }
            ended++;
        }
        return ended;
    }

    /// For numbers that only IPv6 makes larger.
    static int saturated(long count) {
        return (int) Math.min(Integer.MAX_VALUE, count);
    }
}
