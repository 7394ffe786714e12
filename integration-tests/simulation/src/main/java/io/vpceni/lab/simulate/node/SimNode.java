package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Backoff;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.budget.BackoffSettings;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.PriorityRules;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.Priority;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.lab.simulate.port.PlantedMutant;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.KernelPodState;
import io.vpceni.pool.journal.LeftOverRules;
import io.vpceni.pool.loop.PoolLoop;
import io.vpceni.pool.policy.Policies;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One life of ipamd: the production pool, machine of ENIs, scheduler of EC2 calls and owners' loops between the
/// world's ports.
public final class SimNode {
    private static final Duration GAP_MAX = Duration.ofSeconds(60);
    private static final double PACE_COMES_BACK = 0.8;

    private final RunContext run;
    private final PlantedMutant mutant;
    private final SimKernel kernel;
    private final SimRuntime runtime;
    private final WaitingRequests requests;
    private final SimDisk disk;
    private final PoolLoop pool;
    private final EniStateMachine works;
    private final EniLoop eniLoop;
    private final LeftOverRules leftOverRules = new LeftOverRules();
    private Map<InetAddress, AttachmentKey> foreignHolders = Map.of();
    private Instant latest;

    /// Makes it; it does nothing before [#begin].
    ///
    /// @param works the machine of ENIs of this life
    /// @param outside what the machine of ENIs asks for
    public SimNode(
            RunContext run,
            WorldParameters parameters,
            PlantedMutant mutant,
            SimKernel kernel,
            SimRuntime runtime,
            WaitingRequests requests,
            SimDisk disk,
            SimIntents intents,
            EniStateMachine works,
            EniLoop.Outside outside) {
        this.run = run;
        this.mutant = mutant;
        this.kernel = kernel;
        this.runtime = runtime;
        this.requests = requests;
        this.disk = disk;
        this.works = works;
        this.latest = run.now();
        PoolSettings settings = mutant.settings(parameters.settings());
        WarmPool warm =
                new WarmPool(settings, mutant.limits(parameters.limits()), mutant.policy(Policies.of(settings)));
        this.pool = new PoolLoop(warm, this::append, this::ask, new Reports());
        RequestScheduler scheduler =
                new RequestScheduler(budget(), run.choices().of(1 << 20));
        this.eniLoop = new EniLoop(works, scheduler, intents, outside);
    }

    /// The usual one, but that the pace comes back within minutes: hours of waiting show nothing more.
    private static BudgetSettings budget() {
        BudgetSettings usual = BudgetSettings.ofShare(1);
        Map<Priority, PriorityRules> priorityRules = new EnumMap<>(Priority.class);
        usual.priorityRules().forEach((priority, rules) -> {
            BackoffSettings backoff = rules.backoff();
            priorityRules.put(
                    priority,
                    new PriorityRules(
                            rules.deferBy(),
                            rules.retryFor(),
                            rules.cost(),
                            new BackoffSettings(
                                    new Backoff(
                                            backoff.gap().base(),
                                            GAP_MAX,
                                            backoff.gap().factor(),
                                            backoff.gap().jitter()),
                                    PACE_COMES_BACK,
                                    backoff.resetAfter())));
        });
        return new BudgetSettings(
                usual.share(),
                usual.buckets(),
                priorityRules,
                usual.concurrencyMax(),
                usual.reservedForPods(),
                usual.queueLengthMax(),
                usual.readAttemptsMax());
    }

    /// Starts it: what was found and what recovery settled, then what is left of an earlier life's works.
    public void begin(SimRecovery.Found found, Instant now) {
        foreignHolders = found.foreignHolders();
        for (Message message : found.messages()) {
            run.seen(message);
            pool.take(message, now);
        }
        eniLoop.begin(works.start(found.attached(), found.linked(), found.open(), now), now);
    }

    /// What a look at the kernel shows, as ipamd reads it.
    public Map<InetAddress, AttachmentKey> held() {
        return seen().held(foreignHolders);
    }

