package io.vpceni.ipamd;

import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks IMDS every few seconds whether this instance is about to end, and tells it once. IMDS's silence is its health's
/// to report.
final class EndWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EndWatch.class);

    /// EC2 tells of a spot instance's end two minutes before, and recommends this.
    private static final Duration EVERY = Duration.ofSeconds(5);

    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    /// Hears that the node ends.
    interface Listener {
        void nodeEnds() throws InterruptedException;
    }

    private final Imds imds;
    private final Listener listener;
    private final Duration every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private EndWatch(Imds imds, Listener listener, Duration every) {
        this.imds = imds;
        this.listener = listener;
        this.every = every;
        this.thread = Thread.ofVirtual().name("end-watch").unstarted(this::run);
    }

    static EndWatch start(Imds imds, Listener listener) {
        return start(imds, listener, EVERY);
    }

    static EndWatch start(Imds imds, Listener listener, Duration every) {
        EndWatch watch = new EndWatch(imds, listener, every);
        watch.thread.start();
        return watch;
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

    private void run() {
        try {
            while (!stop.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                if (isEnding()) {
                    log.atWarn().log("This node is being terminated: nothing is given back to EC2 any more");
                    listener.nodeEnds();
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops
        }
    }

    private boolean isEnding() {
        try {
            return imds.isEnding();
        } catch (ImdsFailure _) {
            return false; // asked again
        }
    }
}
