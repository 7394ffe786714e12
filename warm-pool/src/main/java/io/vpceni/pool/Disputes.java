package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Addresses that a sandbox has though EC2 did not list them, or another sandbox has them too.
///
/// They are kept and reported, and never handed out. A dispute ends when the sandbox goes, or when EC2 lists the
/// address after all. There are at most as many as sandboxes were found at start.
final class Disputes {

    private final NavigableMap<AttachmentKey, Assignment> claims = new TreeMap<>();

    /// Released while disputed: should EC2 list the address soon, it still rests.
    private final NavigableMap<InetAddress, Instant> resting = new TreeMap<>(PooledAddress.NUMERIC);

    void add(Assignment claim) {
        claims.put(claim.key(), claim);
    }

    Optional<Assignment> of(AttachmentKey key) {
        return Optional.ofNullable(claims.get(key));
    }

    Collection<Assignment> all() {
        return claims.values();
    }

    /// The address can have a holder now: the first that claims it, by key, is in dispute no longer.
    Optional<Assignment> settle(InetAddress address) {
        Optional<Assignment> first = claims.values().stream()
                .filter(claim -> claim.address().equals(address))
                .findFirst();
        first.ifPresent(claim -> claims.remove(claim.key()));
        return first;
    }

    void release(AttachmentKey key, Instant until) {
        Assignment claim = claims.remove(key);
        if (claim != null) {
            resting.put(claim.address(), until);
        }
    }

    Optional<Instant> restsUntil(InetAddress address, Instant now) {
        return Optional.ofNullable(resting.remove(address)).filter(until -> until.isAfter(now));
    }

    void forgetRested(Instant now) {
        resting.values().removeIf(until -> !until.isAfter(now));
    }
}
