package io.vpceni.ipamd.owner;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.Message;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the kernel and at EC2 each minute and tells the pool what they show; at start and now and then deletes ENIs
/// of this node that are attached to nothing. A look that fails is counted and comes again a minute later; one that
/// takes long only puts the next one off.
public final class ViewRounds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ViewRounds.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    /// What is left over costs addresses, not correctness.
    private static final int LOOKS_PER_SWEEP = 10;

    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    private final CloudWork work;
    private final CloudRequests.Outcomes outcomes;
    private final InstantSource time;
    private final Metrics metrics;
    private final Duration every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private ViewRounds(
            CloudWork work, CloudRequests.Outcomes outcomes, InstantSource time, Metrics metrics, Duration every) {
        this.work = work;
        this.outcomes = outcomes;
        this.time = time;
        this.metrics = metrics;
        this.every = every;
        this.thread = Thread.ofVirtual().name("view-rounds").unstarted(this::run);
    }

    /// Sweeps at once. The first look is a minute later: the start has just looked.
    public static ViewRounds start(
            CloudWork work, CloudRequests.Outcomes outcomes, InstantSource time, Metrics metrics) {
        return start(work, outcomes, time, metrics, EVERY);
    }

    static ViewRounds start(
            CloudWork work, CloudRequests.Outcomes outcomes, InstantSource time, Metrics metrics, Duration every) {
        ViewRounds rounds = new ViewRounds(work, outcomes, time, metrics, every);
        rounds.thread.start();
        return rounds;
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        try {
            thread.join(STOP_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Look {
        List<Message> look() throws IOException, InterruptedException;
    }

    private void run() {
        try {
            tell("sweep", this::swept);
            for (int looks = 1; !stop.await(every.toMillis(), TimeUnit.MILLISECONDS); looks++) {
                if (looks % LOOKS_PER_SWEEP == 0) {
                    tell("sweep", this::swept);
                }
                tell("kernelView", () -> List.of(work.lookAtKernel(time.instant())));
                tell("ec2View", () -> work.lookAtEc2(time.instant()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops
        }
    }

    private List<Message> swept() throws IOException, InterruptedException {
        work.sweepUnattached();
        return List.of();
    }

    private void tell(String doing, Look look) throws InterruptedException {
        try {
            for (Message message : look.look()) {
                outcomes.tell(message);
            }
        } catch (IOException e) {
            metrics.error(doing);
            log.atWarn()
                    .addKeyValue("look", doing)
                    .addKeyValue("reason", e.getMessage())
                    .log("Could not look");
        } catch (RuntimeException e) {
            metrics.error(doing);
            log.atError().setCause(e).addKeyValue("look", doing).log("A look met a bug");
        }
    }
}
