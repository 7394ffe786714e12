package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import java.util.List;
import java.util.Optional;

/// What the pool wants done, in order. [Write]s first: all of them are written before anything else of the same list
/// is done.
public sealed interface Effect {

    /// Write this to the journal.
    record Write(JournalRecord entry) implements Effect {}

    /// The answer to [Message.Assign] with that ticket. Each ticket is answered exactly once.
    record Answered(long ticket, AssignResult result) implements Effect {}

    /// The answer to [Message.WhoHolds] with that key.
    ///
    /// @param assignment what the key holds; it keeps it until [Message.Release]; empty also when an ADD that began
    ///     after the DEL has it
    record Held(AttachmentKey key, Optional<Assignment> assignment) implements Effect {}

    /// Something that wants a [Message] with the same request number as its outcome: its own or
    /// [Message.RequestFailed].
    sealed interface Request extends Effect {
        /// 1 or more; never twice in one life of ipamd.
        long request();
    }

    /// Ask EC2 for more on an ENI that is here: `AssignPrivateIpAddresses` with a count of addresses or
    /// prefixes, or `AssignIpv6Addresses` with a count of prefixes. Ends with [Message.BlocksAdded].
    ///
    /// @param count blocks; 1 or more
    record AssignBlocks(long request, EniId eni, BlockKind kind, int count) implements Request {}

    /// Make and attach an ENI that is born with its blocks (`CreateNetworkInterface`,
    /// `AttachNetworkInterface`). Ends with [Message.EniReady].
    ///
    /// @param networkCard where it goes
    /// @param count blocks that it is created with; 1 or more
    record AddEni(long request, int networkCard, BlockKind kind, int count) implements Request {}

    /// Ask EC2 (`DescribeNetworkInterfaces`) and the kernel about an ENI. Ends with [Message.Verified].
    record Verify(long request, EniId eni) implements Request {}

    /// Give blocks back (`UnassignPrivateIpAddresses`, `UnassignIpv6Addresses`). Ends with [Message.Unassigned].
    record Unassign(long request, EniId eni, List<Cidr> blocks) implements Request {
        public Unassign {
            blocks = List.copyOf(blocks);
        }
    }

    /// Take an ENI away with all that is on it (`DetachNetworkInterface`, `DeleteNetworkInterface`). Ends with
    /// [Message.EniRemoved].
    record RemoveEni(long request, EniId eni) implements Request {}

    /// Tell people.
    record Noticed(PoolNotice notice) implements Effect {}
}
