package io.vpceni.pool;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.policy.ArrivalStats;
import io.vpceni.pool.policy.WarmTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks EC2 for more: [GrowthSizing] says for how much and on which ENI, [GrowthBackoffs] what is not asked for yet,
/// [GrowthRequests] counts what is on its way. What EC2 refuses is learned from.
final class Growth {
    private final PoolSettings settings;
    private final NodeLimits limits;
    private final GrowthLimits room;
    private final AddressBook book;
    private final BlockIndex index;
    private final BlockInsertion intake;
    private final GrowthRequests requests;
    private final Outbox out;
    private final ArrivalStats arrivals;
    private final GrowthBackoffs backOffs = new GrowthBackoffs();

    /// The most blocks that a new ENI is asked to bring: less once EC2 has refused that.
    private int newEniBlocksMax;

    private @Nullable Instant newEniRefusedAt;

    /// The most blocks in one request: halved when the subnet has fewer, doubled when a request succeeds.
    private int batchMax;

    private int prefixBatchMax = Integer.MAX_VALUE;
    private Optional<Instant> retryAt = Optional.empty();

    Growth(
            PoolSettings settings,
            NodeLimits limits,
            AddressBook book,
            BlockIndex index,
            BlockInsertion intake,
            Requests requests,
            Outbox out,
            ArrivalStats arrivals) {
        this.settings = settings;
        this.limits = limits;
        this.book = book;
        this.index = index;
        this.intake = intake;
        this.requests = new GrowthRequests(requests, limits.enisMaxByCard().size());
        this.room = new GrowthLimits(settings, limits, book, index, this.requests);
        this.out = out;
        this.arrivals = arrivals;
        this.newEniBlocksMax = limits.slotsPerEni();
        this.batchMax = Math.max(1, limits.slotsPerEni());
    }

    /// Asks for what is missing. Asking again without news asks for nothing more.
    ///
    /// @param waiting addresses that the waiting ADDs need
    void plan(WarmTarget target, int waiting, Instant now) {
        retryAt = Optional.empty();
        if (waiting > 0) {
            backOffs.retrySoon();
        }
        if (newEniRefusedAt != null
                && newEniRefusedAt.plus(EniCapacity.REFUSAL_KEPT).isBefore(now)) {
            newEniRefusedAt = null;
            newEniBlocksMax = limits.slotsPerEni();
        }
        long missing = missing(target, waiting, now);
        if (missing <= 0) {
            return;
        }
        retryAt = backOffs.everythingUntil(now);
        if (retryAt.isEmpty()) {
            GrowthSizing.GrowthPlan plan = GrowthSizing.plan(situation(missing, target, now));
            retryAt = plan.retryAt();
            plan.asks().forEach(ask -> ask(ask, now));
        }
    }

    private long missing(WarmTarget target, int waiting, Instant now) {
        long missing = settings.mode() == PoolMode.IPV6
                ? missingIpv6()
                : Math.max(target.more(), waiting - requests.addresses());
        if (missing <= 0) {
            return 0;
        }
        missing = Math.min(missing, room.addresses(now));
        return backOffs.prefixesFailed() && asksForPreferred(now)
                ? Math.min(missing, BlockKind.PREFIX.addresses()) // one prefix, to see whether EC2 gives them again
                : missing;
    }

    private long missingIpv6() {
        boolean has = requests.addresses() > 0
                || index.blocks().stream().anyMatch(block -> block.eni().takesPods() && block.isActive());
        return has ? 0 : 1;
    }

    private GrowthSizing.Situation situation(long missing, WarmTarget target, Instant now) {
        List<GrowthSizing.EniRoom> enis = index.enisByDeviceIndex().stream()
                .filter(eni -> eni.room() > 0 && !eni.activity().isRemoval())
                .map(eni -> new GrowthSizing.EniRoom(
                        eni.id(),
                        eni.room(),
                        eni.capacity().batchMax(),
                        eni.isBusy(),
                        eni.searchesItsLimit(),
                        eni.growing().until(now)))
                .toList();
        return new GrowthSizing.Situation(
                settings.mode(),
                missing,
                target.unit() == WarmTarget.Unit.ENI && settings.mode() == PoolMode.ADDRESSES,
                room.addresses(now),
                enis,
                new GrowthSizing.NewEnis(
                        newEniBlocksMax, requests.roomOnPendingEnis(newEniBlocksMax), room.freePlaces()),
                batchMax,
                prefixBatchMax,
                backOffs.asOf(now));
    }

