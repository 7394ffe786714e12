package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What a sandbox has, and since when.
///
/// @param since when it got the address; empty: before ipamd started, and nothing tells when
/// @param ticket of its latest ADD; empty: before the node booted, or nothing tells
record Holding(Assignment assignment, Optional<Instant> since, OptionalLong ticket) {

    /// Whether its latest ADD began after the request with that ticket. No when nothing tells.
    boolean isLaterThan(long other) {
        return ticket.isPresent() && ticket.getAsLong() > other;
    }

    Holding withTicket(long other) {
        return new Holding(assignment, since, OptionalLong.of(other));
    }

    AttachmentKey key() {
        return assignment.key();
    }
}
