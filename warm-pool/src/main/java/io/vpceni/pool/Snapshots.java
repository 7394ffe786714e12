package io.vpceni.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Copies the pool's state into a [PoolSnapshot]. An address whose cooldown is over by then counts as free.
final class Snapshots {

    private Snapshots() {}

    static PoolSnapshot of(AddressBook book, Growth growth, int waiting, Instant now) {
        List<PoolSnapshot.AddressView> views = new ArrayList<>();
        NavigableMap<EniId, Integer> ripe = new TreeMap<>();
        for (PooledAddress address : book.addresses()) {
            PoolSnapshot.AddressView view = view(address, now);
            if (view.state() != address.state) {
                ripe.merge(address.shelf.eni.id(), 1, Integer::sum);
            }
            views.add(view);
        }
        for (Assignment claim : book.disputed()) {
            views.add(new PoolSnapshot.AddressView(
                    claim.address(), claim.eni(), AddressState.DISPUTED, Optional.of(claim), Optional.empty()));
        }
        views.sort(Comparator.comparing(PoolSnapshot.AddressView::address, PooledAddress.NUMERIC));
        List<PoolSnapshot.EniCounts> enis = book.shelves().stream()
                .map(shelf -> counts(shelf, ripe.getOrDefault(shelf.eni.id(), 0)))
                .toList();
        int assignable = enis.stream().mapToInt(PoolSnapshot.EniCounts::free).sum();
        return new PoolSnapshot(
                now,
                enis,
                views,
                waiting,
                growth.pending(),
                growth.pendingEnis(),
                assignable,
                book.disputed().size(),
                book.contradictions(),
                growth.lastObstacle());
    }

    private static PoolSnapshot.EniCounts counts(EniShelf shelf, int ripe) {
        return new PoolSnapshot.EniCounts(
                shelf.eni,
                shelf.total(),
                shelf.assigned,
                shelf.cooling - ripe,
                shelf.free.size() + ripe,
                shelf.pending);
    }

    private static PoolSnapshot.AddressView view(PooledAddress address, Instant now) {
        boolean cooling = address.state == AddressState.COOLING && address.freeSince.isAfter(now);
        boolean ripe = address.state == AddressState.COOLING && !cooling;
        return new PoolSnapshot.AddressView(
                address.address,
                address.shelf.eni.id(),
                ripe ? AddressState.FREE : address.state,
                address.holder,
                cooling ? Optional.of(address.freeSince) : Optional.empty());
    }
}
