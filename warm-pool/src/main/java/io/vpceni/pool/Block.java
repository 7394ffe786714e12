package io.vpceni.pool;

import io.vpceni.config.AddressOrder;
import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// One secondary address or prefix of an ENI. Mutable. [AddressBook] calls the transitions, for it keeps the indexes
/// that are sorted by what they change.
///
/// The addresses of an IPv6 prefix are made when they are needed: a counter goes through the prefix, from 1 to
/// 2^48 - 1 and then from 1 again, and an address whose cooldown is over is forgotten, so that the longest unused comes
/// next. At a thousand pods a second one round of the counter takes some 8,900 years; no count in here passes 2^48.
final class Block {

    /// IPv4 before IPv6, then by number, then the wider one.
    static final Comparator<Block> BY_NUMBER = Comparator.comparing((Block block) -> block.octets, AddressOrder.OCTETS)
            .thenComparingInt(block -> block.cidr.prefixBits());

    /// Dense placement inside an ENI: the block with most sandboxes first; among equals the one that has the
    /// address which has been free longest; then by number.
    static final Comparator<Block> FULLEST_FIRST = Comparator.comparingInt((Block block) -> -block.assigned)
            .thenComparing(Block::longestFree)
            .thenComparing(BY_NUMBER);

    private final Cidr cidr;
    private final BlockKind kind;
    private final PooledEni eni;
    private final byte[] octets;

    /// Those that exist: all of them, or of an IPv6 prefix those that are in use or cooling.
    private final NavigableMap<InetAddress, PooledAddress> addresses = new TreeMap<>(AddressOrder.BY_NUMBER);

    private final NavigableSet<PooledAddress> free = new TreeSet<>(PooledAddress.LONGEST_FREE);
    private Instant arrivedAt;
    private BlockState state;
    private int assigned;
    private int cooling;
    private int unknownHolders;
    private long nextFresh = 1;

    Block(Cidr cidr, PooledEni eni, Instant now) {
        this.cidr = cidr;
        this.octets = cidr.network().getAddress();
        this.kind = BlockKind.of(cidr);
        this.eni = eni;
        this.arrivedAt = now;
        this.state = new BlockState.Active(now);
        if (!isLazy()) {
            for (long offset = 0; offset < kind.addresses(); offset++) {
                free.add(make(cidr.addressAt(offset), now));
            }
        }
    }

    Cidr cidr() {
        return cidr;
    }

    BlockKind kind() {
        return kind;
    }

    PooledEni eni() {
        return eni;
    }

    /// When EC2 gave it last: views that may be older than that are ignored for it.
    Instant arrivedAt() {
        return arrivedAt;
    }

    BlockState state() {
        return state;
    }

    boolean isActive() {
        return state instanceof BlockState.Active;
    }

    /// The quarantine that it is in.
    Optional<BlockState.Quarantined> quarantine() {
        return state instanceof BlockState.Quarantined quarantined ? Optional.of(quarantined) : Optional.empty();
    }

    /// Whether it is in quarantine and may be used again without asking EC2.
    boolean isReclaimable() {
        return quarantine().filter(quarantined -> !quarantined.unverified()).isPresent();
    }

    /// Whether EC2 may have taken it back already.
    boolean isUnverified() {
        return switch (state) {
            case BlockState.Quarantined quarantined -> quarantined.unverified();
            case BlockState.Leaving leaving -> leaving.unverified();
            case BlockState.Active _, BlockState.Disputed _, BlockState.Removed _ -> false;
        };
    }

    /// Addresses that sandboxes have.
    int assigned() {
        return assigned;
    }

    int cooling() {
        return cooling;
    }

    /// Addresses that the kernel shows on links which the pool does not know.
    int unknownHolders() {
        return unknownHolders;
    }

    /// Those that exist, in numeric order: all, or of an IPv6 prefix those that are in use or cooling.
    Collection<PooledAddress> addresses() {
        return Collections.unmodifiableCollection(addresses.values());
    }

    /// Addresses that are free: at most 2^48.
    long freeCount() {
        return isLazy() ? kind.addresses() - assigned - cooling - unknownHolders : free.size();
    }

