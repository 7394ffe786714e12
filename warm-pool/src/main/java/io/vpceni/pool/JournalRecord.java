package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// One decision of the pool that has to outlive ipamd. `docs/journal.md` says how they are written and what they mean
/// together.
public sealed interface JournalRecord {

    /// A sandbox has an address. Written before the ADD is acknowledged, and again by each start.
    ///
    /// @param at when it was written; of two that name one address the later one counts
    /// @param since when the sandbox got it; empty: before an earlier start, and nothing tells when
    /// @param ticket of the sandbox's latest ADD ([Message.Assign]); empty: before the node booted, or
    ///     nothing tells
    record Assigned(Assignment assignment, Instant at, Optional<Instant> since, OptionalLong ticket)
            implements JournalRecord {
        /// The sandbox gets it now; nothing tells by which ADD.
        public Assigned(Assignment assignment, Instant at) {
            this(assignment, at, Optional.of(at));
        }

        /// Nothing tells by which ADD.
        public Assigned(Assignment assignment, Instant at, Optional<Instant> since) {
            this(assignment, at, since, OptionalLong.empty());
        }
    }

    /// A sandbox gave its address back.
    ///
    /// @param coolsUntil when another sandbox may have it
    record Released(AttachmentKey key, InetAddress address, Instant at, Instant coolsUntil) implements JournalRecord {}

    /// A DEL came: an ADD of the key with a smaller ticket is cancelled.
    record DelSeen(AttachmentKey key, long ticket, Instant until) implements JournalRecord {}

    /// EC2 or the kernel contradict the pool about an address.
    ///
    /// @param holder the sandbox that has it, if one has
    record Disputed(InetAddress address, EniId eni, Optional<AttachmentKey> holder, Instant at)
            implements JournalRecord {}

    /// They agree with the pool again.
    record DisputeResolved(InetAddress address, Instant at) implements JournalRecord {}

    /// EC2 is about to be asked to take a block back. Written before the call.
    record Leaving(EniId eni, Cidr block, Instant at) implements JournalRecord {}

    /// EC2 has taken the block back. A view that was asked for shortly after may still show it.
    record Unassigned(EniId eni, Cidr block, Instant at) implements JournalRecord {}

    /// The block was not unassigned: it stays on this node.
    record UnassignFailed(EniId eni, Cidr block, Instant at) implements JournalRecord {}
}
