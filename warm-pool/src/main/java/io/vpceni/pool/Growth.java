package io.vpceni.pool;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.policy.ArrivalStats;
import io.vpceni.pool.policy.WarmTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// For how much to ask EC2, and on which ENI.
///
/// ENIs that are here are filled first, several at once, with at most one request under way on each: what is missing
/// meanwhile goes into the next one. Only what does not fit on them is asked for as a new ENI. Where the subnet has no
/// contiguous prefix, or a whole prefix would pass the cap, single addresses are asked for.
final class Growth {

    /// Room that a request with a lost answer may have taken: EC2's views tell, and two of them are needed.
    private record Reserved(long addresses, Instant until) {}

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final AddressBook book;
    private final Requests requests;
    private final Outbox out;
    private final ArrivalStats traffic;

    /// The request rate: it is the same whatever is asked for.
    private final GrowthBackoff everything = new GrowthBackoff();

    private final GrowthBackoff assigning = new GrowthBackoff();
    private final GrowthBackoff adding = new GrowthBackoff();
    private final GrowthBackoff prefixes = new GrowthBackoff();
    private final Deque<Reserved> reserved = new ArrayDeque<>();
    private final int[] pendingEnisByCard;

    /// The most blocks that a new ENI is asked to bring: less once EC2 has refused that.
    private int newEniBlocksMax;

    private @Nullable Instant newEniRefusedAt;

    /// The most blocks in one request: halved when the subnet has fewer, doubled when a request succeeds.
    private int batchMax;

    private int prefixBatchMax = Integer.MAX_VALUE;
    private long pending;
    private int pendingEnis;
    private long capLeft;
    private Optional<Instant> retryAt = Optional.empty();

    Growth(
            PoolSettings settings,
            NodeLimits limits,
            AddressBook book,
            Requests requests,
            Outbox out,
            ArrivalStats traffic) {
        this.settings = settings;
        this.limits = limits;
        this.book = book;
        this.requests = requests;
        this.out = out;
        this.traffic = traffic;
        this.newEniBlocksMax = limits.slotsPerEni();
        this.batchMax = Math.max(1, limits.slotsPerEni());
        this.pendingEnisByCard = new int[limits.enisMaxByCard().size()];
    }

    /// Asks for what is missing. Asking again without news asks for nothing more.
    ///
    /// @param waiting addresses that the waiting ADDs need
    void plan(WarmTarget wanted, int waiting, Instant now) {
        retryAt = Optional.empty();
        if (waiting > 0) {
            assigning.retrySoon();
            adding.retrySoon();
        }
        if (newEniRefusedAt != null
                && newEniRefusedAt.plus(PooledEni.REFUSAL_KEPT).isBefore(now)) {
            newEniRefusedAt = null;
            newEniBlocksMax = limits.slotsPerEni();
        }
        long missing = settings.mode() == PoolMode.IPV6 ? missingIpv6() : Math.max(wanted.more(), waiting - pending);
        if (missing <= 0) {
            return;
        }
        capLeft = capLeft(now);
        missing = Math.min(missing, capLeft);
        if (prefixes.lastFailure().isPresent() && asksForPreferred(now)) {
            missing = Math.min(missing, BlockKind.PREFIX.addresses()); // whether prefixes are back, and nothing else
        }
        if (missing > 0 && !backsOff(everything, now)) {
            boolean wholeEnis = wanted.unit() == WarmTarget.Unit.ENI && settings.mode() == PoolMode.ADDRESSES;
            addEnis(fillEnis(missing, wholeEnis, now), wholeEnis, now);
        }
    }

    private long missingIpv6() {
        boolean has = pending > 0
                || book.blocks().stream().anyMatch(block -> block.eni.takesPods() && block.state == Block.State.ACTIVE);
        return has ? 0 : 1;
    }

    /// Asks on the ENIs that are here and says how much does not fit on them.
    private long fillEnis(long wanted, boolean wholeEnis, Instant now) {
        long missing = wanted;
        if (backsOff(assigning, now)) {
            return missing;
        }
        for (PooledEni eni : book.enisByDeviceIndex()) {
            int room = eni.room();
            if (missing <= 0 || room == 0 || eni.removeWholeEni) {
                continue;
            }
            BlockKind kind = kind(now);
            if (!eni.busy && !backsOff(eni.backOff, now)) {
                long blocks = wholeEnis ? room : Math.min(room, Math.ceilDiv(missing, size(kind)));
                int count = (int) Math.min(Math.min(blocks, eni.batchMax), batchMax(kind));
                if (count > 0) {
                    ask(eni, kind, count, now);
                    missing -= room * size(kind); // what was not asked for now is asked for when the answer is here
                }
            } else if (eni.busy || eni.searchesItsLimit()) {
                missing -= room * size(kind);
            }
        }
        return missing;
    }

