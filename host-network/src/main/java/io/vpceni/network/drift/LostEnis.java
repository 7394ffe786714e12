package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.LinkState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// ENIs whose links carry no packets. Written by the thread that checks, read by any thread.
final class LostEnis {

    /// A driver that resets its device takes less, and pods send again what was lost.
    private static final Duration CARRIER_BACK_WITHIN = Duration.ofSeconds(1);

    private final Map<MacAddress, Lost> lost = new HashMap<>();
    private final Map<MacAddress, Long> withoutCarrier = new HashMap<>();
    private final DriftListener listener;

    private record Lost(int linkIndex, String reason) {}

    LostEnis(DriftListener listener) {
        this.listener = listener;
    }

    /// Records the result of a check for an ENI.
    ///
    /// @param refusal why it could not be repaired; empty: it was, or needed no repair
    /// @param now in nanoseconds
    /// @return when to check again; [Long#MAX_VALUE]: not needed
    long looked(DesiredEni eni, ActualState found, Optional<String> refusal, long now) {
        Optional<LinkState> state = found.links().stream()
                .filter(link -> link.link().index() == eni.linkIndex())
                .findFirst();
        boolean silent =
                state.filter(link -> link.link().up() && !link.carrier()).isPresent();
        if (!silent) {
            withoutCarrier.remove(eni.mac());
        }
        if (state.isEmpty()) {
            set(eni, "its link " + eni.link() + " is gone");
        } else if (refusal.isPresent()) {
            set(eni, "its link " + eni.link() + " could not be repaired: " + refusal.get());
        } else if (silent) {
            long lostAt = withoutCarrier.computeIfAbsent(eni.mac(), _ -> now) + CARRIER_BACK_WITHIN.toNanos();
            if (now < lostAt && reason(eni).isEmpty()) {
                return lostAt;
            }
            set(eni, "its link " + eni.link() + " has no carrier");
        } else if (clear(eni)) {
            listener.eniBack(eni.mac());
        }
        return Long.MAX_VALUE;
    }

    /// Whether the link's state in an event contradicts what is known.
    boolean isNews(DesiredEni eni, LinkState state) {
        return state.carrier() == reason(eni).isPresent();
    }

    /// Why the ENI, as it is configured now, carries no packets.
    synchronized Optional<String> reason(DesiredEni eni) {
        return Optional.ofNullable(lost.get(eni.mac()))
                .filter(entry -> entry.linkIndex() == eni.linkIndex())
                .map(Lost::reason);
    }

    private void set(DesiredEni eni, String reason) {
        boolean before;
        synchronized (this) {
            before = lost.put(eni.mac(), new Lost(eni.linkIndex(), reason)) != null;
        }
        if (!before) {
            listener.eniLost(eni.mac(), reason);
        }
    }

    private synchronized boolean clear(DesiredEni eni) {
        return lost.remove(eni.mac()) != null;
    }
}
