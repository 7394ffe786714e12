package io.vpceni.pool;

/// The state of an address; each address is in exactly one.
public enum AddressState {
    /// Nobody has it: the next ADD may.
    FREE,
    /// A sandbox has it.
    ASSIGNED,
    /// A sandbox had it a moment ago.
    COOLING,
    /// A sandbox has it, but EC2 did not list it: kept, reported, never handed out.
    DISPUTED
}
