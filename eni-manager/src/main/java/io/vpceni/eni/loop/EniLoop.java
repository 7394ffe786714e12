package io.vpceni.eni.loop;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.budget.BudgetSnapshot;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.EniEffect;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the ENIs' owner does with one message, without thread, mailbox or clock.
///
/// [EniStateMachine] decides; then its intents are written, all of one decision in one append; then the rest is done in
/// its order. Calls go to the [RequestScheduler], and from there to EC2 when it is their turn. What is not written is
/// not called: such a call fails as one that was never sent, as does one that the scheduler has no room for.
///
/// Confined to one thread at a time. Whatever [Outside] tells the loop while it is at work waits until that is done.
public final class EniLoop {

    /// More calls than this that cannot be sent, one because of the other, and the rest of them waits.
    static final int UNSENT_ROUNDS_MAX = 64;

    static final Duration UNSENT_PAUSE = Duration.ofSeconds(1);

    /// Where intents are kept.
    public interface Intents {
        /// Writes all of them durably, or none that counts.
        ///
        /// @param intents 1 or more
        /// @throws IOException when they may not be there after a crash
        void append(List<Intent> intents) throws IOException;

        /// Writes them again when they were lost under us.
        ///
        /// @return whether they were lost and are there again
        /// @throws IOException when they are lost and cannot be written
        default boolean restoreIfLost() throws IOException {
            return false;
        }
    }

    /// Everything but the decisions. Every method must return at once: what comes of it comes back as a message.
    public interface Outside {
        /// Ends with [EniMessage.Answered] or [EniMessage.Failed].
        ///
        /// @param requests numbers of the pool's requests that it is made for; empty for none
        void call(long call, Ec2Call<?> what, List<Long> requests);

        /// A new call is not made yet: the request rate, or the number of calls under way, does not allow it.
        ///
        /// @param requests as of [#call]
        default void queued(long call, Ec2Call<?> what, List<Long> requests) {}

        /// A call failed in a way that passes, and is made again later.
        ///
        /// @param requests as of [#call]
        default void repeated(long call, Ec2Failure failure, List<Long> requests) {}

        /// Ends with [EniMessage.LinkReady] or [EniMessage.LinkFailed].
        ///
        /// @param requests numbers of the pool's requests that it is for; empty for none
        void setUpLink(LinkPlan link, List<Long> requests);

        /// Deletes what the kernel keeps of a detached ENI.
        ///
        /// @param requests as of [#setUpLink]
        void takeDownLink(EniId eni, List<Long> requests);

        /// Ends with [EniMessage.KernelHolds] or [EniMessage.KernelSilent].
        void askKernel(long look);

        /// To the pool.
        void tell(Message message);

        /// To people.
        void noticed(EniNotice notice);
    }

    /// Who decides: [EniStateMachine], or something in its place.
    public interface Works {
        List<EniEffect> handle(EniMessage message, Instant now);

        /// Whether a call whose turn has come is to leave.
        boolean isStillWanted(long call, Instant now);

        /// Numbers of the pool's requests that an open call is made for; empty when it serves none.
        default List<Long> requestsOf(long call) {
            return List.of();
        }

        Optional<Instant> lookAgainAt();

        static Works of(EniStateMachine works) {
            return new Works() {
                @Override
                public List<EniEffect> handle(EniMessage message, Instant now) {
                    return works.handle(message, now);
                }

                @Override
                public boolean isStillWanted(long call, Instant now) {
                    return works.isStillWanted(call, now);
                }

                @Override
                public List<Long> requestsOf(long call) {
                    return works.requestsOf(call);
                }

                @Override
                public Optional<Instant> lookAgainAt() {
                    return works.lookAgainAt();
                }
            };
        }
    }

    private final Works works;
    private final RequestScheduler scheduler;
    private final Intents intents;
    private final Outside outside;

    private final Queue<EniMessage> inbox = new ArrayDeque<>();

    /// Calls that failed here.
    private final Queue<EniMessage.Failed> unsent = new ArrayDeque<>();

    /// Calls that were submitted since the scheduler was last asked what may leave.
    private final SequencedMap<Long, Ec2Call<?>> fresh = new LinkedHashMap<>();

    /// Calls that EC2 has. An answer to any other is a repeated one, or nobody's.
    private final Set<Long> underWay = new HashSet<>();

    private @Nullable Instant unsentAgainAt;
    private boolean atWork;

    /// @param works with what was found at start already told to it; belongs to the loop from now on
    /// @param scheduler belongs to the loop from now on
    public EniLoop(EniStateMachine works, RequestScheduler scheduler, Intents intents, Outside outside) {
        this(Works.of(works), scheduler, intents, outside);
    }

    public EniLoop(Works works, RequestScheduler scheduler, Intents intents, Outside outside) {
        this.works = works;
        this.scheduler = scheduler;
        this.intents = intents;
        this.outside = outside;
    }

    /// The first call, if there is anything to go on with.
    ///
    /// @param effects what [EniStateMachine] wanted when it was told what there is
    public void begin(List<EniEffect> effects, Instant now) {
        atWork = true;
        try {
            carryOut(effects, now);
            work(now);
        } finally {
            atWork = false;
        }
    }

    /// Looks after the intents: somebody may have deleted their file. What cannot be written is said by whoever
    /// writes them, and tried again at the next call.
    public void tend() {
        try {
            boolean _ = intents.restoreIfLost();
        } catch (IOException _) {
            // said already
        }
    }

