package io.vpceni.eni.aws;

import java.time.Instant;
import java.util.Optional;

/// The credentials for EC2 and the result of the last try. Contains no secret.
///
/// @param source the configured one; no other is used when it fails
/// @param identity a role's ARN, a URL, or a profile's name; "" when unknown
/// @param since when this state began; before the first try the start
/// @param accessKeyId of the last credentials; "" before the first
/// @param expires when they expire; empty when they do not
/// @param failure why there are no credentials and what to do; "" when there are, or before the first try
public record CredentialsReport(
        CredentialsSource source,
        String identity,
        Instant since,
        String accessKeyId,
        Optional<Instant> expires,
        String failure) {

    /// Whether the credentials in use have expired: their source returned no newer ones, or this node's clock
    /// is ahead.
    public boolean expired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }
}
