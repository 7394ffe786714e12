package io.vpceni.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Copies the pool's state into a [PoolSnapshot]. An address whose cooldown is over by then counts as free.
final class Snapshots {

    private Snapshots() {}

    static PoolSnapshot of(AddressBook book, Growth growth, int waiting, PoolSnapshot.Wish wish, Instant now) {
        List<PoolSnapshot.AddressView> views = new ArrayList<>();
        List<PoolSnapshot.EniCounts> enis = new ArrayList<>();
        for (PooledEni shelf : book.shelves()) {
            enis.add(counts(book, shelf, now, views));
        }
        for (Assignment claim : book.claimed()) {
            views.add(new PoolSnapshot.AddressView(
                    claim.address(),
                    claim.eni(),
                    Optional.empty(),
                    AddressState.DISPUTED,
                    Optional.of(claim),
                    now,
                    Optional.empty(),
                    book.heldSince(claim)));
        }
        views.sort(Comparator.comparing(PoolSnapshot.AddressView::address, PooledAddress.NUMERIC));
        Totals totals = book.totals();
        int assignable = enis.stream()
                .filter(counts -> counts.eni().role() == EniRole.PODS)
                .mapToInt(PoolSnapshot.EniCounts::free)
                .reduce(0, Snapshots::sum);
        return new PoolSnapshot(
                now,
                enis,
                views,
                waiting,
                WarmPool.saturated(growth.pending()),
                growth.pendingEnis(),
                assignable,
                WarmPool.saturated(totals.quarantined),
                WarmPool.saturated(totals.leaving),
                WarmPool.saturated(totals.disputed
                        + totals.assignedDisputed
                        + book.claimed().size()),
                book.contradictions(),
                wish,
                growth.lastObstacle());
    }

    private static PoolSnapshot.EniCounts counts(
            AddressBook book, PooledEni shelf, Instant now, List<PoolSnapshot.AddressView> views) {
        Map<AddressState, Long> byState = new EnumMap<>(AddressState.class);
        long total = 0;
        for (Block block : shelf.blocks.values()) {
            for (PooledAddress address : block.addresses.values()) {
                PoolSnapshot.AddressView view = view(book, address, now);
                byState.merge(view.state(), 1L, Long::sum);
                views.add(view);
            }
            if (block.kind == BlockKind.IPV6_PREFIX && block.standing == Block.Standing.HERE) {
                byState.merge(AddressState.FREE, block.freeCount(), Long::sum);
            }
            total += block.kind.addresses();
        }
        long assigned = byState.getOrDefault(AddressState.ASSIGNED, 0L);
        long cooling = byState.getOrDefault(AddressState.COOLING, 0L);
        long free = byState.getOrDefault(AddressState.FREE, 0L);
        return new PoolSnapshot.EniCounts(
                shelf.asNow(),
                WarmPool.saturated(total),
                (int) assigned,
                (int) cooling,
                WarmPool.saturated(free),
                WarmPool.saturated(total - assigned - cooling - free),
                shelf.pendingBlocks,
                shelf.blocks.size(),
                shelf.detached ? shelf.assigned : 0,
                shelf.detached);
    }

    private static PoolSnapshot.AddressView view(AddressBook book, PooledAddress address, Instant now) {
        boolean cooling = address.state() == AddressState.COOLING && address.freeSince.isAfter(now);
        boolean ripe = address.state() == AddressState.COOLING && !cooling;
        Block block = address.block;
        boolean ofTheBlock = block.standing != Block.Standing.HERE;
        Instant since = ofTheBlock ? block.standingSince : address.since;
        return new PoolSnapshot.AddressView(
                address.address,
                block.shelf.eni.id(),
                Optional.of(block.cidr),
                ripe ? AddressState.FREE : address.state(),
                address.holder,
                ripe ? address.freeSince : since,
                cooling ? Optional.of(address.freeSince) : Optional.empty(),
                address.holder.flatMap(book::heldSince));
    }

    private static int sum(int a, int b) {
        return WarmPool.saturated((long) a + b);
    }
}
