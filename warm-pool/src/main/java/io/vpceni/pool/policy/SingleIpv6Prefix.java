package io.vpceni.pool.policy;

/// For IPv6: one prefix outlasts any node, so one is wanted and it never goes away.
record SingleIpv6Prefix() implements Policy {

    @Override
    public String name() {
        return "one-block";
    }

    @Override
    public WarmTarget target(PoolCounts counts) {
        int more = counts.available() > 0 ? 0 : 1;
        return new WarmTarget(
                more, 0, WarmTarget.Unit.BLOCK, () -> "one IPv6 prefix has more addresses than a node has pods");
    }
}
