package io.vpceni.pool;

import io.vpceni.config.PoolSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// When to ask EC2 for more, for how much, and on which ENI.
///
/// ENIs that are here are filled first, several at once, with at most one request under way on each: what is missing
/// meanwhile goes into the next one. Only what does not fit on them is asked for as a new ENI.
final class Growth {

    /// A request that is under way.
    private sealed interface Asked {
        record OnEni(EniShelf shelf, int count) implements Asked {}

        record NewEni(int count) implements Asked {}
    }

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final AddressBook book;
    private final NavigableMap<Long, Asked> underWay = new TreeMap<>();

    /// The subnet or the request rate: it is the same whatever is asked for.
    private final BackOff everything = new BackOff();

    private final BackOff assigning = new BackOff();
    private final BackOff adding = new BackOff();

    /// The most addresses that a new ENI is asked to bring: less once EC2 has refused that.
    private int newEniAddressesMax;

    /// The most addresses in one request: halved when the subnet has fewer, doubled when a request succeeds.
    private int askMax;

    private int pending;
    private int pendingEnis;
    private long nextRequest = 1;
    private Optional<Instant> retryAt = Optional.empty();

    Growth(PoolSettings settings, NodeLimits limits, AddressBook book) {
        this.settings = settings;
        this.limits = limits;
        this.book = book;
        this.newEniAddressesMax = limits.slotsPerEni();
        this.askMax = Math.max(1, limits.slotsPerEni());
    }

    /// What to ask for now. Asking again without news asks for nothing more.
    List<Effect> plan(int waiting, Instant now) {
        retryAt = Optional.empty();
        Stock stock = new Stock(book.assignable(), pending, book.total(), waiting, limits.slotsPerEni());
        Stock.Shortfall shortfall = stock.shortOf(settings);
        List<Effect> effects = new ArrayList<>();
        if (shortfall.addresses() > 0 && !rests(everything, now)) {
            int missing = fillEnis(shortfall, now, effects);
            addEnis(missing, shortfall.wholeEnis(), now, effects);
        }
        return effects;
    }

    /// Asks on the ENIs that are here and says how much does not fit on them.
    private int fillEnis(Stock.Shortfall shortfall, Instant now, List<Effect> effects) {
        int missing = shortfall.addresses();
        if (rests(assigning, now)) {
            return missing;
        }
        for (EniShelf shelf : book.shelvesAsPlugged()) {
            int room = shelf.room();
            if (missing <= 0 || room == 0) {
                continue;
            }
            if (shelf.pending == 0 && !rests(shelf.backOff, now)) {
                int wanted = shortfall.wholeEnis() ? room : Math.min(missing, room);
                ask(shelf, Math.min(wanted, Math.min(askMax, shelf.askMax)), effects);
                missing -= room; // what was not asked for now is asked for when the answer is here
            } else if (shelf.pending > 0 || shelf.searchesItsLimit()) {
                missing -= room;
            }
        }
        return missing;
    }

    private void ask(EniShelf shelf, int count, List<Effect> effects) {
        long request = nextRequest++;
        underWay.put(request, new Asked.OnEni(shelf, count));
        shelf.pending += count;
        pending += count;
        effects.add(new Effect.AssignBlocks(request, shelf.eni.id(), BlockKind.ADDRESS, count));
    }

    private void addEnis(int missingOnEnis, boolean wholeEnis, Instant now, List<Effect> effects) {
        int missing = missingOnEnis - roomOnPendingEnis();
        while (missing > 0 && newEniAddressesMax > 0 && enis() < enisMax() && !rests(adding, now)) {
            int wanted = wholeEnis ? newEniAddressesMax : Math.min(missing, newEniAddressesMax);
            int count = Math.min(wanted, askMax);
            long request = nextRequest++;
            underWay.put(request, new Asked.NewEni(count));
            pending += count;
            pendingEnis++;
            effects.add(new Effect.AddEni(request, 0, BlockKind.ADDRESS, count));
            missing -= newEniAddressesMax;
        }
    }

    private int roomOnPendingEnis() {
        int room = 0;
        for (Asked asked : underWay.values()) {
            if (asked instanceof Asked.NewEni(int count)) {
                room += Math.max(0, newEniAddressesMax - count);
            }
        }
        return room;
    }

    void eniReady(Message.EniReady ready, Instant now) {
        if (ready.request() != 0) {
            Optional<Asked> asked = conclude(ready.request());
            if (asked.isEmpty() || asked.get() instanceof Asked.OnEni) {
                book.noteContradiction();
            } else {
                adding.succeeded(now);
                succeeded(now);
            }
        }
        book.add(book.add(ready.eni()), addresses(ready.blocks()), now);
    }