    private void ask(PooledEni eni, BlockKind kind, int count, Instant now) {
        long request = requests.open(new Requests.MoreBlocks(eni, kind, count, now));
        eni.pendingBlocks += count;
        eni.busy = true;
        expect(kind, count);
        out.add(new Effect.AssignBlocks(request, eni.id(), kind, count));
    }

    private void addEnis(long missingOnEnis, boolean wholeEnis, Instant now) {
        long missing = missingOnEnis - roomOnPendingEnis();
        while (missing > 0 && newEniBlocksMax > 0 && capLeft > 0 && !backsOff(adding, now)) {
            OptionalInt card = cardWithRoom();
            BlockKind kind = kind(now);
            long blocks = wholeEnis ? newEniBlocksMax : Math.min(newEniBlocksMax, Math.ceilDiv(missing, size(kind)));
            int count = (int) Math.min(blocks, batchMax(kind));
            if (card.isEmpty() || count <= 0) {
                return;
            }
            long request = requests.open(new Requests.NewEni(card.getAsInt(), kind, count, now));
            pendingEnis++;
            pendingEnisByCard[card.getAsInt()]++;
            expect(kind, count);
            out.add(new Effect.AddEni(request, card.getAsInt(), kind, count));
            missing -= newEniBlocksMax * size(kind);
        }
    }

    private void expect(BlockKind kind, int count) {
        pending += count * size(kind);
        capLeft -= count * size(kind);
    }

    private long roomOnPendingEnis() {
        long room = 0;
        for (Requests.Pending asked : requests.pending()) {
            if (asked instanceof Requests.NewEni(int _, BlockKind kind, int count, Instant _)) {
                room += Math.max(0, newEniBlocksMax - count) * size(kind);
            }
        }
        return room;
    }

    private OptionalInt cardWithRoom() {
        for (int card = 0; card < pendingEnisByCard.length; card++) {
            if (enisOn(card) + pendingEnisByCard[card] < enisMaxOn(card)) {
                return OptionalInt.of(card);
            }
        }
        return OptionalInt.empty();
    }

    private long enisOn(int card) {
        return book.enis().stream()
                .filter(eni -> eni.networkCard() == card && !eni.detached)
                .count();
    }

    /// ENIs that take a place on this node.
    int attachedEnis() {
        return (int) book.enis().stream().filter(eni -> !eni.detached).count();
    }

    private int enisMaxOn(int card) {
        int max = limits.enisMaxByCard().get(card);
        return settings.maxEni() == 0 ? max : Math.min(settings.maxEni(), max);
    }

    /// What to ask for now: a prefix only when one can be had and keeps below the cap.
    private BlockKind kind(Instant now) {
        return switch (settings.mode()) {
            case ADDRESSES -> BlockKind.ADDRESS;
            case IPV6 -> BlockKind.IPV6_PREFIX;
            case PREFIXES ->
                capLeft < BlockKind.PREFIX.addresses() || backsOff(prefixes, now)
                        ? BlockKind.ADDRESS
                        : BlockKind.PREFIX;
        };
    }

    private long batchMax(BlockKind kind) {
        long most = Math.min(batchMax, capLeft / size(kind));
        return kind == BlockKind.PREFIX ? Math.min(most, prefixBatchMax) : most;
    }

    /// In what growth counts: addresses, or with IPv6 prefixes.
    private static long size(BlockKind kind) {
        return kind == BlockKind.IPV6_PREFIX ? 1 : kind.addresses();
    }

    /// Addresses that may still be asked for below the cap at max pods.
    private long capLeft(Instant now) {
        while (!reserved.isEmpty() && !reserved.getFirst().until().isAfter(now)) {
            reserved.removeFirst();
        }
        if (settings.podsMax() == 0 || settings.mode() == PoolMode.IPV6) {
            return Integer.MAX_VALUE;
        }
        long inDoubt = reserved.stream().mapToLong(Reserved::addresses).sum();
        return Math.max(0, settings.podsMax() - book.totals().held() - pending - inDoubt);
    }

    /// Whether what is asked for is of the kind that the mode prefers.
    boolean asksForPreferred(Instant now) {
        return switch (settings.mode()) {
            case ADDRESSES, IPV6 -> true;
            case PREFIXES -> !prefixes.isActive(now) && capLeft(now) >= BlockKind.PREFIX.addresses();
        };
    }

    /// Whether there is a place for one more block.
    boolean hasRoom() {
        return cardWithRoom().isPresent() || book.enis().stream().anyMatch(eni -> eni.room() > 0);
    }

