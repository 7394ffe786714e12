package io.vpceni.pool;

import io.vpceni.config.AddressOrder;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Addresses that a sandbox has although EC2 does not list them, or another sandbox has them too. Also addresses that
/// cool down although EC2 does not list them.
///
/// They are kept and reported, and never handed out. A dispute ends when the sandbox goes, or when EC2 lists the
/// address after all. There are at most as many as sandboxes were found at start.
final class Disputes {

    private final NavigableMap<AttachmentKey, Holding> claims = new TreeMap<>();

    /// End of the cooldown, for the case that EC2 lists the address before then.
    private final NavigableMap<InetAddress, Instant> cooling = new TreeMap<>(AddressOrder.BY_NUMBER);

    /// The end of the first cooldown: compared with the time on every message.
    private Instant nextEnd = Instant.MAX;

    void add(Holding claim) {
        claims.put(claim.key(), claim);
    }

    Optional<Holding> of(AttachmentKey key) {
        return Optional.ofNullable(claims.get(key));
    }

    Collection<Holding> all() {
        return Collections.unmodifiableCollection(claims.values());
    }

    /// Of those that claim the address the first, by key.
    Optional<Holding> first(InetAddress address) {
        if (claims.isEmpty()) {
            return Optional.empty();
        }
        return claims.values().stream()
                .filter(claim -> claim.assignment().address().equals(address))
                .findFirst();
    }

    /// For each claimed address of the block, the first claim by key.
    List<Holding> firstOfEach(Cidr block) {
        List<Holding> first = new ArrayList<>();
        NavigableSet<InetAddress> seen = new TreeSet<>(AddressOrder.BY_NUMBER);
        for (Holding claim : claims.values()) {
            InetAddress address = claim.assignment().address();
            if (block.contains(address) && seen.add(address)) {
                first.add(claim);
            }
        }
        return first;
    }

    /// It is in dispute no longer.
    void settle(Assignment claim) {
        claims.remove(claim.key());
    }

    void cool(InetAddress address, Instant until) {
        cooling.merge(address, until, (a, b) -> a.isAfter(b) ? a : b);
        nextEnd = until.isBefore(nextEnd) ? until : nextEnd;
    }

    List<InetAddress> coolingIn(Cidr block) {
        return cooling.keySet().stream().filter(block::contains).toList();
    }

    /// Removes the cooldown of the address and says when it ends. Empty when it is over.
    Optional<Instant> takeCooldown(InetAddress address, Instant now) {
        return Optional.ofNullable(cooling.remove(address)).filter(until -> until.isAfter(now));
    }

    void forgetEndedCooldowns(Instant now) {
        if (!cooling.isEmpty() && !nextEnd.isAfter(now)) {
            cooling.values().removeIf(until -> !until.isAfter(now));
            nextEnd = cooling.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
        }
    }

    /// The end of a cooldown from before a restart, at most an hour from now.
    static Instant believable(Instant until, Instant now) {
        Instant latest = now.plus(Duration.ofHours(1));
        return until.isAfter(latest) ? latest : until;
    }
}
