package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Everything that can happen to the pool.
public sealed interface Message {

    /// Whether all that was found at start has been told when it comes: from then on the pool asks EC2 for what it
    /// lacks.
    default boolean endsStartup() {
        return switch (this) {
            case EniFound _, Restored _, RestoredCooling _, RestoredTombstone _, RestoredUnassign _ -> false;
            case Assign _,
                    CancelWaitingAdds _,
                    WhoHolds _,
                    Release _,
                    NeverWired _,
                    Unwritten _,
                    EniReady _,
                    BlocksAdded _,
                    RequestFailed _,
                    Verified _,
                    Unassigned _,
                    EniRemoved _,
                    EniRoleIs _,
                    EniDetached _,
                    Ec2View _,
                    KernelView _,
                    PodView _,
                    Tick _ -> true;
        };
    }

    /// The request that it concludes; empty when it concludes none.
    default OptionalLong concludes() {
        return switch (this) {
            case EniReady ready -> OptionalLong.of(ready.request());
            case BlocksAdded added -> OptionalLong.of(added.request());
            case RequestFailed failed -> OptionalLong.of(failed.request());
            case Verified verified -> OptionalLong.of(verified.request());
            case Unassigned unassigned -> OptionalLong.of(unassigned.request());
            case EniRemoved removed -> OptionalLong.of(removed.request());
            case Assign _,
                    CancelWaitingAdds _,
                    WhoHolds _,
                    Release _,
                    NeverWired _,
                    Unwritten _,
                    EniFound _,
                    EniRoleIs _,
                    EniDetached _,
                    Ec2View _,
                    KernelView _,
                    PodView _,
                    Restored _,
                    RestoredCooling _,
                    RestoredTombstone _,
                    RestoredUnassign _,
                    Tick _ -> OptionalLong.empty();
        };
    }

    /// ADD: the key wants an address.
    ///
    /// Answered with [Effect.Answered], now or later, at the latest by the first message at or past the deadline.
    /// A key that has an address gets the same again.
    ///
    /// @param ticket names the answer and orders requests of one key: an ADD whose ticket is smaller than that of
    ///     a DEL of the same key was overtaken and is cancelled. Never given twice
    /// @param deadline when the ADD would rather fail than wait
    record Assign(long ticket, AttachmentKey key, PodName pod, Instant deadline) implements Message {}

    /// DEL came: the waiting ADDs of the key with a smaller ticket are cancelled, and so is one that comes within
    /// three minutes: that is written to the journal. When an ADD with a smaller ticket has an address, a new ADD
    /// of the key is refused until [Release].
    ///
    /// @param ticket from the same order as [Assign#ticket]
    record CancelWaitingAdds(long ticket, AttachmentKey key) implements Message {}

    /// DEL goes on: what does the key hold? Writes nothing. Answered at once with [Effect.Held]: with nothing when
    /// an ADD with a greater ticket has the address, for that ADD is the later request. The address stays with
    /// the key until [Release]; until then a new ADD of the key is refused.
    ///
    /// @param ticket of the DEL
    record WhoHolds(long ticket, AttachmentKey key) implements Message {}

    /// The wiring is gone: the address starts to cool. For a key that has none, nothing happens.
    record Release(AttachmentKey key) implements Message {}

    /// The sandbox could not be wired and nothing was changed: no pod used the address, and it is free at once.
    /// For a key that has none, nothing happens.
    record NeverWired(AttachmentKey key) implements Message {}

    /// An assignment could not be written to the journal and its ADD was refused: no pod used the address, and
    /// it is free at once.
    record Unwritten(AttachmentKey key) implements Message {}

    /// An ENI is attached and its link is set up.
    sealed interface EniAttached extends Message {
        Eni eni();

        /// All its secondary addresses and prefixes.
        List<Cidr> blocks();
    }

    /// An ENI that the pool requested.
    ///
    /// @param request the [Effect.AddEni] that this answers
    record EniReady(long request, Eni eni, List<Cidr> blocks) implements EniAttached {
        public EniReady {
            blocks = List.copyOf(blocks);
        }
    }