    void eniReady(Message.EniReady ready, Instant now) {
        if (ready.request() != 0) {
            Optional<Requests.Pending> asked = conclude(ready.request());
            if (asked.isPresent() && asked.get() instanceof Requests.NewEni(int _, BlockKind kind, int _, Instant at)) {
                adding.succeeded(now);
                succeeded(kind, at, now);
            } else {
                // Repeated or late: it may be gone again. What EC2's views list is believed.
                book.unexpectedAnswer(PoolNotice.of(
                                PoolNotice.Kind.UNEXPECTED_ANSWER,
                                "An ENI answers a request that is not pending: ignored until EC2 lists the ENI")
                        .with("eni", ready.eni().id())
                        .with("request", ready.request()));
                asked.ifPresent(a -> fail(a, AllocationError.OTHER, "EC2 answered with an ENI", now));
                return;
            }
        } else if (book.eni(ready.eni().id()).isPresent()) {
            return; // known: what changed on it comes with EC2's views
        }
        PooledEni eni = book.add(ready.eni(), now);
        book.add(eni, ready.blocks(), now);
        keepSlotsOf(ready.blocks(), eni);
    }

    /// Blocks that contradict what is known take their slots all the same, until a view says where they are.
    private static void keepSlotsOf(List<Cidr> given, PooledEni eni) {
        eni.unknownBlocks += (int)
                given.stream().filter(cidr -> !eni.blocks.containsKey(cidr)).count();
    }

    void blocksAdded(Message.BlocksAdded answer, Instant now) {
        Optional<Requests.Pending> asked = conclude(answer.request());
        Optional<PooledEni> eni = book.eni(answer.eni());
        boolean fits = asked.isPresent()
                && asked.get() instanceof Requests.MoreBlocks more
                && eni.stream().anyMatch(here -> here == more.eni());
        if (!fits) {
            // Repeated, late or wrong: what EC2 lists is believed when its views show it.
            book.unexpectedAnswer(PoolNotice.of(
                            PoolNotice.Kind.UNEXPECTED_ANSWER,
                            "Assigned blocks answer no pending request of their ENI: ignored until EC2 lists them")
                    .with("eni", answer.eni())
                    .with("request", answer.request()));
            asked.ifPresent(a -> fail(a, AllocationError.OTHER, "EC2 answered for another ENI", now));
            return;
        }
        int added = book.add(eni.get(), answer.blocks(), now);
        keepSlotsOf(answer.blocks(), eni.get());
        if (added == 0) {
            fail(asked.get(), AllocationError.OTHER, "EC2 added no address", now);
        } else if (asked.get() instanceof Requests.MoreBlocks(PooledEni on, BlockKind kind, int _, Instant at)) {
            on.backOff.succeeded(now);
            assigning.succeeded(now);
            succeeded(kind, at, now);
        }
    }

    /// A request for more, which is concluded, came to nothing.
    void fail(Requests.Pending asked, AllocationError reported, String detail, Instant now) {
        switch (asked) {
            case Requests.MoreBlocks(PooledEni eni, BlockKind kind, int count, Instant _) ->
                fail(Optional.of(eni), kind, count, reported, detail, now);
            case Requests.NewEni(int _, BlockKind kind, int count, Instant _) ->
                fail(Optional.empty(), kind, count, reported, detail, now);
            case Requests.Verification _, Requests.Return _, Requests.Removal _ ->
                book.unexpectedAnswer(
                        PoolNotice.of(PoolNotice.Kind.UNEXPECTED_ANSWER, "An answer fits no pending request: ignored")
                                .with("detail", detail));
        }
    }

    /// @param on the ENI that was to have more; empty when it was to be a new one
    private void fail(
            Optional<PooledEni> on, BlockKind kind, int count, AllocationError reported, String detail, Instant now) {
        AllocationError error = kind == BlockKind.PREFIX && reported == AllocationError.SUBNET_EXHAUSTED
                ? AllocationError.NO_CONTIGUOUS_PREFIX // there may be fewer than sixteen left
                : reported;
        if (error == AllocationError.NO_CONTIGUOUS_PREFIX && count > 1) {
            prefixBatchMax = count / 2; // fewer may fit
            return;
        }
        GrowthBackoff concerned = switch (error) {
            case THROTTLED -> everything;
            case NO_CONTIGUOUS_PREFIX -> prefixes;
            case UNAUTHORIZED, NOT_AUTHENTICATED -> on.isPresent() ? assigning : adding;
            case SUBNET_EXHAUSTED, ENI_LIMIT, ADDRESS_LIMIT, OUTCOME_UNKNOWN, OTHER ->
                on.map(eni -> eni.backOff).orElse(adding);
        };
        concerned.failed(error, detail, now);
        switch (error) {
            case SUBNET_EXHAUSTED -> {
                if (on.isPresent()) {
                    batchMax = Math.max(1, Math.min(batchMax, count / 2));
                } else {
                    halveNewEniBatch(count, now);
                }
            }
            case NO_CONTIGUOUS_PREFIX ->
                out.notice(PoolNotice.of(
                                PoolNotice.Kind.PREFIXES_OFF,
                                "The subnet has no free prefix: single addresses are assigned until it has one")
                        .with("detail", detail));
            case OUTCOME_UNKNOWN ->
                reserved.addLast(new Reserved(count * size(kind), now.plus(Lag.MAX.multipliedBy(4))));
            case ADDRESS_LIMIT -> {
                on.ifPresent(eni -> eni.refused(count, now));
                if (on.isEmpty()) {
                    halveNewEniBatch(count, now);
                }
            }
            case THROTTLED, UNAUTHORIZED, NOT_AUTHENTICATED, ENI_LIMIT, OTHER -> {}
        }
    }

