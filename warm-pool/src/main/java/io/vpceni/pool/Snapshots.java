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

    static PoolSnapshot of(AddressBook book, Growth growth, int waiting, PoolSnapshot.Target target, Instant now) {
        List<PoolSnapshot.AddressView> views = new ArrayList<>();
        List<PoolSnapshot.EniCounts> enis = new ArrayList<>();
        for (PooledEni eni : book.enis()) {
            enis.add(counts(book, eni, now, views));
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
        views.sort(Comparator.comparing(PoolSnapshot.AddressView::address, PooledAddress.BY_NUMBER));
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
                book.unexpectedAnswers(),
                target,
                growth.lastFailure());
    }

    private static PoolSnapshot.EniCounts counts(
            AddressBook book, PooledEni eni, Instant now, List<PoolSnapshot.AddressView> views) {
        Map<AddressState, Long> byState = new EnumMap<>(AddressState.class);
        long total = 0;
        for (Block block : eni.blocks.values()) {
            for (PooledAddress address : block.addresses.values()) {
                PoolSnapshot.AddressView view = view(book, address, now);
                byState.merge(view.state(), 1L, Long::sum);
                views.add(view);
            }
            if (block.kind == BlockKind.IPV6_PREFIX && block.state == Block.State.ACTIVE) {
                byState.merge(AddressState.FREE, block.freeCount(), Long::sum);
            }
            total += block.kind.addresses();
        }
        long assigned = byState.getOrDefault(AddressState.ASSIGNED, 0L);
        long cooling = byState.getOrDefault(AddressState.COOLING, 0L);
        long free = byState.getOrDefault(AddressState.FREE, 0L);
        return new PoolSnapshot.EniCounts(
                eni.asNow(),
                WarmPool.saturated(total),
                (int) assigned,
                (int) cooling,
                WarmPool.saturated(free),
                WarmPool.saturated(total - assigned - cooling - free),
                eni.pendingBlocks,
                eni.blocks.size(),
                eni.detached ? eni.assigned : 0,
                eni.detached);
    }

    private static PoolSnapshot.AddressView view(AddressBook book, PooledAddress address, Instant now) {
        boolean cooling = address.state() == AddressState.COOLING && address.freeSince.isAfter(now);
        boolean ripe = address.state() == AddressState.COOLING && !cooling;
        Block block = address.block;
        boolean ofTheBlock = block.state != Block.State.ACTIVE;
        Instant since = ofTheBlock ? block.stateSince : address.since;
        return new PoolSnapshot.AddressView(
                address.address,
                block.eni.id(),
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
