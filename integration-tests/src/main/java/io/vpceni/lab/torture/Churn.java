package io.vpceni.lab.torture;

import io.vpceni.lab.node.CniFailure;
import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.Greeter;
import io.vpceni.lab.site.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Pods that come, say a word and go, one after another, until it is told to stop.
final class Churn {
    private static final int TRY_AGAIN_LATER = 11;
    private static final int LIFE_MILLIS_MAX = 800;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    /// What all churners count together.
    static final class Counts {
        final AtomicLong number = new AtomicLong();
        final AtomicLong added = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        final AtomicLong deleted = new AtomicLong();
        final AtomicLong slowestAddMillis = new AtomicLong();
    }

    private final CniRuntime runtime;
    private final List<PodSandbox> stayers;
    private final Ledger ledger;
    private final Counts counts;
    private final CountDownLatch stop;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;

    /// @param stayers pods that answer greetings
    /// @param random of this churner only
    Churn(
            CniRuntime runtime,
            List<PodSandbox> stayers,
            Ledger ledger,
            Counts counts,
            CountDownLatch stop,
            RandomGenerator random,
            LongSupplier nanoTime) {
        this.runtime = runtime;
        this.stayers = stayers;
        this.ledger = ledger;
        this.counts = counts;
        this.stop = stop;
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /// Until it is stopped; the last pod is deleted.
    void run() {
        try {
            while (stop.getCount() > 0) {
                onePod();
            }
        } catch (IOException e) {
            ledger.find("a pod could not be made or taken away: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void onePod() throws IOException, InterruptedException {
        String name = "c" + counts.number.incrementAndGet();
        PodSandbox pod;
        try {
            pod = runtime.add(name, Site.POD_NAMESPACE, name);
        } catch (CniFailure e) {
            if (e.code() != TRY_AGAIN_LATER) {
                throw e;
            }
            counts.refused.incrementAndGet();
            return;
        }
        ledger.given(pod.address(), name, nanoTime.getAsLong());
        counts.added.incrementAndGet();
        counts.slowestAddMillis.accumulateAndGet(pod.added().toMillis(), Math::max);
        greet(pod);
        boolean _ = stop.await(random.nextInt(LIFE_MILLIS_MAX), TimeUnit.MILLISECONDS);
        ledger.deleting(pod.address(), name, nanoTime.getAsLong());
        runtime.delete(pod);
        counts.deleted.incrementAndGet();
    }

    /// A pod whose ADD succeeded reaches the others by its own address.
    private void greet(PodSandbox pod) {
        PodSandbox other = stayers.get(random.nextInt(stayers.size()));
        try {
            InetAddress seen = Greeter.ask(pod.namespace(), other.address(), ANSWER_MAX);
            if (!seen.equals(pod.address())) {
                ledger.find(pod.podName() + " is seen as " + seen.getHostAddress() + ", not as "
                        + pod.address().getHostAddress());
            }
        } catch (IOException e) {
            ledger.find(pod.podName() + " with " + pod.address().getHostAddress() + " does not reach "
                    + other.address().getHostAddress() + ": " + e.getMessage());
        }
    }
}