    private void halveNewEniBatch(int refused, Instant now) {
        newEniRefusedAt = now;
        newEniBlocksMax = Math.max(1, Math.min(newEniBlocksMax, refused / 2));
    }

    private void succeeded(BlockKind kind, Instant asked, Instant now) {
        everything.succeeded(now);
        batchMax = Math.min(2 * batchMax, Math.max(1, limits.slotsPerEni()));
        traffic.refilled(Duration.between(asked, now), now);
        if (kind == BlockKind.PREFIX) {
            if (prefixes.lastFailure().isPresent()) {
                out.notice(PoolNotice.of(
                        PoolNotice.Kind.PREFIXES_ON, "EC2 assigns prefixes again: no more single addresses"));
            }
            prefixes.succeeded(now);
            prefixBatchMax = Integer.MAX_VALUE;
        }
    }

    /// The request is not under way any more, however it ended. Empty when it was not.
    Optional<Requests.Pending> conclude(long request) {
        Optional<Requests.Pending> asked = requests.conclude(request);
        asked.ifPresent(this::settle);
        return asked;
    }

    /// As [#conclude(long)]. What is not of that kind is a contradiction, and null.
    Requests.@Nullable Pending conclude(long request, Class<? extends Requests.Pending> kind) {
        Optional<Requests.Pending> asked = conclude(request);
        if (asked.filter(kind::isInstance).isEmpty()) {
            book.unexpectedAnswer(
                    PoolNotice.of(PoolNotice.Kind.UNEXPECTED_ANSWER, "An answer fits no pending request: ignored")
                            .with("request", request));
            return null;
        }
        return asked.get();
    }

    private void settle(Requests.Pending asked) {
        switch (asked) {
            case Requests.MoreBlocks(PooledEni eni, BlockKind kind, int count, Instant _) -> {
                eni.pendingBlocks -= count;
                eni.busy = false;
                pending -= count * size(kind);
            }
            case Requests.NewEni(int card, BlockKind kind, int count, Instant _) -> {
                pending -= count * size(kind);
                pendingEnis--;
                pendingEnisByCard[card]--;
            }
            case Requests.Verification(PooledEni eni, Instant _) -> eni.busy = false;
            case Requests.Return(PooledEni eni, var _, Instant _) -> eni.busy = false;
            case Requests.Removal(PooledEni eni, Instant _) -> {
                eni.busy = false;
                eni.removing = false;
            }
        }
    }

    /// Whether growth of that kind rests; if so, when it would go on is noted for [#retryAt].
    private boolean backsOff(GrowthBackoff backOff, Instant now) {
        if (!backOff.isActive(now)) {
            return false;
        }
        backOff.lastFailure()
                .map(PoolSnapshot.GrowthFailure::retryAt)
                .filter(at -> retryAt.isEmpty() || at.isBefore(retryAt.get()))
                .ifPresent(at -> retryAt = Optional.of(at));
        return true;
    }

    /// ENIs that this node may have, the primary included.
    int enisMax() {
        int max = 0;
        for (int card = 0; card < pendingEnisByCard.length; card++) {
            max += enisMaxOn(card);
        }
        return max;
    }

    /// When growth that the last plan wanted, and that rests, may be tried again.
    Optional<Instant> retryAt() {
        return retryAt;
    }

    /// Addresses on their way; with IPv6 prefixes.
    long pending() {
        return pending;
    }

    int pendingEnis() {
        return pendingEnis;
    }

    /// The latest failure that no success of its kind followed.
    Optional<PoolSnapshot.GrowthFailure> lastFailure() {
        return Stream.concat(
                        Stream.of(everything, assigning, adding, prefixes),
                        book.enis().stream().map(eni -> eni.backOff))
                .flatMap(backOff -> backOff.lastFailure().stream())
                .max(Comparator.comparing(PoolSnapshot.GrowthFailure::at)
                        .thenComparing(PoolSnapshot.GrowthFailure::error));
    }
}
