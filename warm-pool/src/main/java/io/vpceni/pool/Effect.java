package io.vpceni.pool;

import java.util.Optional;

/// What the pool wants done. The owner does it; the outcome of the last two comes back as a [Message].
public sealed interface Effect {

    /// The answer to [Message.Assign] with that ticket. Each ticket is answered exactly once.
    record Answered(long ticket, AssignResult result) implements Effect {}

    /// The answer to [Message.PrepareRelease] with that ticket.
    ///
    /// @param assignment what the key has; it keeps it until [Message.Release]
    record ReleasePrepared(long ticket, Optional<Assignment> assignment) implements Effect {}

    /// Ask EC2 for secondary addresses on an ENI that is here (`AssignPrivateIpAddresses`).
    ///
    /// Ends with [Message.AddressesAdded] or [Message.GrowthFailed] of the same request; fewer addresses than asked
    /// for is success.
    ///
    /// @param count 1 or more
    record AssignAddresses(long request, EniId eni, int count) implements Effect {}

    /// Make and attach an ENI that is born with its addresses (`CreateNetworkInterface`, `AttachNetworkInterface`).
    ///
    /// Ends with [Message.EniReady] or [Message.GrowthFailed] of the same request.
    ///
    /// @param addresses how many secondary addresses it is created with; 1 or more
    record AddEni(long request, int addresses) implements Effect {}
}
