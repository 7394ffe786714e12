package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/// Everything that can happen to the pool.
public sealed interface Message {

    /// ADD: the key wants an address.
    ///
    /// Answered with [Effect.Answered], now or later, at the latest by the first message at or past the deadline.
    /// A key that has an address gets the same again.
    ///
    /// @param ticket names the answer; drawn from one growing counter, which ADD and DEL share, when the
    ///     request reaches ipamd: an ADD whose ticket is smaller than that of a DEL of the same
    ///     key was overtaken and is cancelled
    /// @param deadline when the ADD would rather fail than wait
    record Assign(long ticket, AttachmentKey key, PodName pod, Instant deadline) implements Message {}

    /// DEL began: who has what? Cancels the waiting ADDs of the key.
    ///
    /// Answered at once with [Effect.ReleasePrepared]. The address stays with the key until [Release]; until then
    /// a new ADD of the key is refused. An ADD with a smaller ticket that comes within a minute is cancelled.
    ///
    /// @param ticket from the same counter as [Assign#ticket]
    record PrepareRelease(long ticket, AttachmentKey key) implements Message {}

    /// The wiring is gone: the address starts to cool. For a key that has none, nothing happens.
    record Release(AttachmentKey key) implements Message {}

    /// An ENI is attached and its link is set up.
    ///
    /// @param request the [Effect.AddEni] that this answers; 0 for an ENI that was found at start
    /// @param addresses all its secondary addresses
    record EniReady(long request, Eni eni, List<InetAddress> addresses) implements Message {
        public EniReady {
            addresses = List.copyOf(addresses);
        }
    }

    /// EC2 assigned addresses to an ENI. Those that the pool knew already are not counted twice.
    ///
    /// @param request the [Effect.AssignAddresses] that this answers; 0 when nobody asked
    /// @param addresses what EC2 listed: fewer than asked for is normal
    record AddressesAdded(long request, EniId eni, List<InetAddress> addresses) implements Message {
        public AddressesAdded {
            addresses = List.copyOf(addresses);
        }
    }

    /// A growth request came to nothing.
    ///
    /// @param detail what went wrong, for people
    record GrowthFailed(long request, GrowthObstacle obstacle, String detail) implements Message {}

    /// A sandbox of before the restart, as the kernel tells it. Comes after the ENIs found
    /// at start and before the first ADD.
    ///
    /// When no ENI has the address, or another sandbox has it too, it is disputed: kept and reported,
    /// never handed out.
    record Restored(Assignment assignment) implements Message {}

    /// Time passed: send one at [WarmPool#lookAgainAt], and one at start behind the last [Restored].
    record Tick() implements Message {}
}
