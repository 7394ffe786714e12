package io.vpceni.pool;

import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The pool core: `(state, message, now) -> (state, effects)`.
///
/// Confined to one thread, its owner. Pure: no clock, no I/O, no logger. The same messages at the same times make the
/// same effects. A `now` before the latest one is taken as the latest one.
///
/// At start the owner sends [Message.EniReady] (request 0) for each ENI that is attached, then [Message.Restored] for
/// each sandbox that runs, then one [Message.Tick]. Until a message other than those two arrives nothing is asked of
/// EC2, for the pool does not know yet what it has.
public final class WarmPool {

    private final AddressBook book;
    private final WaitingAdds waiting = new WaitingAdds();
    private final Tombstones tombstones = new Tombstones();

    /// Keys whose DEL began and did not end, with its ticket. Each has an address or a dispute: no more than those.
    private final Map<AttachmentKey, Long> releasing = new TreeMap<>();

    private final Growth growth;
    private final Refusal refusal;
    private Instant latest = Instant.MIN;
    private boolean started;

    /// An empty pool on a node with these limits.
    public WarmPool(PoolSettings settings, NodeLimits limits) {
        this.book = new AddressBook(settings.cooldown());
        this.growth = new Growth(settings, limits, book);
        this.refusal = new Refusal(settings, limits, book, growth);
    }

    /// Takes one message and says what to do, in order.
    public List<Effect> handle(Message message, Instant at) {
        Instant now = at.isAfter(latest) ? at : latest;
        latest = now;
        List<Effect> effects = new ArrayList<>();
        refuseWhoseDeadlineIsBefore(now, now, effects); // an ADD that gave up a moment ago gets nothing that came after
        book.ripen(now);
        tombstones.forgetExpired(now);
        take(message, now, effects);
        serveWaiting(effects);
        refuseWhoseDeadlineIsBefore(now.plusNanos(1), now, effects);
        if (started) {
            effects.addAll(growth.plan(waiting.addressesWanted(), now));
        }
        return List.copyOf(effects);
    }

    private void take(Message message, Instant now, List<Effect> effects) {
        switch (message) {
            case Message.Assign add -> {
                started = true;
                assign(add, now, effects);
            }
            case Message.PrepareRelease(long ticket, AttachmentKey key) -> {
                started = true;
                prepareRelease(ticket, key, now, effects);
            }
            case Message.Release(AttachmentKey key) -> {
                started = true;
                releasing.remove(key);
                book.release(key, now);
            }
            case Message.EniReady ready -> {
                started |= ready.request() != 0;
                growth.eniReady(ready, now);
            }
            case Message.BlocksAdded added -> {
                started = true;
                growth.addressesAdded(added, now);
            }
            case Message.RequestFailed failed -> {
                started = true;
                growth.failed(failed, now);
            }
            case Message.Restored(Assignment assignment) -> book.restore(assignment);
            case Message.Tick() -> started = true;
            case Message.Unwritten _,
                    Message.Verified _,
                    Message.Unassigned _,
                    Message.EniRemoved _,
                    Message.Ec2View _,
                    Message.KernelView _,
                    Message.RestoredCooling _,
                    Message.RestoredTombstone _,
                    Message.RestoredDeparture _ -> {}
        }
    }

    private void assign(Message.Assign add, Instant now, List<Effect> effects) {
        Optional<Assignment> held = book.holding(add.key());
        if (tombstones.overtook(add.key(), add.ticket())) {
            effects.add(new Effect.Answered(add.ticket(), new AssignResult.Cancelled()));
        } else if (held.isPresent() && releasing.containsKey(add.key())) {
            // Its address would be taken away under the new sandbox when the DEL ends.
            effects.add(refused(add.ticket(), "a DEL of the same attachment is under way; try again when it is over"));
        } else if (held.isPresent()) {
            effects.add(new Effect.Answered(add.ticket(), new AssignResult.AlreadyAssigned(held.get())));
        } else if (waiting.isFull()) {
            effects.add(refused(add.ticket(), waiting.count() + " ADDs wait already; try again later"));
        } else {
            waiting.join(add, now);
        }
    }

    private void prepareRelease(long ticket, AttachmentKey key, Instant now, List<Effect> effects) {
        for (WaitingAdds.WaitingAdd cancelled : waiting.remove(key)) {
            effects.add(new Effect.Answered(cancelled.ticket(), new AssignResult.Cancelled()));
        }
        tombstones.place(key, ticket, now);
        Optional<Assignment> held = book.holding(key);
        if (held.isPresent()) {
            releasing.put(key, ticket);
        }
        effects.add(new Effect.ReleasePrepared(ticket, held));
    }

    /// First come, first served; whoever asked for the same key gets the same address.
    private void serveWaiting(List<Effect> effects) {
        while (!waiting.isEmpty() && book.assignable() > 0) {
            WaitingAdds.WaitingAdd first = waiting.first();
            Assignment assignment = book.assignBest(first.key(), first.pod());
            for (WaitingAdds.WaitingAdd served : waiting.remove(first.key())) {
                AssignResult result = served.ticket() == first.ticket()
                        ? new AssignResult.Assigned(assignment)
                        : new AssignResult.AlreadyAssigned(assignment);
                effects.add(new Effect.Answered(served.ticket(), result));
            }
        }
    }

    private void refuseWhoseDeadlineIsBefore(Instant end, Instant now, List<Effect> effects) {
        Optional<WaitingAdds.WaitingAdd> due = waiting.removeDueBefore(end);
        while (due.isPresent()) {
            Duration waited = Duration.between(due.get().since(), now);
            effects.add(refused(due.get().ticket(), refusal.because(waited, now)));
            due = waiting.removeDueBefore(end);
        }
    }

    private static Effect refused(long ticket, String reason) {
        return new Effect.Answered(ticket, new AssignResult.NoAddress(reason));
    }

    /// When a [Message.Tick] would change something: a waiting ADD's deadline, a cooldown's end, a growth retry. Later
    /// than the `now` of the last message. Empty: only a message from outside can change anything.
    public Optional<Instant> lookAgainAt() {
        Optional<Instant> cooled = book.cooling().isEmpty()
                ? Optional.empty()
                : Optional.of(book.cooling().first().freeSince);
        return Stream.of(waiting.earliestDeadline(), cooled, growth.retryAt())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /// The pool at that moment, without changing it. Costs one pass over the addresses.
    public PoolSnapshot snapshot(Instant now) {
        return Snapshots.of(book, growth, waiting.count(), now);
    }
}
