package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.policy.ArrivalStats;
import io.vpceni.pool.policy.Policies;
import io.vpceni.pool.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The pool core: `(state, message, now) -> (state, effects)`.
///
/// Confined to one thread, its owner. Pure: no clock, no I/O, no logger. The same messages at the same times make the
/// same effects. A `now` before the latest one is taken as the latest one.
///
/// At start the owner sends [Message.EniFound] for each ENI that is attached, then what was restored, then
/// one [Message.Tick]. Until a message other than those arrives nothing is asked of EC2, for the pool does not know yet
/// what it has.
public final class WarmPool {

    private final Outbox out = new Outbox();
    private final ArrivalStats arrivals = new ArrivalStats();
    private final BlockIndex index = new BlockIndex();
    private final WaitingAdds waiting = new WaitingAdds();
    private final Tombstones tombstones = new Tombstones();
    private final Requests requests = new Requests();
    private final RecentlyUnassigned recentlyUnassigned = new RecentlyUnassigned();

    private final PendingDels dels = new PendingDels();
    private final AddressBook book;
    private final RestoredAddresses restored;
    private final Quarantine quarantine;
    private final Reconciler reconciler;
    private final Reclamation reclamation;
    private final Shrink shrink;
    private final Growth growth;
    private final StockController stock;
    private final Refusal refusal;
    private Instant latest = Instant.MIN;
    private boolean started;

    /// An empty pool on a node with these limits, with the policy that the settings name.
    public WarmPool(PoolSettings settings, NodeLimits limits) {
        this(settings, limits, Policies.of(settings));
    }

    /// An empty pool on a node with these limits.
    ///
    /// @param policy says how many addresses to hold; the caps of `settings` hold whatever it says
    public WarmPool(PoolSettings settings, NodeLimits limits, Policy policy) {
        this.book = new AddressBook(settings, index, out);
        this.restored = new RestoredAddresses(book, index, out);
        this.quarantine = new Quarantine(book, index);
        BlockInsertion intake = new BlockInsertion(book, index, out);
        this.reconciler =
                new Reconciler(book, index, intake, key -> dels.isPending(key, latest), recentlyUnassigned, out);
        this.reclamation = new Reclamation(book, index, quarantine, reconciler, requests, recentlyUnassigned, out);
        this.shrink = new Shrink(book, index, quarantine, reclamation);
        this.growth = new Growth(settings, limits, book, index, intake, requests, out, arrivals);
        this.stock = new StockController(
                settings,
                limits,
                policy,
                arrivals,
                book,
                waiting,
                growth,
                shrink,
                quarantine,
                new SurplusReason(index));
        this.refusal = new Refusal(settings, limits, book, index, growth);
    }

    /// Takes one message and says what to do: what is to be written first, then the rest in order.
    public List<Effect> handle(Message message, Instant at) {
        Instant now = at.isAfter(latest) ? at : latest;
        latest = now;
        refuseWhoseDeadlineIsBefore(now, now); // an ADD that gave up a moment ago gets nothing that came after
        book.endCooldowns(now);
        tombstones.forgetExpired(now);
        recentlyUnassigned.forget(now);
        take(message, now);
        serveWaiting(now);
        if (!waiting.isEmpty() && quarantine.reclaim(waiting.addressesWanted(), now)) {
            serveWaiting(now);
        }
        refuseWhoseDeadlineIsBefore(now.plusNanos(1), now);
        if (started) {
            stock.adjust(now);
        }
        return out.drain();
    }

