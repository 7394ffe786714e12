package io.vpceni.pool;

import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;

/// One ENI, its free addresses and its counts. Mutable; confined to the pool.
final class EniShelf {

    /// Dense placement: the ENI with most assigned addresses first, so that others come free as a whole. Among equals
    /// the primary one, for that never goes away; then by id.
    static final Comparator<EniShelf> FULLEST_FIRST = Comparator.comparingInt((EniShelf shelf) -> -shelf.assigned)
            .thenComparing(shelf -> !shelf.eni.primary())
            .thenComparing(shelf -> shelf.eni.id());

    /// The order in which ENIs are filled: as they are plugged, then by id.
    static final Comparator<EniShelf> AS_PLUGGED = Comparator.comparingInt((EniShelf shelf) -> shelf.eni.networkCard())
            .thenComparingInt(shelf -> shelf.eni.deviceIndex())
            .thenComparing(shelf -> shelf.eni.id());

    final Eni eni;
    final NavigableSet<PooledAddress> free = new TreeSet<>(PooledAddress.LONGEST_RESTED);
    final BackOff backOff = new BackOff();

    int assigned;
    int cooling;

    /// Addresses on their way to this ENI; at most one request is under way.
    int pending;

    /// As EC2 has it, or less once EC2 has refused more.
    int addressesMax;

    /// The most to ask for in one call: less than the room once EC2 has refused that.
    int askMax;

    EniShelf(Eni eni) {
        this.eni = eni;
        this.addressesMax = eni.slots();
        this.askMax = Math.max(1, addressesMax);
    }

    int total() {
        return assigned + cooling + free.size();
    }

    /// Addresses that may still be asked for.
    int room() {
        return Math.max(0, addressesMax - total() - pending);
    }

    /// Whether its last failure only means that the next request asks for less.
    boolean searchesItsLimit() {
        return backOff.obstacle().stream().anyMatch(last -> last.obstacle() == GrowthObstacle.ADDRESS_LIMIT);
    }

    void succeeded(Instant now) {
        backOff.succeeded(now);
    }

    /// EC2 refused `count` more addresses for there being too many. The true limit lies below `total + count`; where
    /// below is found by halving.
    void refused(int count) {
        addressesMax = Math.min(addressesMax, total() + count - 1);
        askMax = Math.max(1, count / 2);
    }
}