    /// Whether it is active and all its addresses are free.
    boolean isIdle() {
        return isActive() && assigned == 0 && cooling == 0 && unknownHolders == 0;
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
            InetAddress next = cidr.addressAt(nextFresh);
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

    /// EC2 has just given it once more: what older views said is over.
    void givenAgain(Instant now) {
        arrivedAt = now;
    }

    /// Pods may have its addresses again.
    ///
    /// @throws IllegalStateException when it is neither quarantined nor disputed
    void activate(Instant now) {
        state = switch (state) {
            case BlockState.Quarantined _, BlockState.Disputed _ -> new BlockState.Active(now);
            case BlockState.Active _, BlockState.Leaving _, BlockState.Removed _ -> throw illegal("activate");
        };
    }

    /// No pod gets an address of it until it was verified.
    ///
    /// @throws IllegalStateException when a sandbox has an address of it, or it is removed
    void quarantine(Instant verifyAt, boolean unverified, Instant now) {
        if (assigned > 0 || state instanceof BlockState.Removed) {
            throw illegal("quarantine");
        }
        state = new BlockState.Quarantined(now, verifyAt, unverified);
    }

    /// It stays in quarantine and is verified at another time.
    ///
    /// @throws IllegalStateException when it is not in quarantine
    void verifyAt(Instant at) {
        BlockState.Quarantined before = quarantine().orElseThrow(() -> illegal("verify later"));
        state = new BlockState.Quarantined(before.since(), at, before.unverified());
    }

    /// EC2 is asked to take it back.
    ///
    /// @throws IllegalStateException when a sandbox has an address of it, or it is neither active nor quarantined
    void leave(Instant now) {
        boolean mayLeave = switch (state) {
            case BlockState.Active _, BlockState.Quarantined _ -> assigned == 0;
            case BlockState.Leaving _, BlockState.Disputed _, BlockState.Removed _ -> false;
        };
        if (!mayLeave) {
            throw illegal("return");
        }
        state = new BlockState.Leaving(now, isUnverified(), false);
    }

    /// Who has an address of it keeps it, nobody else gets one.
    ///
    /// @param missing the view of EC2 that lacked it
    /// @throws IllegalStateException when EC2 is being asked to take it back, or it is removed
    void dispute(Instant missing, Instant now) {
        state = switch (state) {
            case BlockState.Active _, BlockState.Quarantined _, BlockState.Disputed _ ->
                new BlockState.Disputed(now, missing, missing);
            case BlockState.Leaving _, BlockState.Removed _ -> throw illegal("dispute");
        };
    }

    /// Another view of EC2 lacks it, while it is disputed or leaving.
    ///
    /// @throws IllegalStateException when it is neither
    void missingAgain(Instant asked) {
        state = switch (state) {
            case BlockState.Disputed(Instant since, Instant first, Instant last) ->
                new BlockState.Disputed(since, first, asked.isAfter(last) ? asked : last);
            case BlockState.Leaving(Instant since, boolean unverified, boolean _) ->
                new BlockState.Leaving(since, unverified, true);
            case BlockState.Active _, BlockState.Quarantined _, BlockState.Removed _ -> throw illegal("miss again");
        };
    }

    /// It is not in the pool any more: nothing that still knows it may use it.
    void removed(Instant now) {
        state = new BlockState.Removed(now);
    }

    /// The use of one of its addresses changes: it is counted no more as it was. Only [PooledAddress] calls this.
    void removeUse(PooledAddress address) {
        switch (address.use()) {
            case FREE -> free.remove(address);
            case ASSIGNED -> assigned--;
            case COOLING -> cooling--;
            case UNKNOWN_HOLDER -> unknownHolders--;
        }
    }

    /// The use of one of its addresses has changed. One that is free again is forgotten in an IPv6 prefix. Only
    /// [PooledAddress] calls this.
    void addUse(PooledAddress address) {
        switch (address.use()) {
            case FREE -> {
                if (isLazy()) {
                    addresses.remove(address.address());
                } else {
                    free.add(address);
                }
            }
            case ASSIGNED -> assigned++;
            case COOLING -> cooling++;
            case UNKNOWN_HOLDER -> unknownHolders++;
        }
    }

    private IllegalStateException illegal(String what) {
        return new IllegalStateException("cannot " + what + " " + cidr + " of " + eni.id() + ": it is " + state
                + " and sandboxes have " + assigned + " addresses of it");
    }

    private boolean isLazy() {
        return kind == BlockKind.IPV6_PREFIX;
    }

    private PooledAddress make(InetAddress address, Instant now) {
        PooledAddress made = new PooledAddress(address, this, now);
        addresses.put(address, made);
        return made;
    }

    private Instant longestFree() {
        return free.isEmpty() ? Instant.MIN : free.first().freeSince();
    }
}
