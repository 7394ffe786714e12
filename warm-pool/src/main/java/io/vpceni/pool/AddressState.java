package io.vpceni.pool;

/// What an address of this node is to the pool. Each is in exactly one state.
public enum AddressState {
    /// Assignable: the next ADD could have it, unless its ENI takes no pods.
    FREE,
    /// A sandbox has it.
    ASSIGNED,
    /// Rests after its last sandbox; nobody's, and not stock.
    COOLING,
    /// Not needed: goes back to EC2 unless an ADD needs it first, or EC2 or the kernel object.
    QUARANTINED,
    /// EC2 has been asked to take it back.
    LEAVING,
    /// The views disagree: kept with whoever has it, and never handed out.
    DISPUTED
}
