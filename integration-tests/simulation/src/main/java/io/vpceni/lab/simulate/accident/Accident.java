package io.vpceni.lab.simulate.accident;

/// What happens by itself, one thing at a time. One choice among all of them, so their order is part of a recorded
/// history.
public enum Accident {
    CRASH,
    DEL_LOST,
    DEL_OVERTAKES_ADD,
    ADD_REPEATED,
    DEL_REPEATED,
    DISK_FULL,
    INTENTS_FULL,
    DISKS_FREE,
    /// Twice as often as one of them gets full.
    DISKS_FREE_TOO,
    SUBNET_FILLED,
    BLOCK_TAKEN,
    BLOCK_GIVEN,
    ENI_DETACHED,
    ENI_DELETED,
    ENI_ATTACHED,
    TAG_CHANGED,
    OTHER_NODES_ENI,
    LINK_REPEATED,
    NODE_ENDS,
    PODS_WANTED,
    ADD_LATE,
    KERNEL,
    TICK
}