    void addressesAdded(Message.BlocksAdded answer, Instant now) {
        Optional<Asked> asked = answer.request() == 0 ? Optional.empty() : conclude(answer.request());
        Optional<EniShelf> shelf = book.shelf(answer.eni());
        if (shelf.isEmpty()) {
            book.noteContradiction();
            asked.ifPresent(a -> fail(a, GrowthObstacle.OTHER, "EC2 answered for another ENI", now));
            return;
        }
        int added = book.add(shelf.get(), addresses(answer.blocks()), now);
        if (asked.isPresent() && asked.get() instanceof Asked.OnEni(EniShelf on, int _) && on == shelf.get()) {
            if (added == 0) {
                fail(asked.get(), GrowthObstacle.OTHER, "EC2 added no address", now);
            } else {
                on.succeeded(now);
                assigning.succeeded(now);
                succeeded(now);
            }
        } else if (answer.request() != 0) {
            book.noteContradiction();
            asked.ifPresent(a -> fail(a, GrowthObstacle.OTHER, "EC2 answered for another ENI", now));
        }
    }

    private static List<java.net.InetAddress> addresses(List<io.vpceni.config.Cidr> blocks) {
        return blocks.stream().map(io.vpceni.config.Cidr::network).toList();
    }

    void failed(Message.RequestFailed failure, Instant now) {
        conclude(failure.request())
                .ifPresentOrElse(
                        asked -> fail(asked, failure.obstacle(), failure.detail(), now), book::noteContradiction);
    }

    private void fail(Asked asked, GrowthObstacle obstacle, String detail, Instant now) {
        BackOff concerned = switch (obstacle) {
            case SUBNET_EXHAUSTED, THROTTLED -> everything;
            case UNAUTHORIZED -> asked instanceof Asked.OnEni ? assigning : adding;
            case ENI_LIMIT, ADDRESS_LIMIT, OUTCOME_UNKNOWN, OTHER ->
                asked instanceof Asked.OnEni(EniShelf shelf, int _) ? shelf.backOff : adding;
        };
        concerned.failed(obstacle, detail, now);
        int count = switch (asked) {
            case Asked.OnEni(EniShelf _, int n) -> n;
            case Asked.NewEni(int n) -> n;
        };
        if (obstacle == GrowthObstacle.SUBNET_EXHAUSTED) {
            askMax = Math.max(1, Math.min(askMax, count / 2));
        } else if (obstacle == GrowthObstacle.ADDRESS_LIMIT) {
            switch (asked) {
                case Asked.OnEni(EniShelf shelf, int n) -> shelf.refused(n);
                case Asked.NewEni(int n) -> newEniAddressesMax = Math.max(1, Math.min(newEniAddressesMax, n / 2));
            }
        }
    }

    private void succeeded(Instant now) {
        everything.succeeded(now);
        askMax = Math.min(2 * askMax, Math.max(1, limits.slotsPerEni()));
    }

    /// The request is not under way any more, however it ended. Empty when it was not.
    private Optional<Asked> conclude(long request) {
        Optional<Asked> asked = Optional.ofNullable(underWay.remove(request));
        asked.ifPresent(a -> {
            switch (a) {
                case Asked.OnEni(EniShelf shelf, int count) -> {
                    shelf.pending -= count;
                    pending -= count;
                }
                case Asked.NewEni(int count) -> {
                    pending -= count;
                    pendingEnis--;
                }
            }
        });
        return asked;
    }

    /// Whether growth of that kind rests; if so, when it would go on is noted for [#retryAt].
    private boolean rests(BackOff backOff, Instant now) {
        if (!backOff.restsAt(now)) {
            return false;
        }
        backOff.obstacle()
                .map(PoolSnapshot.Obstacle::retryAt)
                .filter(at -> retryAt.isEmpty() || at.isBefore(retryAt.get()))
                .ifPresent(at -> retryAt = Optional.of(at));
        return true;
    }

    private int enis() {
        return book.shelves().size() + pendingEnis;
    }

    /// ENIs that this node may have, the primary included.
    int enisMax() {
        return settings.maxEni() == 0 ? limits.enisMax() : Math.min(settings.maxEni(), limits.enisMax());
    }

    /// When growth that the last plan wanted, and that rests, may be tried again.
    Optional<Instant> retryAt() {
        return retryAt;
    }

    int pending() {
        return pending;
    }

    int pendingEnis() {
        return pendingEnis;
    }

    /// The latest failure that no success of its kind followed.
    Optional<PoolSnapshot.Obstacle> lastObstacle() {
        return Stream.concat(
                        Stream.of(everything, assigning, adding),
                        book.shelves().stream().map(shelf -> shelf.backOff))
                .flatMap(backOff -> backOff.obstacle().stream())
                .max(Comparator.comparing(PoolSnapshot.Obstacle::at).thenComparing(PoolSnapshot.Obstacle::obstacle));
    }
}
