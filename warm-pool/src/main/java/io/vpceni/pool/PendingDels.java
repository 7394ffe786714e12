package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Keys whose DEL began and did not end. Each has an address or a claim: no more than those.
final class PendingDels {

    /// A DEL that began so long ago and did not end will not end: the runtime sends another one, or none.
    private static final Duration DEL_MAX = Duration.ofMinutes(30);

    /// Looked up, never walked through: nothing depends on its order.
    private final Map<AttachmentKey, Instant> began = new HashMap<>();

    void began(AttachmentKey key, Instant now) {
        began.put(key, now);
    }

    void ended(AttachmentKey key) {
        began.remove(key);
    }

    boolean isPending(AttachmentKey key, Instant now) {
        Instant at = began.get(key);
        return at != null && at.plus(DEL_MAX).isAfter(now);
    }
}
