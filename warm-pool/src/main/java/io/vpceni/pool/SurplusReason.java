package io.vpceni.pool;

import io.vpceni.pool.policy.WarmTarget;
import java.time.Instant;
import java.util.List;

/// Says why addresses that the policy does not want stay on the node. Changes nothing.
final class SurplusReason {
    private final BlockIndex index;

    SurplusReason(BlockIndex index) {
        this.index = index;
    }

    /// The reason; "" when nothing keeps them.
    String because(WarmTarget target, Instant now) {
        if (target.fewer() == 0) {
            return "";
        }
        return switch (target.unit()) {
            case BLOCK -> becauseOfBlocks(target.fewer());
            case ENI -> becauseOfEnis(target.fewer(), now);
        };
    }

    private String becauseOfBlocks(int fewer) {
        long smallest = index.enis().stream()
                .filter(PooledEni::takesPods)
                .flatMap(eni -> eni.blocks().idle().stream())
                .mapToLong(block -> block.kind().addresses())
                .min()
                .orElse(0);
        if (smallest == 0) {
            return "each block has an address that a pod has or that cools";
        }
        return smallest > fewer ? "only whole blocks go back, and the smallest has " + smallest + " addresses" : "";
    }

    private String becauseOfEnis(int fewer, Instant now) {
        List<PooledEni> mayGo = index.enis().stream()
                .filter(eni ->
                        eni.takesPods() && !eni.primary() && !eni.activity().isRemoval())
                .toList();
        if (mayGo.isEmpty()) {
            return "only whole ENIs go back, and the primary ENI stays";
        }
        List<PooledEni> idle = mayGo.stream().filter(Shrink::mayBeRemoved).toList();
        if (idle.isEmpty()) {
            return "only whole ENIs go back, and each has an address that a pod has or that cools";
        }
        List<PooledEni> small =
                idle.stream().filter(eni -> eni.blocks().addresses() <= fewer).toList();
        if (small.isEmpty()) {
            return "only whole ENIs go back, and none that is idle has so few addresses";
        }
        return small.stream()
                        .anyMatch(
                                eni -> !eni.arrivedAt().plus(Shrink.ENI_AGE_MIN).isAfter(now))
                ? ""
                : "an ENI stays for " + Shrink.ENI_AGE_MIN.toSeconds() + " s at least";
    }
}
