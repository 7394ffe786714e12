package io.vpceni.pool;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.policy.ArrivalStats;
import io.vpceni.pool.policy.Policies;
import io.vpceni.pool.policy.Policy;
import io.vpceni.pool.policy.PoolCounts;
import io.vpceni.pool.policy.WarmTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The pool core: `(state, message, now) -> (state, effects)`.
///
/// Confined to one thread, its owner. Pure: no clock, no I/O, no logger. The same messages at the same times make the
/// same effects. A `now` before the latest one is taken as the latest one.
///
/// At start the owner sends [Message.EniReady] (request 0) for each ENI that is attached, then what was restored, then
/// one [Message.Tick]. Until a message other than those arrives nothing is asked of EC2, for the pool does not know yet
/// what it has.
public final class WarmPool {

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final Policy policy;
    private final Outbox out = new Outbox();
    private final ArrivalStats traffic = new ArrivalStats();
    private final AddressBook book;
    private final WaitingAdds waiting = new WaitingAdds();
    private final Tombstones tombstones = new Tombstones();

    /// A DEL that began so long ago and did not end will not end: the runtime sends another one, or none.
    private static final Duration DEL_MAX = Duration.ofMinutes(30);

    /// Keys whose DEL began and did not end, and when. Each has an address or a claim: no more than those.
    /// Looked up only.
    private final Map<AttachmentKey, Instant> releasing = new HashMap<>();

