package io.vpceni.ipamd.owner;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Carries out the pool's requests, each on a virtual thread of its own, and tells the pool what came of it. Bounded by
/// the pool, which has few requests on their way for each ENI.
public final class CloudRequests implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CloudRequests.class);
    private static final int STOP_SECONDS = 2;

    /// Takes the outcome. The owner's mailbox, which may make it wait.
    public interface Outcomes {
        void tell(Message message) throws InterruptedException;
    }

    private final CloudWork work;
    private final InstantSource time;
    private final Metrics metrics;
    private final LongSupplier nanos;

    private final ExecutorService requests = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("cloud-", 0).factory());

    public CloudRequests(CloudWork work, InstantSource time, Metrics metrics, LongSupplier nanos) {
        this.work = work;
        this.time = time;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /// What the owner hands its requests to; returns at once.
    public OwnerLoop.Cloud into(Outcomes outcomes) {
        return (request, _) -> requests.execute(() -> run(request, outcomes));
    }

    @Override
    public void close() {
        requests.shutdownNow();
        try {
            if (!requests.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.atWarn().log("A request to EC2 was cut off; what it did is found at the next start");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Effect.Request request, Outcomes outcomes) {
        try {
            long began = nanos.getAsLong();
            Message outcome = work.carryOut(request, time.instant());
            Duration took = Duration.ofNanos(nanos.getAsLong() - began).truncatedTo(ChronoUnit.MILLIS);
            if (outcome instanceof Message.RequestFailed failure) {
                failed(request, failure, took);
            } else {
                count(request);
                done(request, outcome, took);
            }
            outcomes.tell(outcome);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops; the next start finds what EC2 did
        }
    }

    private void failed(Effect.Request request, Message.RequestFailed failure, Duration took) {
        metrics.error(doing(request));
        log.atWarn()
                .addKeyValue("request", request)
                .addKeyValue("kind", failure.obstacle())
                .addKeyValue("reason", failure.detail())
                .addKeyValue("took", took)
                .log("EC2 did not do what the pool asked for");
    }

    private void count(Effect.Request request) {
        switch (request) {
            case Effect.Unassign unassign ->
                metrics.blocksReturned(unassign.blocks().size());
            case Effect.RemoveEni _ -> metrics.eniReturned();
            case Effect.AssignBlocks _, Effect.AddEni _, Effect.Verify _ -> {}
        }
    }

    private static void done(Effect.Request request, Message outcome, Duration took) {
        LoggingEventBuilder line = request instanceof Effect.Verify ? log.atDebug() : log.atInfo();
        line = line.addKeyValue("took", took);
        switch (request) {
            case Effect.AssignBlocks assign ->
                line.addKeyValue("eni", assign.eni())
                        .addKeyValue("kind", assign.kind())
                        .addKeyValue("asked", assign.count())
                        .addKeyValue("blocks", ((Message.BlocksAdded) outcome).blocks())
                        .log("Assigned blocks to ENI");
            case Effect.AddEni _ -> {
                Message.EniReady ready = (Message.EniReady) outcome;
                line.addKeyValue("eni", ready.eni().id())
                        .addKeyValue("device", ready.eni().deviceIndex())
                        .addKeyValue("blocks", ready.blocks().size())
                        .log("Attached and set up ENI");
            }
            case Effect.Verify verify ->
                line.addKeyValue("eni", verify.eni()).log("Asked EC2 and the kernel about ENI");
            case Effect.Unassign unassign ->
                line.addKeyValue("eni", unassign.eni())
                        .addKeyValue("blocks", unassign.blocks())
                        .log("Unassigned blocks from ENI");
            case Effect.RemoveEni remove ->
                line.addKeyValue("eni", remove.eni()).log("Detached and deleted ENI");
        }
    }

    /// A label value from a fixed list.
    private static String doing(Effect.Request request) {
        return switch (request) {
            case Effect.AssignBlocks _, Effect.AddEni _ -> "growth";
            case Effect.Verify _ -> "verify";
            case Effect.Unassign _, Effect.RemoveEni _ -> "shrink";
        };
    }
}
