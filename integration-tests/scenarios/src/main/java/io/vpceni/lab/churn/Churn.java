package io.vpceni.lab.churn;

import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.node.RuntimeCniFailure;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Pods that come, say a word and go, one after another, until it is told to stop.
public final class Churn {
    private static final int TRY_AGAIN_LATER = 11;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    /// What the churners of a node have in common.
    ///
    /// @param partners pods that answer greetings
    /// @param lifeMax of a pod; each runs for a part of it
    /// @param retryMax from a failed ADD to the next try; each waits a part of it
    /// @param innocent whether a pod at that address may be unheard: somebody took it from the node by hand
    public record Terms(
            CniRuntime runtime,
            List<PodSandbox> partners,
            Duration lifeMax,
            Duration retryMax,
            Predicate<InetAddress> innocent) {
        public Terms {
            partners = List.copyOf(partners);
        }
    }

    private final String name;
    private final Terms terms;
    private final PodRecords ledger;
    private final ChurnCounts tally;
    private final CountDownLatch stop;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private long number;

    /// @param name of the churner in the lab, lower-case letters and digits; its pods' names begin with it
    /// @param random of this churner only
    public Churn(
            String name,
            Terms terms,
            PodRecords ledger,
            ChurnCounts tally,
            CountDownLatch stop,
            RandomGenerator random,
            LongSupplier nanoTime) {
        this.name = name;
        this.terms = terms;
        this.ledger = ledger;
        this.tally = tally;
        this.stop = stop;
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /// Until it is stopped; the last pod is deleted.
    ///
    /// @param awake whether the next pod may come now
    public void run(Predicate<String> awake) {
        try {
            while (stop.getCount() > 0) {
                if (awake.test(name)) {
                    onePod();
                } else {
                    boolean _ = stop.await(200, TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException e) {
            ledger.find("a pod could not be made or taken away: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void onePod() throws IOException, InterruptedException {
        number++;
        Optional<PodSandbox> added = add();
        if (added.isEmpty()) {
            return;
        }
        PodSandbox pod = added.get();
        ledger.given(pod.address(), pod.containerId(), nanoTime.getAsLong());
        greet(pod);
        await(terms.lifeMax());
        ledger.deleting(pod.address(), pod.containerId(), nanoTime.getAsLong());
        tally.deleting(1);
        try {
            terms.runtime().delete(pod);
        } finally {
            tally.deleting(-1);
        }
        tally.deleted();
    }

    /// Tries until the pod has an address; empty when it was stopped before.
    private Optional<PodSandbox> add() throws IOException, InterruptedException {
        long begun = nanoTime.getAsLong();
        for (int attempt = 1; stop.getCount() > 0; attempt++) {
            String pod = name + "-" + number + (attempt == 1 ? "" : "-" + attempt);
            tally.adding(1);
            try {
                PodSandbox sandbox = terms.runtime().add(pod, Site.POD_NAMESPACE, pod);
                tally.added(sandbox.added(), Duration.ofNanos(nanoTime.getAsLong() - begun));
                return Optional.of(sandbox);
            } catch (RuntimeCniFailure e) {
                if (e.code() != TRY_AGAIN_LATER) {
                    throw e;
                }
                tally.failed(FailureReasons.of(e));
            } finally {
                tally.adding(-1);
            }
            await(terms.retryMax());
        }
        return Optional.empty();
    }

    private void await(Duration max) throws InterruptedException {
        boolean _ = stop.await(random.nextLong(max.toMillis() + 1), TimeUnit.MILLISECONDS);
    }

    /// A pod whose ADD succeeded reaches the others by its own address.
    private void greet(PodSandbox pod) {
        PodSandbox other = terms.partners().get(random.nextInt(terms.partners().size()));
        try {
            InetAddress seen = EchoServer.ask(pod.namespace(), other.address(), ANSWER_MAX);
            if (!seen.equals(pod.address())) {
                ledger.find(pod.podName() + " is seen as " + seen.getHostAddress() + ", not as "
                        + pod.address().getHostAddress());
            }
        } catch (IOException e) {
            if (terms.innocent().test(pod.address())) {
                tally.excused();
            } else {
                ledger.find(pod.podName() + " with " + pod.address().getHostAddress() + " does not reach "
                        + other.address().getHostAddress() + ": " + e.getMessage());
            }
        }
    }
}
