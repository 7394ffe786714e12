package io.vpceni.pool;

/// What an address of this node is to the pool. Each is in exactly one state.
public enum AddressState {
    /// Assignable: the next ADD could have it, unless its ENI takes no pods.
    FREE,
    /// A sandbox has it.
    ASSIGNED,
    /// Released less than the cooldown ago; no sandbox gets it yet, and it is not stock.
    COOLING,
    /// Not needed: it goes back to EC2 after 30 s, when EC2 and the kernel say that no sandbox has it, unless
    /// an ADD needs it first.
    QUARANTINED,
    /// EC2 has been asked to take it back.
    LEAVING,
    /// EC2 or the kernel contradict the pool about it: whoever has it keeps it, nobody else gets it.
    DISPUTED
}
