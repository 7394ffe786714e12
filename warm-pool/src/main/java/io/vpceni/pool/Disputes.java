package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Addresses that a sandbox has though EC2 did not list them, or another sandbox has them too; and addresses that rest
/// though EC2 does not list them.
///
/// They are kept and reported, and never handed out. A dispute ends when the sandbox goes, or when EC2 lists the
/// address after all. There are at most as many as sandboxes were found at start.
final class Disputes {

    private final NavigableMap<AttachmentKey, Assignment> claims = new TreeMap<>();

    /// Should EC2 list the address soon, it still rests.
    private final NavigableMap<InetAddress, Instant> resting = new TreeMap<>(PooledAddress.NUMERIC);

    /// The end of the first rest, looked at on every message.
    private Instant nextEnd = Instant.MAX;

    void add(Assignment claim) {
        claims.put(claim.key(), claim);
    }

    Optional<Assignment> of(AttachmentKey key) {
        return Optional.ofNullable(claims.get(key));
    }

    Collection<Assignment> all() {
        return claims.values();
    }

    /// Of those that claim the address the first, by key.
    Optional<Assignment> first(InetAddress address) {
        if (claims.isEmpty()) {
            return Optional.empty();
        }
        return claims.values().stream()
                .filter(claim -> claim.address().equals(address))
                .findFirst();
    }

    /// For each claimed address of the block, the first claim by key.
    List<Assignment> firstOfEach(Cidr block) {
        List<Assignment> first = new ArrayList<>();
        NavigableSet<InetAddress> seen = new TreeSet<>(PooledAddress.NUMERIC);
        for (Assignment claim : claims.values()) {
            if (block.contains(claim.address()) && seen.add(claim.address())) {
                first.add(claim);
            }
        }
        return first;
    }

    /// It is in dispute no longer.
    void settle(Assignment claim) {
        claims.remove(claim.key());
    }

    void rest(InetAddress address, Instant until) {
        resting.merge(address, until, (a, b) -> a.isAfter(b) ? a : b);
        nextEnd = until.isBefore(nextEnd) ? until : nextEnd;
    }

    List<InetAddress> restingIn(Cidr block) {
        return resting.keySet().stream().filter(block::contains).toList();
    }

    /// Takes the rest out. Empty when it is over.
    Optional<Instant> restsUntil(InetAddress address, Instant now) {
        return Optional.ofNullable(resting.remove(address)).filter(until -> until.isAfter(now));
    }

    void forgetRested(Instant now) {
        if (!resting.isEmpty() && !nextEnd.isAfter(now)) {
            resting.values().removeIf(until -> !until.isAfter(now));
            nextEnd = resting.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
        }
    }

    /// The longest that a rest of before a restart is believed.
    static Instant believable(Instant until, Instant now) {
        Instant latest = now.plus(Duration.ofHours(1));
        return until.isAfter(latest) ? latest : until;
    }
}
