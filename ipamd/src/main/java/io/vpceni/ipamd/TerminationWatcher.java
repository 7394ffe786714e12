package io.vpceni.ipamd;

import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsFailure;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks IMDS every few seconds whether this instance is being terminated, and reports it once. A silent IMDS is
/// reported elsewhere.
final class TerminationWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TerminationWatcher.class);

    /// EC2 announces the interruption of a spot instance two minutes before, and recommends this interval.
    private static final Duration EVERY = Duration.ofSeconds(5);

    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    /// Called when the node is being terminated.
    interface Listener {
        void nodeEnds() throws InterruptedException;
    }

    private final Imds imds;
    private final Listener listener;
    private final PeriodicTask rounds;

    private TerminationWatcher(Imds imds, Listener listener, Duration every) {
        this.imds = imds;
        this.listener = listener;
        this.rounds = new PeriodicTask(
                Thread.ofVirtual().name("end-watch"), every, STOP_MAX, PeriodicTask.Ending.INTERRUPTED, this::look);
    }

    static TerminationWatcher start(Imds imds, Listener listener) {
        return start(imds, listener, EVERY);
    }

    static TerminationWatcher start(Imds imds, Listener listener, Duration every) {
        TerminationWatcher watch = new TerminationWatcher(imds, listener, every);
        var _ = watch.rounds.start();
        return watch;
    }

    @Override
    public void close() {
        rounds.close();
    }

    private boolean look() throws InterruptedException {
        if (isEnding()) {
            log.atWarn().log("This node is being terminated; ipamd returns nothing to EC2 any more");
            listener.nodeEnds();
            return false;
        }
        return true;
    }

    private boolean isEnding() {
        try {
            return imds.isEnding();
        } catch (ImdsFailure _) {
            return false; // asked again
        }
    }
}
