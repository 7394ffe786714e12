package io.vpceni.pool.loop;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.Journal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the pool's owner does with one message, without thread, mailbox or clock.
///
/// The pool decides; then its decisions are written to the journal; only then callers are answered and EC2 is asked.
/// What cannot be written is not done: an ADD is refused and its address is free again, a request is answered as
/// failed. A DEL goes on, for the kernel shows at the next start what the journal does not.
///
/// Confined to one thread at a time.
public final class PoolLoop {
    /// Takes the pool's requests to the owner of the ENIs. Must return at once: their outcomes come back as messages.
    public interface EniRequests {
        /// @param addsWait whether ADDs wait for an address
        void ask(Effect.Request request, boolean addsWait);
    }

    /// Hears what people should know.
    public interface Reports {
        void noticed(PoolNotice notice);

        /// The journal could not be written. Comes with every attempt: the listener keeps its log readable.
        void unwritten(IOException cause, Instant now);

        /// Nothing could be written to the journal, when that was tried. Comes with every attempt.
        default void unwritable(IOException cause, Instant now) {
            unwritten(cause, now);
        }

        /// Records are in the journal, or could be.
        void written(Instant now);

        /// The journal was deleted and is there again.
        default void restored() {}
    }

    /// What was written a moment ago needs no trying.
    private static final Duration TRY_EVERY = Duration.ofSeconds(5);

    private final WarmPool pool;
    private final Journal journal;
    private final EniRequests eniRequests;
    private final Reports reports;
    private final Map<Long, Consumer<AssignResult>> assigning = new HashMap<>();
    private final Map<AttachmentKey, Consumer<Optional<Assignment>>> asking = new HashMap<>();
    private @Nullable Instant writtenAt; // null when it failed since
    private boolean refuses; // the journal's own file refused an append, and took none since

    /// @param pool with what was found at start already told to it; belongs to the loop from now on
    public PoolLoop(WarmPool pool, Journal journal, EniRequests eniRequests, Reports reports) {
        this.pool = pool;
        this.journal = journal;
        this.eniRequests = eniRequests;
        this.reports = reports;
    }

    /// Applies a message that nobody waits for an answer to.
    public void take(Message message, Instant now) {
        // What a failed write gives back comes as messages too. They end: each takes a waiting ADD or a request away,
        // and the pool waits before it asks again for what was refused.
        Queue<Message> left = new ArrayDeque<>(List.of(message));
        for (Message next = left.poll(); next != null; next = left.poll()) {
            left.addAll(act(pool.handle(next, now), now));
        }
    }

    /// ADD.
    ///
    /// @param answer called once, from here or a later call, on the loop's thread; must return at once
    public void assign(
            long ticket, AttachmentKey key, PodName pod, Instant deadline, Consumer<AssignResult> answer, Instant now) {
        assigning.put(ticket, answer);
        take(new Message.Assign(ticket, key, pod, deadline), now);
    }

    /// What a DEL takes away.
    ///
    /// @param answer called once, before this returns, on the loop's thread; must return at once
    public void whoHolds(long ticket, AttachmentKey key, Consumer<Optional<Assignment>> answer, Instant now) {
        asking.put(key, answer);
        take(new Message.WhoHolds(ticket, key), now);
    }

    /// Looks after the journal: somebody may have deleted it, and its disk may be full before an ADD finds out.
    /// That the disk takes another file says nothing of one that refused an append: that one is written anew.
    public void tend(Instant now) {
        try {
            if (journal.restoreIfLost()) {
                refuses = false;
                reports.restored();
            }
            if (writtenAt == null || !writtenAt.plus(TRY_EVERY).isAfter(now)) {
                journal.tryDisk();
                if (!refuses || journal.writeAnew()) {
                    written(now);
                }
            }
        } catch (IOException e) {
            writtenAt = null;
            reports.unwritable(e, now);
        }
    }

    private void written(Instant now) {
        writtenAt = now;
        refuses = false;
        reports.written(now);
    }

    /// When a [Message.Tick] would change something.
    public Optional<Instant> nextTickAt() {
        return pool.nextTickAt();
    }

    /// The pool at that moment.
    public PoolSnapshot snapshot(Instant now) {
        return pool.snapshot(now);
    }

    /// Answers every ADD that waits. The last call.
    public void end(AssignResult last) {
        assigning.values().forEach(answer -> answer.accept(last));
        assigning.clear();
    }

    /// @return what the pool has to be told because the journal failed; empty when it did not
    private List<Message> act(List<Effect> effects, Instant now) {
        Optional<String> refusal = write(effects, now);
        Set<AttachmentKey> unwritten = refusal.isPresent() ? newlyAssigned(effects) : Set.of();
        List<Message> back = new ArrayList<>();
        unwritten.forEach(key -> back.add(new Message.Unwritten(key)));
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Write _ -> {} // was first
                case Effect.Answered(long ticket, AssignResult result) ->
                    complete(assigning.remove(ticket), refused(result, unwritten, refusal.orElse("")));
                case Effect.Held(AttachmentKey key, Optional<Assignment> assignment) ->
                    complete(asking.remove(key), assignment);
                case Effect.Noticed(PoolNotice notice) -> reports.noticed(notice);
                case Effect.Request request ->
                    refusal.ifPresentOrElse(
                            reason -> back.add(
                                    new Message.RequestFailed(request.request(), AllocationError.OTHER, reason)),
                            () -> eniRequests.ask(request, pool.addsWait()));
            }
        }
        return back;
    }

    /// @return why not, when the journal cannot be written
    private Optional<String> write(List<Effect> effects, Instant now) {
        List<JournalRecord> records = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Write(JournalRecord entry)) {
                records.add(entry);
            }
        }
        if (records.isEmpty()) {
            return Optional.empty();
        }
        try {
            journal.append(records);
        } catch (IOException e) {
            writtenAt = null;
            refuses = true;
            reports.unwritten(e, now);
            return Optional.of("the journal cannot be written: " + e.getMessage());
        }
        written(now);
        return Optional.empty();
    }

    private static Set<AttachmentKey> newlyAssigned(List<Effect> effects) {
        Set<AttachmentKey> keys = new HashSet<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Answered(long _, AssignResult.Assigned(Assignment assignment))) {
                keys.add(assignment.key());
            }
        }
        return keys;
    }

    /// Two ADDs of one key are answered together, the second one as already assigned: it is refused with the first.
    private static AssignResult refused(AssignResult result, Set<AttachmentKey> unwritten, String reason) {
        return switch (result) {
            case AssignResult.Assigned(Assignment assignment)
            when unwritten.contains(assignment.key()) -> new AssignResult.NoAddress(reason);
            case AssignResult.AlreadyAssigned(Assignment assignment)
            when unwritten.contains(assignment.key()) -> new AssignResult.NoAddress(reason);
            case AssignResult.Assigned _,
                    AssignResult.AlreadyAssigned _,
                    AssignResult.NoAddress _,
                    AssignResult.Cancelled _ -> result;
        };
    }

    private static <T> void complete(@Nullable Consumer<T> answer, T value) {
        if (answer == null) {
            throw new IllegalStateException("a question was answered twice: " + value);
        }
        answer.accept(value);
    }
}
