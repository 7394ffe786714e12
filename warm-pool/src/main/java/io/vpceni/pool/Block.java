package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// One secondary address or prefix of an ENI. Mutable; only [AddressBook] changes it.
///
/// The addresses of an IPv6 prefix are made when somebody needs them: a counter goes through the prefix, from 1 to
/// 2^48 - 1 and then round again, and an address that has rested is forgotten, so that the longest unused comes next.
/// At a thousand pods a second the counter needs some 8,900 years for a round; no count in here passes 2^48.
final class Block {

    /// Whether pods may use it.
    enum State {
        ACTIVE,
        QUARANTINED,
        LEAVING,
        DISPUTED
    }

    /// IPv4 before IPv6, then by number, then the wider one.
    static final Comparator<Block> BY_NUMBER = (a, b) -> a.octets.length != b.octets.length
            ? Integer.compare(a.octets.length, b.octets.length)
            : Arrays.compareUnsigned(a.octets, b.octets) != 0
                    ? Arrays.compareUnsigned(a.octets, b.octets)
                    : Integer.compare(a.cidr.prefixBits(), b.cidr.prefixBits());

    /// Dense placement inside an ENI: the block with most sandboxes first; among equals the one whose free
    /// address has rested longest; then by number.
    static final Comparator<Block> FULLEST_FIRST = Comparator.comparingInt((Block block) -> -block.assigned)
            .thenComparing(Block::longestFree)
            .thenComparing(BY_NUMBER);

    final Cidr cidr;
    final BlockKind kind;
    final PooledEni eni;

    /// When EC2 gave it last: views that may be older than that say nothing of it.
    Instant arrivedAt;

    /// Those that exist: all of them, or of an IPv6 prefix those that are in use or rest.
    final NavigableMap<InetAddress, PooledAddress> addresses = new TreeMap<>(PooledAddress.BY_NUMBER);

    final NavigableSet<PooledAddress> free = new TreeSet<>(PooledAddress.LONGEST_FREE);

    int assigned;
    int cooling;
    int unknownHolders;

    State state = State.ACTIVE;
    Instant stateSince;

    /// In quarantine: when it may be verified.
    Instant verifyAt = Instant.MIN;

    /// In quarantine: EC2 may have taken it back already, so it is not to be used before EC2 was asked.
    boolean unverified;

    /// Whether a view of EC2 lacked it while it was leaving: by our call, or because somebody took it.
    boolean unlistedWhileLeaving;

    /// In dispute: the first and the last view of EC2 that lacked it.
    Instant firstMissing = Instant.MIN;

    Instant lastMissing = Instant.MIN;

    private final byte[] octets;
    private long nextFresh = 1;

    Block(Cidr cidr, PooledEni eni, Instant now) {
        this.cidr = cidr;
        this.octets = cidr.network().getAddress();
        this.kind = BlockKind.of(cidr);
        this.eni = eni;
        this.arrivedAt = now;
        this.stateSince = now;
        if (!isLazy()) {
            for (long offset = 0; offset < kind.addresses(); offset++) {
                free.add(make(at(offset), now));
            }
        }
    }

    private boolean isLazy() {
        return kind == BlockKind.IPV6_PREFIX;
    }

    /// Addresses that nobody uses: at most 2^48.
    long freeCount() {
        return isLazy() ? kind.addresses() - assigned - cooling - unknownHolders : free.size();
    }

    /// Nobody uses or used lately any of it.
    boolean isIdle() {
        return state == State.ACTIVE && assigned == 0 && cooling == 0 && unknownHolders == 0;
    }

    /// The address that the next sandbox should have.
    ///
    /// @throws IllegalStateException when none is free
    PooledAddress best(Instant now) {
        if (!free.isEmpty()) {
            return free.first();
        }
        if (!isLazy() || freeCount() <= 0) {
            throw new IllegalStateException("nothing is free in " + cidr);
        }
        while (true) {
            InetAddress next = at(nextFresh);
            nextFresh = nextFresh + 1 < kind.addresses() ? nextFresh + 1 : 1;
            if (!addresses.containsKey(next)) {
                return make(next, now);
            }
        }
    }

    /// The address, made if need be.
    ///
    /// @throws IllegalArgumentException when it is not one of this block's
    PooledAddress address(InetAddress wanted, Instant now) {
        if (!cidr.contains(wanted)) {
            throw new IllegalArgumentException(wanted.getHostAddress() + " is not in " + cidr);
        }
        PooledAddress known = addresses.get(wanted);
        return known == null ? make(wanted, now) : known;
    }

    Optional<PooledAddress> known(InetAddress address) {
        return Optional.ofNullable(addresses.get(address));
    }

    /// An address that nobody uses any more goes back among the free, or is forgotten.
    void free(PooledAddress address) {
        if (isLazy()) {
            addresses.remove(address.address);
        } else {
            free.add(address);
        }
    }

    private PooledAddress make(InetAddress address, Instant now) {
        PooledAddress made = new PooledAddress(address, this, now);
        addresses.put(address, made);
        return made;
    }

    private Instant longestFree() {
        return free.isEmpty() ? Instant.MIN : free.first().freeSince;
    }

    private InetAddress at(long offset) {
        byte[] sum = new BigInteger(1, octets).add(BigInteger.valueOf(offset)).toByteArray();
        byte[] address = new byte[octets.length];
        int length = Math.min(sum.length, address.length);
        System.arraycopy(sum, sum.length - length, address, address.length - length, length);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 octets, as the network has
        }
    }
}
