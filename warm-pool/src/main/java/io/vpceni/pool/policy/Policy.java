package io.vpceni.pool.policy;

/// Says how many addresses more or fewer a pool should hold. A value: the same summary makes the same wish, nothing is
/// remembered between calls. Asked after every message, so it takes a bounded time, far below a microsecond.
public interface Policy {

    /// As in `VPC_ENI_POLICY`: one lower-case word.
    String name();

    WarmTarget want(PoolCounts summary);
}