    private final Requests requests = new Requests();
    private final RecentlyUnassigned recentlyUnassigned = new RecentlyUnassigned();
    private final Growth growth;
    private final Shrink shrink;
    private final Reconciler reconciler;
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
        this.settings = settings;
        this.limits = limits;
        this.policy = policy;
        this.book = new AddressBook(settings, out);
        this.growth = new Growth(settings, limits, book, requests, out, traffic);
        this.shrink = new Shrink(book, requests, recentlyUnassigned, out);
        this.reconciler = new Reconciler(book, this::isReleasing, recentlyUnassigned, out);
        this.refusal = new Refusal(settings, limits, book, growth);
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
        if (!waiting.isEmpty() && shrink.reclaim(waiting.addressesWanted(), now)) {
            serveWaiting(now);
        }
        refuseWhoseDeadlineIsBefore(now.plusNanos(1), now);
        if (started) {
            adjustToTarget(now);
        }
        return out.drain();
    }

    private void take(Message message, Instant now) {
        switch (message) {
            case Message.Assign add -> assign(add, now);
            case Message.PrepareRelease(long ticket, AttachmentKey key) -> prepareRelease(ticket, key, now);
            case Message.Release(AttachmentKey key) -> release(key, book.cooldown(), now);
            case Message.NeverWired(AttachmentKey key) -> release(key, Duration.ZERO, now);
            case Message.Unwritten(AttachmentKey key) -> book.takeBack(key, now);
            case Message.EniReady ready -> {
                started |= ready.request() != 0;
                growth.eniReady(ready, now);
                if (ready.request() == 0) { // what an ENI was made with EC2 has just given
                    quarantineRecentlyUnassigned(ready, now);
                }
            }
            case Message.EniRoleIs(EniId id, EniRole role) -> book.eni(id).ifPresent(eni -> book.role(eni, role));
            case Message.EniDetached(EniId id) -> book.eni(id).ifPresent(eni -> eni.detached = true);
            case Message.BlocksAdded added -> growth.blocksAdded(added, now);
            case Message.RequestFailed(long request, AllocationError error, String detail) ->
                failed(request, error, detail, now);
            case Message.Verified(long request, Evidence evidence) -> verified(request, evidence, now);
            case Message.Unassigned(long request) -> unassigned(request, now);
            case Message.EniRemoved(long request) -> eniRemoved(request, now);
            case Message.Ec2View view -> reconciler.ec2(view, now);
            case Message.KernelView view -> reconciler.kernel(view, now);
            case Message.Restored(Assignment assignment, var since) -> book.restore(assignment, since, now);
            case Message.RestoredCooling(var address, Instant until) ->
                book.restoreCooling(address, Disputes.believable(until, now), now);
            case Message.RestoredTombstone(AttachmentKey key, long ticket, Instant until) ->
                tombstones.restore(key, ticket, until, now);
            case Message.RestoredUnassign(EniId _, var block, Instant gone) -> {
                recentlyUnassigned.note(block, gone);
                book.block(block).ifPresent(here -> shrink.quarantineUnverified(here, gone, now));
            }
            case Message.Tick() -> started = true;
        }
        started |= endsStartup(message);
    }

    /// An ENI that was found may be listed with blocks that have just gone back.
    private void quarantineRecentlyUnassigned(Message.EniReady found, Instant now) {
        for (Cidr cidr : found.blocks()) {
            book.block(cidr)
                    .filter(block -> recentlyUnassigned.mayBeStale(cidr, now) && block.arrivedAt.equals(now))
                    .ifPresent(block -> shrink.quarantineUnverified(block, now, now));
        }
    }

    /// Whether the owner has told all that it found at start.
    private static boolean endsStartup(Message message) {
        return switch (message) {
            case Message.EniReady _,
                    Message.Restored _,
                    Message.RestoredCooling _,
                    Message.RestoredTombstone _,
                    Message.RestoredUnassign _ -> false;
            case Message.Assign _,
                    Message.PrepareRelease _,
                    Message.Release _,
                    Message.NeverWired _,
                    Message.Unwritten _,
                    Message.BlocksAdded _,
                    Message.RequestFailed _,
                    Message.Verified _,
                    Message.Unassigned _,
                    Message.EniRemoved _,
                    Message.EniRoleIs _,
                    Message.EniDetached _,
                    Message.Ec2View _,
                    Message.KernelView _,
                    Message.Tick _ -> true;
        };
    }

    private void assign(Message.Assign add, Instant now) {
        Optional<Assignment> held = book.holding(add.key());
        if (tombstones.overtook(add.key(), add.ticket())) {
            out.answer(add.ticket(), new AssignResult.Cancelled());
        } else if (held.isPresent() && isReleasing(add.key())) {
            // Its address would be taken away under the new sandbox when the DEL ends.
            refuse(add.ticket(), "a DEL of the same attachment is under way; try again when it is over");
        } else if (held.isPresent()) {
            out.answer(add.ticket(), new AssignResult.AlreadyAssigned(held.get()));
        } else if (tombstones.mayHaveOvertaken(add.ticket())) {
            refuse(
                    add.ticket(),
                    "more than " + Tombstones.COUNT_MAX + " DELs came since this ADD began, too many to tell whether"
                            + " one was its own; a new ADD is served");
        } else if (waiting.isFull()) {
            refuse(add.ticket(), waiting.count() + " ADDs wait already; try again later");
        } else {
            traffic.arrived(now);
            waiting.join(add, now);
        }
    }

    private void prepareRelease(long ticket, AttachmentKey key, Instant now) {
        for (WaitingAdds.WaitingAdd cancelled : waiting.remove(key)) {
            out.answer(cancelled.ticket(), new AssignResult.Cancelled());
        }
        out.write(tombstones.place(key, ticket, now));
        Optional<Assignment> held = book.holding(key);
        if (held.isPresent()) {
            releasing.put(key, now);
        }
        out.add(new Effect.ReleasePrepared(ticket, held));
    }

    private boolean isReleasing(AttachmentKey key) {
        Instant began = releasing.get(key);
        return began != null && began.plus(DEL_MAX).isAfter(latest);
    }

    private void release(AttachmentKey key, Duration cooldown, Instant now) {
        releasing.remove(key);
        if (book.release(key, cooldown, now).isPresent()) {
            traffic.departed(now);
        }
    }

    private void failed(long request, AllocationError error, String detail, Instant now) {
        switch (growth.conclude(request).orElse(null)) {
            case null ->
                book.unexpectedAnswer(
                        PoolNotice.of(PoolNotice.Kind.UNEXPECTED_ANSWER, "A failure fits no pending request: ignored")
                                .with("request", request)
                                .with("detail", detail));
            case Requests.MoreBlocks asked -> growth.fail(asked, error, detail, now);
            case Requests.NewEni asked -> growth.fail(asked, error, detail, now);
            case Requests.Verification(PooledEni eni, Instant _) -> shrink.verificationFailed(eni, error, detail, now);
            case Requests.Return asked -> shrink.returnFailed(asked, error, detail, now);
            case Requests.Removal(PooledEni eni, Instant _) -> shrink.removalFailed(eni, error, detail, now);
        }
    }

    private void verified(long request, Evidence evidence, Instant now) {
        if (growth.conclude(request, Requests.Verification.class)
                instanceof Requests.Verification(PooledEni eni, Instant _)) {
            shrink.verified(eni, evidence, reconciler, now);
        }
    }

    private void unassigned(long request, Instant now) {
        if (growth.conclude(request, Requests.Return.class) instanceof Requests.Return gone) {
            shrink.returned(gone, now);
        }
    }

    private void eniRemoved(long request, Instant now) {
        if (growth.conclude(request, Requests.Removal.class) instanceof Requests.Removal(PooledEni eni, Instant _)) {
            shrink.removed(eni, now);
        }
    }

    /// First come, first served; whoever asked for the same key gets the same address.
    private void serveWaiting(Instant now) {
        while (!waiting.isEmpty()) {
            WaitingAdds.WaitingAdd first = waiting.first();
            Optional<Assignment> assignment = book.assignBest(first.key(), first.pod(), now);
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

    /// Brings the stock towards what the policy wants: first out of quarantine, then from EC2.
    private void adjustToTarget(Instant now) {
        if (settings.fixed()) {
            shrink.follow(now);
            return;
        }
        boolean othersDrain = othersDrain(now);
        PoolCounts counts = counts(othersDrain, now);
        traffic.busy(counts.assigned() + counts.cooling() + counts.waiting(), now);
        WarmTarget target = policy.target(counts);
        if (target.more() > 0 && shrink.reclaim(target.more(), now)) {
            target = policy.target(counts(othersDrain, now));
        }
        growth.plan(target, waiting.addressesWanted(), now);
        shrink.plan(target, othersDrain && waiting.isEmpty(), now);
    }

    /// Whether free addresses of a kind that the mode does not prefer are on their way out, and not stock: as soon
    /// as the preferred kind is there or can be had. Once it is there it must not matter whether there is room for
    /// more of it, or what came to stand in for them would go again.
    private boolean othersDrain(Instant now) {
        Totals totals = book.totals();
        return totals.others > 0 && growth.asksForPreferred(now) && (totals.preferred > 0 || growth.hasRoom());
    }

    private PoolCounts counts(boolean othersDrain, Instant now) {
        Totals totals = book.totals();
        long assignable = totals.preferred + (othersDrain ? 0 : totals.others);
        int blockAddresses = settings.mode() == PoolMode.PREFIXES ? (int) BlockKind.PREFIX.addresses() : 1;
        return new PoolCounts(
                now,
                saturated(assignable),
                saturated(totals.assigned
                        + totals.assignedDisputed
                        + book.claimed().size()),
                saturated(totals.cooling),
                saturated(totals.quarantined + totals.leaving),
                saturated(growth.pending()),
                waiting.addressesWanted(),
                blockAddresses,
                limits.slotsPerEni() * blockAddresses,
                growth.attachedEnis() + growth.pendingEnis(),
                growth.enisMax(),
                settings.podsMax() == 0 ? Integer.MAX_VALUE : settings.podsMax(),
                totals.idleBlocks,
                this::cooldownsEndingBy,
                traffic);
    }

    private int cooldownsEndingBy(Instant moment) {
        int ripe = 0;
        for (PooledAddress address : book.cooling()) {
            if (address.freeSince.isAfter(moment)) {
                break;
            }
            ripe++;
        }
        return ripe;
    }

    /// For numbers that only IPv6 makes larger.
    static int saturated(long count) {
        return (int) Math.min(Integer.MAX_VALUE, count);
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
    public Optional<Instant> lookAgainAt() {
        Optional<Instant> cooled = book.cooling().isEmpty()
                ? Optional.empty()
                : Optional.of(book.cooling().first().freeSince);
        return Stream.of(waiting.earliestDeadline(), cooled, growth.retryAt(), shrink.lookAgainAt())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /// Whether somebody waits for an address: what is asked of EC2 now is urgent.
    public boolean addsWait() {
        return !waiting.isEmpty();
    }

    /// The pool at that moment, without changing it. Costs one pass over the addresses.
    public PoolSnapshot snapshot(Instant now) {
        WarmTarget target = policy.target(counts(othersDrain(now), now));
        return Snapshots.of(book, growth, waiting.count(), target(target, now), now);
    }

    private PoolSnapshot.Target target(WarmTarget target, Instant now) {
        String kept = settings.fixed() && target.fewer() > 0
                ? "ipamd gives nothing back (ENABLE_IMDS_ONLY_MODE or DISABLE_NETWORK_RESOURCE_PROVISIONING)"
                : shrink.whyKept(target, now);
        return new PoolSnapshot.Target(
                policy.name(), target.more(), target.fewer(), target.because().text(), kept);
    }
}
