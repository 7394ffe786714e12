package io.vpceni.ipamd;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that runs a task repeatedly, with a pause after each run, until it is closed.
final class PeriodicTask implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);

    /// One run. A failure ends this run only.
    @FunctionalInterface
    interface Round {
        /// @return whether to run again
        boolean run() throws InterruptedException;
    }

    /// What happens to a run in progress when the task is closed.
    enum Ending {
        INTERRUPTED,
        /// It may finish, within the bound of [#close].
        FINISHED
    }

    private final Duration every;
    private final Duration endWithin;
    private final Ending ending;
    private final Round round;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing; // the thread's

    /// @param kind of thread, with its name
    /// @param endWithin how long [#close] waits
    PeriodicTask(Thread.Builder kind, Duration every, Duration endWithin, Ending ending, Round round) {
        this.every = every;
        this.endWithin = endWithin;
        this.ending = ending;
        this.round = round;
        this.thread = kind.unstarted(this::live);
    }

    /// Starts the thread; to be called once. The first run comes after the first pause.
    PeriodicTask start() {
        thread.start();
        return this;
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    private void live() {
        try {
            boolean another = true;
            while (another && !stop.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                another = one();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops
        }
    }

    private boolean one() throws InterruptedException {
        try {
            boolean another = round.run();
            failing = false;
            return another;
        } catch (RuntimeException | Error bug) {
            if (!failing) {
                failing = true;
                log.atError()
                        .addKeyValue("thread", thread.getName())
                        .setCause(bug)
                        .log(
                                "A periodic task failed because of a bug; it runs again, and further failures in a row are "
                                        + "not logged");
            }
            return true;
        }
    }

    @Override
    public void close() {
        stop.countDown();
        if (ending == Ending.INTERRUPTED) {
            thread.interrupt();
        }
        try {
            if (!thread.join(endWithin)) {
                log.atWarn()
                        .addKeyValue("thread", thread.getName())
                        .log("The thread of a periodic task did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
