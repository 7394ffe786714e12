package io.vpceni.ipamd.owner;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.eni.NodeEnis;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what the pool wants of EC2, each request on a virtual thread of its own, and tells the pool what came of
/// it. Bounded by the pool, which has at most one request an ENI and slot on its way.
public final class Ec2Growth implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Ec2Growth.class);
    private static final int STOP_SECONDS = 2;

    /// Makes an attached ENI usable for pods: its link, address, routes and rule.
    public interface EniLinks {
        /// @throws IOException when the link did not appear or the kernel refused
        void setUp(AttachedEni eni) throws IOException, InterruptedException;
    }

    /// Takes the outcome. The owner's mailbox, which may make it wait.
    public interface Outcomes {
        void tell(Message message) throws InterruptedException;
    }

    private final NodeEnis enis;
    private final EniLinks links;
    private final NodeLimits limits;
    private final Metrics metrics;
    private final LongSupplier nanos;
    /// Attached, but without a link: tried again before another one is made.
    private final Queue<AttachedEni> withoutLink = new ConcurrentLinkedQueue<>();

    private final ExecutorService requests = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("growth-", 0).factory());

    public Ec2Growth(NodeEnis enis, EniLinks links, NodeLimits limits, Metrics metrics, LongSupplier nanos) {
        this.enis = enis;
        this.links = links;
        this.limits = limits;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /// What the owner hands its growth effects to; returns at once.
    public Consumer<Effect> into(Outcomes outcomes) {
        return effect -> {
            switch (effect) {
                case Effect.AssignBlocks assign ->
                    requests.execute(() -> run(outcomes, assign.request(), () -> assign(assign)));
                case Effect.AddEni add -> requests.execute(() -> run(outcomes, add.request(), () -> add(add)));
                case Effect.Verify _, Effect.Unassign _, Effect.RemoveEni _ ->
                    throw new IllegalArgumentException("not growth: " + effect);
                case Effect.Answered _, Effect.ReleasePrepared _, Effect.Write _, Effect.Noticed _ ->
                    throw new IllegalArgumentException("not growth: " + effect);
            }
        };
    }

    /// How an ENI looks to the pool.
    public Eni asPoolEni(AttachedEni eni) {
        return new Eni(eni.id(), eni.networkCard(), eni.deviceIndex(), eni.primary(), limits.slotsPerEni());
    }

    @Override
    public void close() {
        requests.shutdownNow();
        try {
            if (!requests.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.atWarn().log("Growth was cut off; an ENI that is attached is found at the next start");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Attempt {
        Message run() throws IOException, InterruptedException;
    }

    private void run(Outcomes outcomes, long request, Attempt attempt) {
        try {
            Message outcome;
            try {
                outcome = attempt.run();
            } catch (EniFailure e) {
                outcome = failed(request, e.obstacle(), e);
            } catch (IOException | RuntimeException | Error e) {
                outcome = failed(request, GrowthObstacle.OTHER, e);
            }
            outcomes.tell(outcome);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops; the next start finds what EC2 did
        }
    }

    private Message assign(Effect.AssignBlocks assign) throws IOException, InterruptedException {
        long began = nanos.getAsLong();
        List<InetAddress> addresses = enis.assignAddresses(assign.eni(), assign.count());
        log.atInfo()
                .addKeyValue("eni", assign.eni())
                .addKeyValue("asked", assign.count())
                .addKeyValue("addresses", addresses.size())
                .addKeyValue("took", elapsed(began))
                .log("Assigned addresses to ENI");
        return new Message.BlocksAdded(assign.request(), assign.eni(), blocks(addresses));
    }

    /// An ENI that is attached and whose link could not be set up: the next wish for an ENI starts with it.
    public void linkMissing(AttachedEni eni) {
        withoutLink.add(eni);
    }

    private Message add(Effect.AddEni add) throws IOException, InterruptedException {
        AttachedEni left = withoutLink.poll();
        AttachedEni eni = left == null ? attach(add) : left;
        long began = nanos.getAsLong();
        try {
            links.setUp(eni);
        } catch (IOException | RuntimeException e) {
            linkMissing(eni);
            throw e;
        }
        log.atInfo()
                .addKeyValue("eni", eni.id())
                .addKeyValue("mac", eni.mac())
                .addKeyValue("took", elapsed(began))
                .log("Set up ENI");
        return new Message.EniReady(add.request(), asPoolEni(eni), blocks(eni.secondaryAddresses()));
    }

    private AttachedEni attach(Effect.AddEni add) throws IOException, InterruptedException {
        long began = nanos.getAsLong();
        AttachedEni eni = enis.addEni(add.count());
        log.atInfo()
                .addKeyValue("eni", eni.id())
                .addKeyValue("device", eni.deviceIndex())
                .addKeyValue("addresses", eni.secondaryAddresses().size())
                .addKeyValue("took", elapsed(began))
                .log("Attached ENI");
        return eni;
    }

    private Message failed(long request, GrowthObstacle obstacle, Throwable cause) {
        metrics.error("growth");
        log.atWarn()
                .addKeyValue("kind", obstacle)
                .addKeyValue("reason", cause.getMessage())
                .setCause(cause instanceof IOException ? null : cause)
                .log("The pool could not grow");
        return new Message.RequestFailed(request, obstacle, String.valueOf(cause.getMessage()));
    }

    /// Each address as a block of its own.
    public static List<Cidr> blocks(List<InetAddress> addresses) {
        return addresses.stream().map(address -> Cidr.containing(address, 32)).toList();
    }

    private Duration elapsed(long began) {
        return Duration.ofNanos(nanos.getAsLong() - began).truncatedTo(ChronoUnit.MILLIS);
    }
}
