package io.vpceni.ipamd;

import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.life.EniMessage;
import io.vpceni.eni.life.EniStateMachine;
import io.vpceni.eni.life.Intent;
import io.vpceni.eni.life.LifecycleSettings;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Metrics;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The part of ipamd that owns this node's ENIs, put together: its owner, hands and file of intents.
///
/// It breaks the circle between the two owners: the pool's asks this one for things, and this one tells the pool's.
/// Until [#start] requests wait.
final class EniSubsystem implements PoolLoop.Cloud, AutoCloseable {

    /// A node that only follows what others attach learns of it by looks alone.
    private static final Duration FOLLOW_EVERY = Duration.ofSeconds(30);

    /// What the cloud side works with.
    ///
    /// @param ec2 makes each call once
    /// @param circuit whether EC2 is asked at all
    /// @param access how it is asked
    /// @param links of this node's ENIs
    /// @param sandboxes of this node
    /// @param stateDirectory where the intents are
    /// @param time the same as the pool's
    /// @param random client tokens, and when to sweep
    record Outfit(
            Ec2 ec2,
            Supplier<Ec2Circuit> circuit,
            Supplier<Ec2Access> access,
            EniEffectExecutor.Links links,
            EniEffectExecutor.Sandboxes sandboxes,
            Path stateDirectory,
            InstantSource time,
            RandomGenerator random) {}

    private final NodeStart node;
    private final IntentFile.Opened intents;
    private final EniStateMachine works;
    private final InstantSource time;
    private final EniEffectExecutor hands;
    private final EniOwner owner;
    private final EniOwner.Facts facts;
    private final CompletableFuture<PoolOwner> pool = new CompletableFuture<>();
    private final CompletableFuture<EniOwner> mailbox = new CompletableFuture<>();

    /// @param scheduler with what the start learned of the account; belongs to the cloud side from now on
    EniSubsystem(
            NodeStart node,
            EniPlacements sites,
            IntentFile.Opened intents,
            LifecycleSettings settings,
            RequestScheduler scheduler,
            Outfit outfit,
            Metrics metrics) {
        this.node = node;
        this.intents = intents;
        this.time = outfit.time();
        this.works = new EniStateMachine(node.identity(), node.limits(), sites, settings, outfit.random());
        this.hands = new EniEffectExecutor(
                outfit.ec2(), outfit.links(), outfit.sandboxes(), this::tellPool, this::tellOwner, time, metrics);
        EniLoop loop = new EniLoop(
                works,
                scheduler,
                new LoggedIntents(writing(intents.file()), outfit.stateDirectory(), metrics, time),
                hands);
        this.facts = now -> new Ec2Status(
                now,
                works.states(),
                hands.wanted(),
                hands.callsUnderWay(),
                loop.budget(now),
                sites.states(now),
                hands.troubles(),
                intents.file().openWorks(),
                outfit.circuit().get(),
                outfit.access().get(),
                works.isEnding());
        this.owner = new EniOwner(loop, hands, facts, time, settings.provisions() ? EniOwner.LOOK_EVERY : FOLLOW_EVERY);
        mailbox.complete(owner);
    }

    /// Goes on with what an earlier life began, and with what the pool wants.
    ///
    /// @param usable ENIs whose links are set up and that the pool was told of
    void start(List<AttachedEni> usable, PoolOwner poolOwner) {
        pool.complete(poolOwner);
        owner.start(works.start(
                node.enis(),
                usable.stream().map(AttachedEni::id).collect(Collectors.toSet()),
                intents.open(),
                time.instant()));
    }

    @Override
    public void ask(Effect.Request request, boolean addsWait) {
        if (!owner.want(request, addsWait)) {
            hands.refuse(request);
        }
    }

    /// This node is being terminated.
    void nodeEnds() throws InterruptedException {
        owner.tell(new EniMessage.NodeEnds());
    }

    /// The ENI's link is gone or carries nothing any more, or it does again.
    ///
    /// @param reason why not; empty: it does again
    void linkChanged(EniId eni, Optional<String> reason) throws InterruptedException {
        owner.tell(reason.<EniMessage>map(why -> new EniMessage.LinkFailed(eni, why))
                .orElseGet(() -> new EniMessage.LinkReady(eni)));
    }

    /// As it is before [#start]. Not afterwards.
    Ec2Status first() {
        return facts.at(time.instant());
    }

    CompletableFuture<Ec2Status> look() {
        return owner.look();
    }

    boolean isAlive() {
        return owner.isAlive();
    }

    /// Has the file of intents looked after.
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
        hands.close();
        intents.file().close();
    }

    private void tellPool(Message message) throws InterruptedException {
        pool.join().tell(message);
    }

    private void tellOwner(EniMessage message) throws InterruptedException {
        mailbox.join().tell(message);
    }
}