    /// Anything else that happened.
    public void take(EniMessage message, Instant now) {
        inbox.add(message);
        if (atWork) {
            return;
        }
        atWork = true;
        try {
            work(now);
        } finally {
            atWork = false;
        }
    }

    /// When a [EniMessage.Tick] is wanted.
    public Optional<Instant> lookAgainAt(Instant now) {
        return Stream.of(works.lookAgainAt(), scheduler.dueNextAt(now), Optional.ofNullable(unsentAgainAt))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /// From now on this node uses that share of the account's EC2 request rate.
    ///
    /// @param share above 0, at most 1
    public void share(double share, Instant now) {
        scheduler.share(share, now);
    }

    /// How often EC2 is asked, and what waits for its turn.
    public BudgetSnapshot budget(Instant now) {
        return scheduler.snapshot(now);
    }

    private void work(Instant now) {
        if (unsentAgainAt != null && !unsentAgainAt.isAfter(now)) {
            unsentAgainAt = null;
        }
        hearAll(now);
        for (int round = 0; unsentAgainAt == null && !unsent.isEmpty(); round++) {
            if (round == UNSENT_ROUNDS_MAX) {
                unsentAgainAt = now.plus(UNSENT_PAUSE);
                return;
            }
            carryOut(works.handle(unsent.remove(), now), now);
            hearAll(now);
        }
    }

    private void hearAll(Instant now) {
        do {
            for (EniMessage next = inbox.poll(); next != null; next = inbox.poll()) {
                hear(next, now);
            }
            for (RequestScheduler.ReadyCall due : scheduler.due(now)) {
                fresh.remove(due.call());
                if (works.isStillWanted(due.call(), now)) {
                    underWay.add(due.call());
                    outside.call(due.call(), due.what(), works.requestsOf(due.call()));
                } else {
                    scheduler.withdrawn(due.call(), now);
                    unsent.add(new EniMessage.Failed(due.call(), Ec2Failure.withdrawn(due.what())));
                }
            }
            fresh.forEach((call, what) -> outside.queued(call, what, works.requestsOf(call)));
            fresh.clear();
        } while (!inbox.isEmpty());
    }

    private void hear(EniMessage message, Instant now) {
        switch (message) {
            case EniMessage.Answered answered -> {
                if (isExpected(answered.call())) {
                    scheduler.answered(answered.call(), now);
                    carryOut(works.handle(answered, now), now);
                }
            }
            case EniMessage.Failed(long call, Ec2Failure failure) -> {
                if (isExpected(call)) {
                    scheduler
                            .failed(call, failure, now)
                            .ifPresentOrElse(
                                    last -> carryOut(works.handle(new EniMessage.Failed(call, last), now), now),
                                    () -> outside.repeated(call, failure, works.requestsOf(call)));
                }
            }
            case EniMessage.Wanted _,
                    EniMessage.LinkReady _,
                    EniMessage.LinkFailed _,
                    EniMessage.KernelHolds _,
                    EniMessage.KernelSilent _,
                    EniMessage.Reconcile _,
                    EniMessage.NodeEnds _,
                    EniMessage.Tick _ -> carryOut(works.handle(message, now), now);
        }
    }

    private boolean isExpected(long call) {
        boolean expected = underWay.remove(call);
        if (!expected) {
            outside.noticed(
                    new EniNotice(EniNotice.Kind.UNEXPECTED_ANSWER, "call " + call, "no such call is under way"));
        }
        return expected;
    }

    private void carryOut(List<EniEffect> effects, Instant now) {
        Optional<IOException> refusal = write(effects);
        for (EniEffect effect : effects) {
            switch (effect) {
                case EniEffect.Write _ -> {} // was first
                case EniEffect.Call call ->
                    refusal.ifPresentOrElse(cause -> unsent.add(notSent(call, cause)), () -> submit(call, now));
                case EniEffect.SetUpLink(LinkPlan link, List<Long> requests) -> outside.setUpLink(link, requests);
                case EniEffect.TakeDownLink(EniId eni, List<Long> requests) -> outside.takeDownLink(eni, requests);
                case EniEffect.AskKernel(long look) -> outside.askKernel(look);
                case EniEffect.Tell(Message message) -> outside.tell(message);
                case EniEffect.Noticed(EniNotice notice) -> outside.noticed(notice);
            }
        }
    }

    private void submit(EniEffect.Call call, Instant now) {
        scheduler
                .submit(call.call(), call.what(), call.priority(), now)
                .ifPresentOrElse(
                        refusal -> unsent.add(new EniMessage.Failed(call.call(), refusal)),
                        () -> fresh.put(call.call(), call.what()));
    }

    /// @return why not, when the intents cannot be written
    private Optional<IOException> write(List<EniEffect> effects) {
        List<Intent> found = new ArrayList<>();
        for (EniEffect effect : effects) {
            if (effect instanceof EniEffect.Write(Intent intent)) {
                found.add(intent);
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try {
            intents.append(found);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private static EniMessage.Failed notSent(EniEffect.Call call, IOException cause) {
        return new EniMessage.Failed(
                call.call(),
                Ec2Failure.unable(
                        call.what(), "what it is to do cannot be written down first: " + cause.getMessage(), cause));
    }
}
