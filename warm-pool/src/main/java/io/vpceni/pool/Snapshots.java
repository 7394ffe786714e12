package io.vpceni.pool;

import io.vpceni.config.AddressOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Copies the pool's state into a [PoolSnapshot]. An address whose cooldown is over by then counts as free.
final class Snapshots {

    private Snapshots() {}

    static PoolSnapshot of(
            AddressBook book, BlockIndex index, Growth growth, int waiting, PoolSnapshot.Target target, Instant now) {
        List<PoolSnapshot.AddressView> views = new ArrayList<>();
        List<PoolSnapshot.EniCounts> enis = new ArrayList<>();
        for (PooledEni eni : index.enis()) {
            enis.add(counts(eni, now, views));
        }
        book.disputes().all().forEach(claim -> views.add(view(claim, now)));
        views.sort(Comparator.comparing(PoolSnapshot.AddressView::address, AddressOrder.BY_NUMBER));
        int assignable = enis.stream()
                .filter(counts -> counts.eni().role() == EniRole.PODS)
                .mapToInt(PoolSnapshot.EniCounts::free)
                .reduce(0, Snapshots::sum);
        return new PoolSnapshot(
                now,
                enis,
                views,
                waiting,
                StockController.saturated(growth.requests().addresses()),
                growth.requests().enis(),
                assignable,
                StockController.saturated(sum(index, Snapshots::quarantined)),
                StockController.saturated(sum(index, Snapshots::leaving)),
                StockController.saturated(
                        sum(index, Snapshots::disputed) + book.disputes().all().size()),
                book.unexpectedAnswers(),
                target,
                growth.lastFailure());
    }

    /// A sandbox whose address EC2 does not list, or that another sandbox has too.
    private static PoolSnapshot.AddressView view(Holding claim, Instant now) {
        return new PoolSnapshot.AddressView(
                claim.assignment().address(),
                claim.assignment().eni(),
                Optional.empty(),
                AddressState.DISPUTED,
                Optional.of(claim.assignment()),
                now,
                Optional.empty(),
                claim.since());
    }

    private static PoolSnapshot.EniCounts counts(PooledEni eni, Instant now, List<PoolSnapshot.AddressView> views) {
        Map<AddressState, Long> byState = new EnumMap<>(AddressState.class);
        long total = 0;
        for (Block block : eni.blocks().all()) {
            for (PooledAddress address : block.addresses()) {
                PoolSnapshot.AddressView view = view(address, now);
                byState.merge(view.state(), 1L, Long::sum);
                views.add(view);
            }
            if (block.kind() == BlockKind.IPV6_PREFIX && block.isActive()) {
                byState.merge(AddressState.FREE, block.freeCount(), Long::sum);
            }
            total += block.kind().addresses();
        }
        long assigned = byState.getOrDefault(AddressState.ASSIGNED, 0L);
        long cooling = byState.getOrDefault(AddressState.COOLING, 0L);
        long free = byState.getOrDefault(AddressState.FREE, 0L);
        return new PoolSnapshot.EniCounts(
                eni.asNow(),
                StockController.saturated(total),
                (int) assigned,
                (int) cooling,
                StockController.saturated(free),
                StockController.saturated(total - assigned - cooling - free),
                eni.pendingBlocks(),
                eni.blocks().count(),
                eni.isDetached() ? eni.assigned() : 0,
                eni.isDetached());
    }

    private static PoolSnapshot.AddressView view(PooledAddress address, Instant now) {
        boolean cooling =
                address.state() == AddressState.COOLING && address.freeSince().isAfter(now);
        boolean cooled = address.state() == AddressState.COOLING && !cooling;
        Block block = address.block();
        Instant since = block.isActive() ? address.since() : block.state().since();
        return new PoolSnapshot.AddressView(
                address.address(),
                block.eni().id(),
                Optional.of(block.cidr()),
                cooled ? AddressState.FREE : address.state(),
                address.holder(),
                cooled ? address.freeSince() : since,
                cooling ? Optional.of(address.freeSince()) : Optional.empty(),
                address.holding().flatMap(Holding::since));
    }

    /// On all ENIs; the pool's own totals leave out those that take no pods.
    private static long sum(BlockIndex index, ToLongFunction<Block> ofBlock) {
        return index.enis().stream()
                .flatMap(eni -> eni.blocks().all().stream())
                .mapToLong(ofBlock)
                .sum();
    }

    private static long quarantined(Block block) {
        return block.state() instanceof BlockState.Quarantined ? block.kind().addresses() : 0;
    }

    private static long leaving(Block block) {
        return block.state() instanceof BlockState.Leaving ? block.kind().addresses() : 0;
    }

    private static long disputed(Block block) {
        return switch (block.state()) {
            case BlockState.Active _ -> block.unknownHolders();
            case BlockState.Disputed _ -> block.kind().addresses();
            case BlockState.Quarantined _, BlockState.Leaving _, BlockState.Removed _ -> 0;
        };
    }

    private static int sum(int a, int b) {
        return StockController.saturated((long) a + b);
    }
}
