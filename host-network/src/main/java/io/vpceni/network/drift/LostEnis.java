package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.LinkState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// ENIs whose links carry nothing. Written by the thread that looks; asked by any.
final class LostEnis {

    /// A driver that resets itself takes less, and nothing was lost that a pod would not send again.
    private static final Duration CARRIER_BACK_WITHIN = Duration.ofSeconds(1);

    private final Map<MacAddress, Lost> lost = new HashMap<>();
    private final Map<MacAddress, Long> withoutCarrier = new HashMap<>();
    private final DriftListener listener;

    private record Lost(int linkIndex, String reason) {}

    LostEnis(DriftListener listener) {
        this.listener = listener;
    }

    /// What a look showed of it.
    ///
    /// @param refusal why it could not be put right; empty: it was, or needed not be
    /// @param now in nanoseconds
    /// @return when to look again; [Long#MAX_VALUE]: no need
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
            set(eni, "its link " + eni.link() + " could not be put right: " + refusal.get());
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

    /// Whether a state of its link, told by an event, contradicts what is known.
    boolean isNews(DesiredEni eni, LinkState state) {
        return state.carrier() == reason(eni).isPresent();
    }

    /// Why it carries nothing as it is set up now.
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
