package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import java.time.Instant;
import java.util.Optional;

/// What a sandbox has, and since when.
///
/// @param since when it got the address; empty: before ipamd started, and nothing tells when
record Holding(Assignment assignment, Optional<Instant> since) {

    AttachmentKey key() {
        return assignment.key();
    }
}
