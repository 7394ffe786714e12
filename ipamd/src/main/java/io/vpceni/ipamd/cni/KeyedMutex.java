package io.vpceni.ipamd.cni;

import io.vpceni.config.AttachmentKey;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Allows one request at a time for each attachment: a DEL that comes while its ADD is being wired waits for the wiring
/// to end, so that it finds everything to delete. Requests of different attachments run in parallel.
///
/// A lock exists only while a request holds it or waits for it, so there are never more locks than requests.
final class KeyedMutex {
    private static final class Gate {
        private final Semaphore free = new Semaphore(1, true);
        private int users; // guarded by the map's computations

        private @Nullable Gate without() {
            users--;
            return users == 0 ? null : this;
        }
    }

    /// Held until it is closed.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private final ConcurrentHashMap<AttachmentKey, Gate> gates = new ConcurrentHashMap<>();

    /// @param patience how long to wait for the current holder
    /// @throws CniFailure (try again later) when it took longer
    Held enter(AttachmentKey key, Duration patience) throws CniFailure, InterruptedException {
        Gate gate = gates.compute(key, (_, known) -> {
            Gate one = known == null ? new Gate() : known;
            one.users++;
            return one;
        });
        boolean inside = false;
        try {
            inside = gate.free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!inside) {
                leave(key);
            }
        }
        if (!inside) {
            throw new CniFailure(
                    CniErrorCode.TRY_AGAIN_LATER,
                    "another request of container " + key.containerId()
                            + " is still in progress; the runtime will try again");
        }
        return () -> {
            gate.free.release();
            leave(key);
        };
    }

    /// Attachments with a request in progress.
    int count() {
        return gates.size();
    }

    private void leave(AttachmentKey key) {
        gates.computeIfPresent(key, (_, gate) -> gate.without());
    }
}
