package io.vpceni.pool.policy;

/// Says how many addresses more or fewer a pool should hold. A pure function: the same counts give the same target, and
/// nothing is remembered between calls. Asked after every message, so it takes a bounded time, far below a microsecond.
public interface Policy {

    /// As in `VPC_ENI_POLICY`: one lower-case word.
    String name();

    WarmTarget target(PoolCounts counts);
}