    private void take(Message message, Instant now) {
        switch (message) {
            case Message.Assign add -> assign(add, now);
            case Message.CancelWaitingAdds(long ticket, AttachmentKey key) -> cancelWaitingAdds(ticket, key, now);
            case Message.WhoHolds(long ticket, AttachmentKey key) -> whoHolds(ticket, key, now);
            case Message.Release(AttachmentKey key) -> release(key, book.cooldown(), now);
            case Message.NeverWired(AttachmentKey key) -> release(key, Duration.ZERO, now);
            case Message.Unwritten(AttachmentKey key) -> book.takeBack(key, now);
            case Message.EniReady ready -> growth.eniReady(ready, conclude(ready.request()), now);
            case Message.EniFound found -> eniFound(found, now);
            case Message.EniRoleIs(EniId id, EniRole role) -> index.eni(id).ifPresent(eni -> book.role(eni, role));
            case Message.EniDetached(EniId id) -> index.eni(id).ifPresent(PooledEni::detach);
            case Message.BlocksAdded added -> growth.blocksAdded(added, conclude(added.request()), now);
            case Message.RequestFailed(long request, AllocationError error, String detail) ->
                failed(request, error, detail, now);
            case Message.Verified(long request, Evidence evidence) ->
                conclude(request, Requests.Verification.class)
                        .ifPresent(asked -> reclamation.verified(asked, evidence, now));
            case Message.Unassigned(long request) ->
                conclude(request, Requests.Return.class).ifPresent(asked -> reclamation.returned(request, asked, now));
            case Message.EniRemoved(long request) ->
                conclude(request, Requests.Removal.class).ifPresent(asked -> reclamation.removed(request, asked, now));
            case Message.Ec2View view -> reconciler.ec2(view, now);
            case Message.KernelView view -> reconciler.kernel(view, now);
            case Message.PodView view -> reconciler.pods(view);
            case Message.Restored(Assignment assignment, var since, var ticket) ->
                restored.sandbox(new Holding(assignment, since, ticket), now);
            case Message.RestoredCooling(var address, Instant until) ->
                restored.cooling(address, Disputes.believable(until, now), now);
            case Message.RestoredTombstone(AttachmentKey key, long ticket, Instant until) ->
                tombstones.restore(key, ticket, until, now);
            case Message.RestoredUnassign(EniId _, Cidr block, Instant gone) -> restoredUnassign(block, gone, now);
            case Message.Tick() -> started = true;
        }
        started |= message.endsStartup();
    }

    private void eniFound(Message.EniFound found, Instant now) {
        growth.eniFound(found, now);
        quarantineRecentlyUnassigned(found, now);
    }

    private void restoredUnassign(Cidr block, Instant gone, Instant now) {
        recentlyUnassigned.note(block, gone);
        index.block(block).ifPresent(here -> quarantine.addUnverified(here, gone, now));
    }

    /// An ENI that was found may be listed with blocks that have just gone back.
    private void quarantineRecentlyUnassigned(Message.EniFound found, Instant now) {
        for (Cidr cidr : found.blocks()) {
            index.block(cidr)
                    .filter(block -> recentlyUnassigned.mayBeStale(cidr, now)
                            && block.arrivedAt().equals(now)
                            && block.assigned() == 0)
                    .ifPresent(block -> quarantine.addUnverified(block, now, now));
        }
    }

    private void assign(Message.Assign add, Instant now) {
        Optional<Holding> held = book.holding(add.key());
        if (tombstones.overtook(add.key(), add.ticket())) {
            out.answer(add.ticket(), new AssignResult.Cancelled());
        } else if (held.isPresent() && dels.isPending(add.key(), latest)) {
            // Its address would be taken away under the new sandbox when the DEL ends.
            refuse(add.ticket(), "a DEL of the same attachment is under way; try again when it is over");
        } else if (held.isPresent()) {
            out.answer(add.ticket(), new AssignResult.AlreadyAssigned(book.repeated(add.ticket(), held.get(), now)));
        } else if (tombstones.mayHaveOvertaken(add.ticket())) {
            refuse(
                    add.ticket(),
                    "more than " + Tombstones.COUNT_MAX + " DELs came since this ADD began, too many to tell whether"
                            + " one was its own; a new ADD is served");
        } else if (waiting.isFull()) {
            refuse(add.ticket(), waiting.count() + " ADDs wait already; try again later");
        } else {
            arrivals.arrived(now);
            waiting.join(add, now);
        }
    }

    private void cancelWaitingAdds(long ticket, AttachmentKey key, Instant now) {
        for (WaitingAdds.WaitingAdd cancelled : waiting.removeBefore(ticket, key)) {
            out.answer(cancelled.ticket(), new AssignResult.Cancelled());
        }
        out.write(tombstones.place(key, ticket, now));
        if (heldBefore(ticket, key).isPresent()) {
            dels.began(key, now);
        }
    }

    private void whoHolds(long ticket, AttachmentKey key, Instant now) {
        Optional<Assignment> held = heldBefore(ticket, key);
        if (held.isPresent()) {
            dels.began(key, now);
        }
        out.add(new Effect.Held(key, held));
    }

    /// What a DEL with that ticket takes away: nothing of a sandbox that was added after it began.
    private Optional<Assignment> heldBefore(long ticket, AttachmentKey key) {
        return book.holding(key).filter(has -> !has.isLaterThan(ticket)).map(Holding::assignment);
    }