    /// An ENI that the pool did not request: attached before ipamd started, or by others.
    record EniFound(Eni eni, List<Cidr> blocks) implements EniAttached {
        public EniFound {
            blocks = List.copyOf(blocks);
        }
    }

    /// What an ENI is there for has changed: a tag of its own or of its subnet. What pods have on it stays theirs.
    record EniRoleIs(EniId eni, EniRole role) implements Message {}

    /// EC2 has detached an ENI, by two views that lie further apart than views lag: it takes no place on this node
    /// until a view lists it again. What pods have on it stays theirs.
    record EniDetached(EniId eni) implements Message {}

    /// EC2 assigned addresses or prefixes to an ENI. Those that the pool knew already are not counted twice.
    ///
    /// @param request the [Effect.AssignBlocks] that this answers
    /// @param blocks what EC2 answered: fewer than asked for is normal
    record BlocksAdded(long request, EniId eni, List<Cidr> blocks) implements Message {
        public BlocksAdded {
            blocks = List.copyOf(blocks);
        }
    }

    /// A request of any kind came to nothing.
    ///
    /// @param detail what went wrong, for people
    record RequestFailed(long request, AllocationError error, String detail) implements Message {}

    /// EC2 and the kernel were asked: answers [Effect.Verify].
    record Verified(long request, Evidence evidence) implements Message {}

    /// EC2 has taken blocks back: answers [Effect.Unassign].
    record Unassigned(long request) implements Message {}

    /// An ENI is detached and deleted: answers [Effect.RemoveEni].
    record EniRemoved(long request) implements Message {}

    /// What EC2 lists on all ENIs of this node, asked from time to time (`DescribeNetworkInterfaces`).
    ///
    /// @param asked when the question went out; an answer may be older than that by some seconds
    /// @param blocks by attached ENI, its secondary addresses and prefixes
    record Ec2View(Instant asked, Map<EniId, Set<Cidr>> blocks) implements Message {
        public Ec2View {
            blocks = Map.copyOf(blocks);
        }
    }

    /// The sandboxes that the kernel has, asked from time to time.
    ///
    /// @param asked when reading began
    /// @param held by address, the key that the host end of the pod's link carries
    record KernelView(Instant asked, Map<InetAddress, AttachmentKey> held) implements Message {
        public KernelView {
            held = Map.copyOf(held);
        }
    }

    /// The pods of this node that the Kubernetes API server lists. Alone it takes nothing from anybody: it only
    /// confirms at once what otherwise two looks at the kernel have to say, that a sandbox is gone.
    ///
    /// @param asked when the list was complete
    record PodView(Instant asked, Set<PodName> pods) implements Message {
        public PodView {
            pods = Set.copyOf(pods);
        }
    }

    /// A sandbox of before the restart. Comes after the ENIs found at start and before the first ADD.
    ///
    /// When no ENI has the address, or another sandbox has it too, it is disputed: kept and reported,
    /// never handed out.
    ///
    /// @param since when the sandbox got the address; empty: nothing tells when
    /// @param ticket of its latest ADD in this boot of the node; empty: nothing tells
    record Restored(Assignment assignment, Optional<Instant> since, OptionalLong ticket) implements Message {
        /// One of which nothing tells the ADD.
        public Restored(Assignment assignment, Optional<Instant> since) {
            this(assignment, since, OptionalLong.empty());
        }
    }

    /// An address that cooled before the restart, and goes on cooling. Also when no ENI has it, for EC2 may list it
    /// soon.
    record RestoredCooling(InetAddress address, Instant until) implements Message {}

    /// A DEL of before the restart.
    record RestoredTombstone(AttachmentKey key, long ticket, Instant until) implements Message {}

    /// A block that was leaving, or had just been unassigned, before the restart. EC2's views may still list it
    /// although it is gone: it is quarantined until a view is recent enough to tell.
    record RestoredUnassign(EniId eni, Cidr block, Instant at) implements Message {}

    /// Time passed: send one at [WarmPool#nextTickAt], and one at start behind the last restored one.
    record Tick() implements Message {}
}