    private void ask(GrowthSizing.Ask ask, Instant now) {
        switch (ask) {
            case GrowthSizing.Ask.OnEni(EniId eni, BlockKind kind, int count) -> {
                long request = requests.open(index.eni(eni).orElseThrow(), kind, count, now);
                out.add(new Effect.AssignBlocks(request, eni, kind, count));
            }
            case GrowthSizing.Ask.OnNewEni(int card, BlockKind kind, int count) -> {
                long request = requests.openNewEni(card, kind, count, now);
                out.add(new Effect.AddEni(request, card, kind, count));
            }
        }
    }

    /// Whether what is asked for is of the kind that the mode prefers.
    boolean asksForPreferred(Instant now) {
        return switch (settings.mode()) {
            case ADDRESSES, IPV6 -> true;
            case PREFIXES -> !backOffs.prefixesBackOff(now) && room.addresses(now) >= BlockKind.PREFIX.addresses();
        };
    }

    /// An ENI was found: not one that was asked for.
    void eniFound(Message.EniFound found, Instant now) {
        if (index.eni(found.eni().id()).isEmpty()) { // of one that is known EC2's views tell what changed
            add(found, now);
        }
    }

    /// An ENI that was asked for is there.
    ///
    /// @param asked the request that it answers, which is closed; empty when none is pending
    void eniReady(Message.EniReady ready, Optional<Requests.Pending> asked, Instant now) {
        if (asked.isPresent() && asked.get() instanceof Requests.NewEni(int _, BlockKind kind, int _, Instant at)) {
            backOffs.eniCame(now);
            succeeded(ready.request(), kind, at, now);
            add(ready, now);
            return;
        }
        // Repeated or late: it may be gone again. What EC2's views list is believed.
        book.unexpectedAnswer(PoolNotice.of(
                        PoolNotice.Kind.UNEXPECTED_ANSWER,
                        "An ENI answers a request that is not pending: ignored until EC2 lists the ENI")
                .with("eni", ready.eni().id())
                .with("request", ready.request()));
        asked.ifPresent(a -> failed(ready.request(), a, AllocationError.OTHER, "EC2 answered with an ENI", now));
    }

    private void add(Message.EniAttached attached, Instant now) {
        PooledEni eni = index.add(attached.eni(), now);
        intake.add(eni, attached.blocks(), now);
        keepSlotsOf(attached.blocks(), eni);
    }

    /// Blocks that contradict what is known take their slots all the same, until a view says where they are.
    private static void keepSlotsOf(List<Cidr> given, PooledEni eni) {
        long unknown =
                given.stream().filter(cidr -> eni.blocks().get(cidr).isEmpty()).count();
        eni.unknownBlocks(eni.unknownBlocks() + (int) unknown);
    }

    /// Blocks that were asked for are there.
    ///
    /// @param asked the request that they answer, which is closed; empty when none is pending
    void blocksAdded(Message.BlocksAdded answer, Optional<Requests.Pending> asked, Instant now) {
        Optional<PooledEni> eni = index.eni(answer.eni());
        if (eni.isEmpty()
                || asked.isEmpty()
                || !(asked.get() instanceof Requests.MoreBlocks more)
                || more.eni() != eni.get()) {
            // Repeated, late or wrong: what EC2 lists is believed when its views show it.
            book.unexpectedAnswer(PoolNotice.of(
                            PoolNotice.Kind.UNEXPECTED_ANSWER,
                            "Assigned blocks answer no pending request of their ENI: ignored until EC2 lists them")
                    .with("eni", answer.eni())
                    .with("request", answer.request()));
            asked.ifPresent(
                    a -> failed(answer.request(), a, AllocationError.OTHER, "EC2 answered for another ENI", now));
            return;
        }
        int added = intake.add(more.eni(), answer.blocks(), now);
        keepSlotsOf(answer.blocks(), more.eni());
        if (added == 0) {
            failed(answer.request(), more, AllocationError.OTHER, "EC2 added no address", now);
        } else {
            backOffs.blocksCame(more.eni(), now);
            succeeded(answer.request(), more.kind(), more.at(), now);
        }
    }