    private void release(AttachmentKey key, Duration cooldown, Instant now) {
        dels.ended(key);
        if (book.release(key, cooldown, now).isPresent()) {
            arrivals.departed(now);
        }
    }

    private void failed(long request, AllocationError error, String detail, Instant now) {
        switch (conclude(request).orElse(null)) {
            case null ->
                book.unexpectedAnswer(
                        PoolNotice.of(PoolNotice.Kind.UNEXPECTED_ANSWER, "A failure fits no pending request: ignored")
                                .with("request", request)
                                .with("detail", detail));
            case Requests.MoreBlocks asked -> growth.failed(request, asked, error, detail, now);
            case Requests.NewEni asked -> growth.failed(request, asked, error, detail, now);
            case Requests.Verification asked -> reclamation.verificationFailed(asked, error, detail, now);
            case Requests.Return asked -> reclamation.returnFailed(asked, error, detail, now);
            case Requests.Removal asked -> reclamation.removalFailed(asked, error, detail, now);
        }
    }

    /// The request is not pending any more, however it ended. Empty when it was not.
    private Optional<Requests.Pending> conclude(long request) {
        Optional<Requests.Pending> asked = requests.conclude(request);
        asked.ifPresent(closed -> {
            switch (closed) {
                case Requests.MoreBlocks more -> growth.requests().close(more);
                case Requests.NewEni more -> growth.requests().close(more);
                case Requests.Verification verification -> reclamation.close(verification);
                case Requests.Return fewer -> reclamation.close(fewer);
                case Requests.Removal removal -> reclamation.close(removal);
            }
        });
        return asked;
    }

    /// As [#conclude(long)]. What is not of that kind is an unexpected answer, and empty.
    private <T extends Requests.Pending> Optional<T> conclude(long request, Class<T> kind) {
        Optional<T> asked = conclude(request).filter(kind::isInstance).map(kind::cast);
        if (asked.isEmpty()) {
            book.unexpectedAnswer(
                    PoolNotice.of(PoolNotice.Kind.UNEXPECTED_ANSWER, "An answer fits no pending request: ignored")
                            .with("request", request));
        }
        return asked;
    }

    /// First come, first served; whoever asked for the same key gets the same address.
    private void serveWaiting(Instant now) {
        while (!waiting.isEmpty()) {
            WaitingAdds.WaitingAdd first = waiting.first();
            long latest = waiting.latestTicket(first.key());
            Optional<Assignment> assignment = book.assignBest(latest, first.key(), first.pod(), now);
            if (assignment.isEmpty()) {
                return;
            }
            for (WaitingAdds.WaitingAdd served : waiting.remove(first.key())) {
                AssignResult result = served.ticket() == first.ticket()
                        ? new AssignResult.Assigned(assignment.get())
                        : new AssignResult.AlreadyAssigned(assignment.get());
                out.answer(served.ticket(), result);
            }
        }
    }

    private void refuseWhoseDeadlineIsBefore(Instant end, Instant now) {
        Optional<WaitingAdds.WaitingAdd> due = waiting.removeDueBefore(end);
        while (due.isPresent()) {
            Duration waited = Duration.between(due.get().since(), now);
            out.answer(due.get().ticket(), refusal.because(waited, now));
            due = waiting.removeDueBefore(end);
        }
    }

    private void refuse(long ticket, String reason) {
        out.answer(ticket, new AssignResult.NoAddress(reason));
    }

    /// When a [Message.Tick] would change something: a waiting ADD's deadline, a cooldown's end, a growth
    /// retry, the end of a quarantine. Later than the `now` of the last message. Empty: only a message from
    /// outside can change anything.
    public Optional<Instant> nextTickAt() {
        Optional<Instant> cooled = book.cooling().isEmpty()
                ? Optional.empty()
                : Optional.of(book.cooling().first().freeSince());
        return Stream.of(waiting.earliestDeadline(), cooled, growth.retryAt(), shrink.nextDue())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /// Whether somebody waits for an address: what is asked of EC2 now is urgent.
    public boolean addsWait() {
        return !waiting.isEmpty();
    }

    /// The pool at that moment, without changing it. Costs one pass over the addresses.
    public PoolSnapshot snapshot(Instant now) {
        return Snapshots.of(book, index, growth, waiting.count(), stock.target(now), now);
    }
}
