package io.vpceni.pool.policy;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;

/// placeholder until the policies land
public record AwsTargets(PoolSettings settings) implements Policy {
    @Override
    public String name() {
        return "aws";
    }

    @Override
    public Wanted want(Summary s) {
        int available = s.available();
        if (settings.countsAddresses()) {
            int more = Math.max(
                    0,
                    Math.max(
                            settings.warmIpTarget() - available, settings.minimumIpTarget() - s.total() - s.pending()));
            int fewer = more > 0
                    ? 0
                    : Math.max(
                            0,
                            Math.min(
                                    s.assignable() - s.waiting() - settings.warmIpTarget(),
                                    s.total() - settings.minimumIpTarget()));
            return new Wanted(more, fewer, Wanted.Unit.BLOCK, () -> "targets");
        }
        boolean prefixes = settings.mode() == PoolMode.PREFIXES;
        int warm = Math.max(
                1,
                prefixes
                        ? settings.warmPrefixTarget() * s.blockAddresses()
                        : settings.warmEniTarget() * s.eniAddresses());
        int more = Math.max(0, warm - available);
        int fewer = Math.max(0, s.assignable() - s.waiting() - warm);
        return new Wanted(more, more > 0 ? 0 : fewer, prefixes ? Wanted.Unit.BLOCK : Wanted.Unit.ENI, () -> "targets");
    }
}