    private void succeeded(long request, BlockKind kind, Instant asked, Instant now) {
        batchMax = Math.min(2 * batchMax, Math.max(1, limits.slotsPerEni()));
        arrivals.refilled(Duration.between(asked, now), now);
        if (kind == BlockKind.PREFIX) {
            if (backOffs.prefixesFailed()) {
                out.notice(PoolNotice.of(
                                PoolNotice.Kind.PREFIXES_ON, "EC2 assigns prefixes again: no more single addresses")
                        .with("request", request));
            }
            backOffs.prefixCame(now);
            prefixBatchMax = Integer.MAX_VALUE;
        }
    }

    /// A request for more, which is closed, came to nothing.
    void failed(long request, Requests.Pending asked, AllocationError reported, String detail, Instant now) {
        switch (asked) {
            case Requests.MoreBlocks(PooledEni eni, BlockKind kind, int count, Instant _) ->
                failed(request, Optional.of(eni), kind, count, reported, detail, now);
            case Requests.NewEni(int _, BlockKind kind, int count, Instant _) ->
                failed(request, Optional.empty(), kind, count, reported, detail, now);
            case Requests.Verification _, Requests.Return _, Requests.Removal _ ->
                book.unexpectedAnswer(
                        PoolNotice.of(PoolNotice.Kind.UNEXPECTED_ANSWER, "An answer fits no pending request: ignored")
                                .with("request", request)
                                .with("detail", detail));
        }
    }

    /// @param on the ENI that was to have more; empty when it was to be a new one
    private void failed(
            long request,
            Optional<PooledEni> on,
            BlockKind kind,
            int count,
            AllocationError reported,
            String detail,
            Instant now) {
        AllocationError error = kind == BlockKind.PREFIX && reported == AllocationError.SUBNET_EXHAUSTED
                ? AllocationError.NO_CONTIGUOUS_PREFIX // there may be fewer than sixteen left
                : reported;
        if (error == AllocationError.NO_CONTIGUOUS_PREFIX && count > 1) {
            prefixBatchMax = count / 2; // fewer may fit
            return;
        }
        backOffs.failed(on, error, detail, now);
        switch (error) {
            case SUBNET_EXHAUSTED ->
                on.ifPresentOrElse(
                        _ -> batchMax = Math.max(1, Math.min(batchMax, count / 2)), () -> halveNewEniBatch(count, now));
            case ADDRESS_LIMIT ->
                on.ifPresentOrElse(eni -> eni.refused(count, now), () -> halveNewEniBatch(count, now));
            case NO_CONTIGUOUS_PREFIX ->
                out.notice(PoolNotice.of(
                                PoolNotice.Kind.PREFIXES_OFF,
                                "The subnet has no free prefix: single addresses are assigned until it has one")
                        .with("request", request)
                        .with("detail", detail));
            case OUTCOME_UNKNOWN -> requests.reserve(kind, count, now);
            case THROTTLED, UNAUTHORIZED, FORBIDDEN_BY_SETTING, NOT_AUTHENTICATED, ENI_LIMIT, OTHER -> {}
        }
    }

    private void halveNewEniBatch(int refused, Instant now) {
        newEniRefusedAt = now;
        newEniBlocksMax = Math.max(1, Math.min(newEniBlocksMax, refused / 2));
    }

    /// When growth that the last plan needed, and that backs off, may be tried again.
    Optional<Instant> retryAt() {
        return retryAt;
    }

    /// What this node may hold.
    GrowthLimits limits() {
        return room;
    }

    /// What is on its way.
    GrowthRequests requests() {
        return requests;
    }

    /// The latest failure that no success of its kind followed.
    Optional<PoolSnapshot.GrowthFailure> lastFailure() {
        return backOffs.lastFailure(index.enis());
    }
}
