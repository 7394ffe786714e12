package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The pool at one moment. Immutable; safe to hand to any thread. Of an IPv6 prefix only those addresses are listed
/// that are in use or cooling; counts that would pass [Integer#MAX_VALUE] stay there.
///
/// @param at the moment
/// @param enis ordered by id
/// @param addresses every address that the pool knows, in numeric order
/// @param waiting ADDs that wait for an address
/// @param pending addresses that were asked for and are not here yet
/// @param pendingEnis ENIs that were asked for and are not here yet
/// @param assignable addresses that the next ADD could have
/// @param quarantined addresses that go back to EC2 unless an ADD needs them, on all ENIs
/// @param leaving addresses that EC2 was asked to take back, on all ENIs
/// @param disputed addresses about which EC2 or the kernel contradict the pool, with a sandbox or without, on all ENIs
/// @param unexpectedAnswers answers of EC2 and the kernel that could not be true and were ignored, since start
/// @param target what the policy wants
/// @param lastFailure the last request for more addresses that failed, until one of that kind succeeds
public record PoolSnapshot(
        Instant at,
        List<EniCounts> enis,
        List<AddressView> addresses,
        int waiting,
        int pending,
        int pendingEnis,
        int assignable,
        int quarantined,
        int leaving,
        int disputed,
        long unexpectedAnswers,
        Target target,
        Optional<GrowthFailure> lastFailure) {

    public PoolSnapshot {
        enis = List.copyOf(enis);
        addresses = List.copyOf(addresses);
    }

    /// Sandboxes without a network: EC2 has detached the ENI of their address from this node. Nothing but a new sandbox
    /// helps them.
    public List<Assignment> withoutNetwork() {
        return addresses.stream()
                .filter(this::isOnDetachedEni)
                .flatMap(view -> view.holder().stream())
                .toList();
    }

    /// Whether EC2 has detached the ENI of the address from this node.
    public boolean isOnDetachedEni(AddressView view) {
        return enis.stream()
                .anyMatch(counts -> counts.detached() && counts.eni().id().equals(view.eni()));
    }

    /// One ENI in numbers: `total = assigned + cooling + free + unavailable`.
    ///
    /// @param assigned sandboxes have them, and EC2 lists them
    /// @param unavailable quarantined, leaving or disputed
    /// @param pending on their way to it
    /// @param blocks secondary addresses and prefixes on it
    /// @param withoutNetwork pods that have an address of it though it is detached
    /// @param detached whether EC2 has detached it from this node
    public record EniCounts(
            Eni eni,
            int total,
            int assigned,
            int cooling,
            int free,
            int unavailable,
            int pending,
            int blocks,
            int withoutNetwork,
            boolean detached) {}

    /// One address.
    ///
    /// @param eni the ENI that holds it; for a claim that EC2 does not list, the ENI that the kernel named
    /// @param block the secondary address or prefix that it is in; empty when EC2 lists none
    /// @param holder who has it, when it is assigned or disputed
    /// @param since when it came into this state
    /// @param coolingUntil when it may be given out again, when it is cooling
    /// @param heldSince when the holder got it; empty when nobody has it, and when the holder got it before ipamd
    ///     started and nothing tells when
    public record AddressView(
            InetAddress address,
            EniId eni,
            Optional<Cidr> block,
            AddressState state,
            Optional<Assignment> holder,
            Instant since,
            Optional<Instant> coolingUntil,
            Optional<Instant> heldSince) {}

    /// What the policy wants of the pool.
    ///
    /// @param policy its name, as in `VPC_ENI_POLICY`
    /// @param more addresses that are missing
    /// @param reason the arithmetic, for people
    /// @param fewer addresses that may go
    /// @param keepReason why addresses that are not needed stay; "" when they go, or all are needed
    public record Target(String policy, int more, String reason, int fewer, String keepReason) {}

    /// A request for more addresses that failed.
    ///
    /// @param retryAt when EC2 is asked again
    public record GrowthFailure(AllocationError error, String detail, Instant at, Instant retryAt) {}
}