    /// The look of each minute, which deletes the rules that are left over.
    public Map<InetAddress, AttachmentKey> look() {
        KernelPodState look = seen();
        leftOverRules.seen(look).forEach(kernel::sweep);
        return look.held(foreignHolders);
    }

    private KernelPodState seen() {
        return mutant.kernel(kernel.look());
    }

    private void append(List<JournalRecord> records) throws IOException {
        records.forEach(record -> run.seen(new Effect.Write(record)));
        List<JournalRecord> these = mutant.written(records);
        if (these.isEmpty()) {
            return;
        }
        try {
            disk.append(these);
        } catch (IOException full) {
            for (JournalRecord record : these) { // the loop tells the pool so
                if (record instanceof JournalRecord.Assigned(Assignment assignment, Instant _, var _, var _)) {
                    run.seen(new Message.Unwritten(assignment.key()));
                }
            }
            throw full;
        }
    }

    private void ask(Effect.Request request, boolean addsWait) {
        run.seen(request);
        mutant.request(request, asked -> requests.submit(asked, addsWait));
    }

    private final class Reports implements PoolLoop.Reports {
        @Override
        public void noticed(PoolNotice notice) {
            run.seen(new Effect.Noticed(notice));
        }

        @Override
        public void unwritten(IOException cause, Instant now) {}

        @Override
        public void written(Instant now) {}
    }

    /// Takes a message for the pool as it comes out of the mutant.
    public void take(Message message, Instant now) {
        latest = now.isAfter(latest) ? now : latest;
        switch (message) {
            case Message.Assign(long ticket, AttachmentKey key, PodName pod, Instant deadline) ->
                pool.assign(ticket, key, pod, deadline, result -> answered(ticket, result), now);
            case Message.WhoHolds(long ticket, AttachmentKey key) ->
                pool.whoHolds(ticket, key, told -> prepared(key, told), now);
            case Message.CancelWaitingAdds _,
                    Message.Release _,
                    Message.NeverWired _,
                    Message.Unwritten _,
                    Message.EniReady _,
                    Message.EniFound _,
                    Message.BlocksAdded _,
                    Message.RequestFailed _,
                    Message.Verified _,
                    Message.Unassigned _,
                    Message.EniRemoved _,
                    Message.EniRoleIs _,
                    Message.EniDetached _,
                    Message.Ec2View _,
                    Message.KernelView _,
                    Message.PodView _,
                    Message.Restored _,
                    Message.RestoredCooling _,
                    Message.RestoredTombstone _,
                    Message.RestoredUnassign _,
                    Message.Tick _ -> pool.take(message, now);
        }
    }

    /// What the pool wants of the machine of ENIs.
    public void request(Effect.Request request, boolean addsWait) {
        EniMessage wanted = new EniMessage.Wanted(request, addsWait);
        run.coverage().heard(wanted);
        eniLoop.take(wanted, run.now());
    }

    /// Takes a message for the machine of ENIs as it comes out of the mutant.
    public void hear(EniMessage message, Instant now) {
        eniLoop.take(message, now);
    }

    private void answered(long ticket, AssignResult result) {
        run.seen(new Effect.Answered(ticket, result));
        mutant.answer(ticket, result, runtime::answered);
    }

    private void prepared(AttachmentKey key, Optional<Assignment> told) {
        run.seen(new Effect.Held(key, told));
        runtime.prepared(told);
    }

    public void share(double share, Instant now) {
        eniLoop.share(share, now);
    }

    /// The latest time that a message for the pool came with.
    public Instant latest() {
        return latest;
    }

    public Optional<Instant> lookAgainAt() {
        return pool.nextTickAt();
    }

    /// When the machine of ENIs looks next.
    public Optional<Instant> eniLoopLooksAgainAt(Instant now) {
        return eniLoop.lookAgainAt(now);
    }

    public PoolSnapshot snapshot(Instant now) {
        return pool.snapshot(now);
    }

    /// Every ENI's life, as ipamd knows it.
    public List<EniStatus> enis() {
        return works.states();
    }
}
