package io.vpceni.ipamd.observe;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes notices of the two owners to every taker. Returns at once: a slow or failing taker delays neither an owner
/// nor another taker. Each has its own bounded queue; what does not fit is dropped and counted
/// (`vpceni_errors_total{where="notices"}`).
public final class NoticeSink implements Consumer<Notice>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NoticeSink.class);

    /// More notices than a full node produces at once.
    static final int QUEUE_MAX = 1024;

    /// How long takers may work on their queues when ipamd stops.
    private static final Duration DRAIN_MAX = Duration.ofMillis(500);

    private final Metrics metrics;
    private final List<Outlet> outlets;

    private sealed interface QueueItem {
        record Delivery(Notice notice) implements QueueItem {}

        record Stop() implements QueueItem {}
    }

    /// A taker with its queue and thread.
    private final class Outlet {
        private final NoticeTaker taker;
        private final BlockingQueue<QueueItem> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
        private final Thread thread;

        Outlet(NoticeTaker taker) {
            this.taker = taker;
            this.thread = Thread.ofVirtual()
                    .name("notices-" + taker.getClass().getSimpleName())
                    .start(this::run);
        }

        private void run() {
            try {
                while (queue.take() instanceof QueueItem.Delivery(Notice notice)) {
                    give(notice);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // ipamd stops
            }
        }

        private void give(Notice notice) throws InterruptedException {
            try {
                taker.take(notice);
            } catch (RuntimeException e) {
                metrics.error("notices");
                log.atError()
                        .setCause(e)
                        .addKeyValue("notice", notice)
                        .log("A notice could not be delivered because of a bug: please report it with this log");
            }
        }
    }

    /// @param takers each gets all notices, in order
    public NoticeSink(Metrics metrics, List<NoticeTaker> takers) {
        this.metrics = metrics;
        this.outlets = takers.stream().map(Outlet::new).toList();
    }

    /// From any thread.
    @Override
    public void accept(Notice notice) {
        for (Outlet outlet : outlets) {
            if (!outlet.queue.offer(new QueueItem.Delivery(notice))) {
                metrics.error("notices");
            }
        }
    }

    /// Waits, bounded, until the takers have handled all notices so far.
    @Override
    public void close() {
        try {
            for (Outlet outlet : outlets) {
                boolean told = outlet.queue.offer(new QueueItem.Stop());
                if (!told || !outlet.thread.join(DRAIN_MAX)) {
                    outlet.thread.interrupt();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
