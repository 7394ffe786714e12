package io.vpceni.ipamd;

import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.LifecycleSettings;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.owner.EniEffectExecutor;
import io.vpceni.ipamd.owner.EniOwner;
import io.vpceni.ipamd.owner.LoggedIntents;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// Fourth stage: the owner of this node's ENIs: the state machine with its thread, its calls to EC2 and its file of
/// intents.
///
/// The two owners need each other: the pool's sends requests here, and this one sends outcomes back. Requests that
/// arrive before [#start] wait.
final class EniSubsystem implements PoolLoop.EniRequests, AutoCloseable {

    /// With DISABLE_NETWORK_RESOURCE_PROVISIONING the node learns of new ENIs only by reading EC2 or IMDS.
    private static final Duration FOLLOW_EVERY = Duration.ofSeconds(30);

    private final NodeStart node;
    private final IntentFile.Opened intents;
    private final EniStateMachine machine;
    private final InstantSource time;
    private final EniEffectExecutor executor;
    private final EniOwner owner;
    private final EniOwner.Facts facts;
    private final CompletableFuture<PoolOwner> pool = new CompletableFuture<>();
    private final CompletableFuture<EniOwner> self = new CompletableFuture<>();

    /// @param intents of earlier ipamd processes; closed with this object
    /// @param scheduler with the throttling that the start has seen; used by this object only from now on
    EniSubsystem(
            NodeStart node,
            EniPlacements placements,
            IntentFile.Opened intents,
            RequestScheduler scheduler,
            Ec2Connection ec2,
            EniEffectExecutor.Kernel kernel,
            ClusterSources cluster,
            DaemonContext context) {
        this.node = node;
        this.intents = intents;
        this.time = context.steady();
        LifecycleSettings settings = LifecycleSettings.from(context.settings().eni());
        this.machine = new EniStateMachine(
                node.identity(), node.limits(), placements, settings, new SecureRandom(), cluster.leadership());
        this.executor = new EniEffectExecutor(
                ec2.ec2(),
                kernel,
                this::tellPool,
                this::tellOwner,
                cluster.pods(),
                cluster.notices(),
                time,
                context.metrics());
        Path directory = context.settings().daemon().stateDirectory();
        LoggedIntents logged = new LoggedIntents(writing(intents.file()), directory, context.metrics(), time);
        EniLoop loop = new EniLoop(machine, scheduler, logged, executor);
        this.facts = now -> status(now, loop, placements, ec2);
        this.owner =
                new EniOwner(loop, executor, facts, time, settings.provisions() ? EniOwner.LOOK_EVERY : FOLLOW_EVERY);
        self.complete(owner);
    }

    static EniSubsystem of(
            DaemonContext context, NodeStage node, EniEffectExecutor.Kernel kernel, ClusterSources cluster) {
        return new EniSubsystem(
                node.node(),
                node.placements(),
                node.intents(),
                node.handOverScheduler(),
                node.ec2(),
                kernel,
                cluster,
                context);
    }

    private Ec2Status status(Instant now, EniLoop loop, EniPlacements placements, Ec2Connection ec2) {
        return new Ec2Status(
                now,
                machine.states(),
                executor.wanted(),
                machine.pendingCalls(),
                executor.callsInFlight(),
                loop.budget(now),
                placements.states(now),
                executor.refusals(),
                intents.file().openWorks(),
                ec2.circuit().get(),
                ec2.access().get(),
                machine.isEnding());
    }

    /// Continues the ENI operations of earlier ipamd processes and carries out the pool's requests.
    ///
    /// @param usable ENIs whose links are set up and that the pool knows
    void start(List<AttachedEni> usable, PoolOwner poolOwner) {
        pool.complete(poolOwner);
        owner.start(machine.start(
                node.enis(),
                usable.stream().map(AttachedEni::id).collect(Collectors.toSet()),
                intents.open(),
                time.instant()));
    }

    @Override
    public void ask(Effect.Request request, boolean addsWait) {
        if (!owner.want(request, addsWait)) {
            executor.refuse(request);
        }
    }

    /// This node is being terminated.
    void nodeEnds() throws InterruptedException {
        owner.tell(new EniMessage.NodeEnds());
    }

    /// The ENI's link has gone or lost its carrier, or has come back.
    ///
    /// @param reason why it cannot carry packets; empty when it can again
    void linkChanged(EniId eni, Optional<String> reason) throws InterruptedException {
        owner.tell(reason.<EniMessage>map(why -> new EniMessage.LinkFailed(eni, why))
                .orElseGet(() -> new EniMessage.LinkReady(eni)));
    }

    /// Changes the share of the account's EC2 request rate that this node uses.
    ///
    /// @param share above 0, at most 1
    void share(double share) throws InterruptedException {
        owner.share(share);
    }

    /// The state before [#start]; not to be called afterwards.
    Ec2Status first() {
        return facts.at(time.instant());
    }

    CompletableFuture<Ec2Status> look() {
        return owner.look();
    }

    boolean isAlive() {
        return owner.isAlive();
    }

    /// Makes the owner check that the file of intents is still there.
    void tend() {
        owner.tend();
    }

    private static EniLoop.Intents writing(IntentFile file) {
        return new EniLoop.Intents() {
            @Override
            public void append(List<Intent> some) throws IOException {
                file.append(some);
            }

            @Override
            public boolean restoreIfLost() throws IOException {
                return file.restoreIfLost();
            }
        };
    }

    @Override
    public void close() throws IOException {
        owner.close();
        executor.close();
        intents.file().close();
    }

    private void tellPool(Message message) throws InterruptedException {
        pool.join().tell(message);
    }

    private void tellOwner(EniMessage message) throws InterruptedException {
        self.join().tell(message);
    }
}
