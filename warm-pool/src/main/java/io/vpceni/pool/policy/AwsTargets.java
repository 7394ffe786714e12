package io.vpceni.pool.policy;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.policy.WarmTarget.Unit;
import java.time.Duration;

/// The AWS VPC CNI's targets, with its meaning and precedence: an IP target that is set switches the others off; with
/// prefixes `WARM_PREFIX_TARGET` stands in for `WARM_ENI_TARGET`.
///
/// Three things differ. Cooling addresses are not stock. What a waiting ADD will take is not stock. With a target of 0
/// the last idle block stays when nothing else could be given out: it would be asked for again at once.
///
/// @param settings the targets, and whether blocks are prefixes
public record AwsTargets(PoolSettings settings) implements Policy {

    /// A cooldown that ends sooner than that is no reason to ask EC2: its answer would come later.
    private static final Duration EC2_ANSWERS = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "aws";
    }

    @Override
    public WarmTarget target(PoolCounts counts) {
        if (settings.countsAddresses()) {
            return byAddresses(counts);
        }
        return settings.mode() == PoolMode.PREFIXES
                ? byChunks(
                        counts, "WARM_PREFIX_TARGET", settings.warmPrefixTarget(), counts.blockAddresses(), Unit.BLOCK)
                : byChunks(counts, "WARM_ENI_TARGET", settings.warmEniTarget(), counts.eniAddresses(), Unit.ENI);
    }

    private WarmTarget byAddresses(PoolCounts counts) {
        int warmIpTarget = settings.warmIpTarget();
        int minimumIpTarget = settings.minimumIpTarget();
        int available = availableSoon(counts);
        int held = counts.total() + counts.pending();
        int more = Math.clamp(
                Math.max((long) warmIpTarget - available, (long) minimumIpTarget - held), 0, Policies.room(counts));
        int spare = Math.min(ready(counts) - warmIpTarget, counts.total() - minimumIpTarget);
        return new WarmTarget(
                more,
                more > 0 ? 0 : Math.max(0, spare),
                Unit.BLOCK,
                () -> "WARM_IP_TARGET=" + warmIpTarget + " and " + available + " available, MINIMUM_IP_TARGET="
                        + minimumIpTarget + " and " + held + " held or on their way");
    }

    private static WarmTarget byChunks(PoolCounts counts, String name, int target, int chunk, Unit unit) {
        int available = availableSoon(counts);
        long floor = Math.max(1, (long) target * chunk);
        int more = Math.clamp(floor - available, 0, Policies.room(counts));
        int idle = unit == Unit.BLOCK ? (counts.idleBlocks() - target) * chunk : Integer.MAX_VALUE;
        int fewer = Policies.count(Math.min(idle, ready(counts) - floor));
        return new WarmTarget(
                more,
                more > 0 ? 0 : fewer,
                unit,
                () -> name + "=" + target + " wants " + floor + " available and there are " + available
                        + (counts.pending() > 0 ? ", " + counts.pending() + " of them requested from EC2" : ""));
    }

    /// What can be given out by the time that EC2 would have answered, beyond what waiting ADDs take.
    private static int availableSoon(PoolCounts counts) {
        return counts.available()
                + counts.coolingForecast().endingBy(counts.now().plus(EC2_ANSWERS));
    }

    /// What can be given out, without what may never come.
    private static int ready(PoolCounts counts) {
        return counts.assignable() - counts.waiting();
    }
}
