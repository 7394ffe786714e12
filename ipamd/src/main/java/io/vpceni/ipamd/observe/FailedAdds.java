package io.vpceni.ipamd.observe;

import io.vpceni.config.PodName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The last failed ADD of each pod, for people who ask why a pod does not start. It is forgotten when an ADD succeeds,
/// and when too many other pods' ADDs fail.
///
/// Thread-safe.
public final class FailedAdds {

    /// More pods than one node starts at a time; some hundred bytes each.
    private static final int PODS_MAX = 256;

    /// @param code of the CNI error
    /// @param reason its message
    /// @param at when it was answered
    /// @param times in a row
    public record FailedAdd(int code, String reason, Instant at, long times) {}

    private final InstantSource time;

    /// The pod whose ADD failed last is the last one.
    private final Map<PodName, FailedAdd> failures = new LinkedHashMap<>();

    public FailedAdds(InstantSource time) {
        this.time = time;
    }

    /// An ADD was answered with an error.
    public synchronized void failed(PodName pod, int code, String reason) {
        @Nullable FailedAdd before = failures.remove(pod);
        failures.put(pod, new FailedAdd(code, reason, time.instant(), before == null ? 1 : before.times() + 1));
        if (failures.size() > PODS_MAX) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    /// An ADD was answered with an address.
    public synchronized void succeeded(PodName pod) {
        failures.remove(pod);
    }

    /// Those whose last ADD failed.
    synchronized Set<PodName> pods() {
        return Set.copyOf(failures.keySet());
    }

    /// Empty when its last ADD succeeded, or none is known.
    public synchronized Optional<FailedAdd> of(PodName pod) {
        return Optional.ofNullable(failures.get(pod));
    }
}
