package io.vpceni.ipamd;

import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks IMDS every few seconds whether this instance is about to end, and tells it once.
///
/// A question that fails is asked again in time: a silent IMDS says nothing about the instance.
final class EndWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EndWatch.class);

    /// What EC2's guide recommends for spot instances, which are given two minutes.
    static final Duration EVERY = Duration.ofSeconds(5);

    /// Whoever is to know.
    @FunctionalInterface
    interface Told {
        void nodeEnds() throws InterruptedException;
    }

    private final Imds imds;

    private final Told ends;

    private final Duration every;

    private final CountDownLatch stop = new CountDownLatch(1);

    private final Thread thread;

    private EndWatch(Imds imds, Told ends, Duration every) {
        this.imds = imds;
        this.ends = ends;
        this.every = every;
        this.thread = Thread.ofVirtual().name("end-watch").unstarted(this::watch);
    }

    /// @param ends is told once, on the watch's own thread
    static EndWatch start(Imds imds, Told ends) {
        return start(imds, ends, EVERY);
    }

    static EndWatch start(Imds imds, Told ends, Duration every) {
        EndWatch watch = new EndWatch(imds, ends, every);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!isEnding()) {
                if (stop.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
            log.atWarn().log("This instance is about to end: nothing is given back to EC2 any more");
            ends.nodeEnds();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEnding() {
        try {
            return imds.isEnding();
        } catch (ImdsFailure _) {
            return false; // ImdsHealth says so
        }
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        try {
            thread.join(EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
