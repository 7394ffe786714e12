package io.vpceni.eni.aws;

import java.time.Instant;
import java.util.Optional;

/// With which credentials EC2 is called, as far as it was tried. Holds no secret.
///
/// @param source the one that is configured; no other is used when it fails
/// @param identity a role's ARN, a URL, a profile's name; "" when the source does not tell
/// @param accessKeyId of the credentials that came last; "" while none came
/// @param expires the end of those; empty when they have none
/// @param failure why there are none now, and what to do; "" when there are, or it was not tried yet
/// @param since when that began; the start, before the first try
public record CredentialsReport(
        CredentialsSource source,
        String identity,
        String accessKeyId,
        Optional<Instant> expires,
        String failure,
        Instant since) {

    /// Whether the credentials in use have ended: their source gave no newer ones, or this node's clock is ahead.
    public boolean expired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }
}
