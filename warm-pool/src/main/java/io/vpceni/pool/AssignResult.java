package io.vpceni.pool;

/// What became of an ADD.
public sealed interface AssignResult {

    /// It has this address. The same key asks again: the same address.
    record Assigned(Assignment assignment) implements AssignResult {}

    /// There was none before its deadline.
    ///
    /// @param reason why, and what to do about it: a sentence for the pod's event
    record NoAddress(String reason) implements AssignResult {}

    /// A DEL of the same key overtook it.
    record Cancelled() implements AssignResult {}
}
