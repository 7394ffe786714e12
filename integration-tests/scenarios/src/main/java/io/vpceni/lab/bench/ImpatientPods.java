package io.vpceni.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Pods of a node whose ADD fails at once when there is no address; the kubelet tries each again after 10 to 15 s.
final class ImpatientPods {
    private static final long RETRY_NANOS_MIN = Duration.ofSeconds(10).toNanos();
    private static final long RETRY_NANOS_SPREAD = Duration.ofSeconds(5).toNanos();
    private static final long SERVED_NANOS_MAX = Duration.ofMinutes(10).toNanos();
    private static final long LOOK_EVERY_MILLIS = 5;

    private final SerialLoop loop;
    private final SplittableRandom random;
    private final LongSupplier nanoTime;
    private final PriorityQueue<Long> tries = new PriorityQueue<>(Comparator.naturalOrder());
    private final List<Duration> waits = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final int pods;
    private long failedAdds;

    ImpatientPods(int pods, SerialLoop loop, long seed, LongSupplier nanoTime) {
        this.pods = pods;
        this.loop = loop;
        this.random = new SplittableRandom(seed);
        this.nanoTime = nanoTime;
    }

    /// Until each pod has an address.
    void serve() throws IOException {
        long begun = nanoTime.getAsLong();
        for (int pod = 0; pod < pods; pod++) {
            tries.add(begun);
        }
        while (!tries.isEmpty()) {
            long now = nanoTime.getAsLong();
            if (now - begun > SERVED_NANOS_MAX) {
                throw new IOException(tries.size() + " pods have no address after 10 minutes");
            }
            loop.requireWell();
            while (!tries.isEmpty() && tries.peek() <= now) {
                tries.remove();
                if (loop.give()) {
                    waits.add(Duration.ofNanos(now - begun));
                } else {
                    failedAdds++;
                    tries.add(now + RETRY_NANOS_MIN + random.nextLong(RETRY_NANOS_SPREAD));
                }
            }
            pause();
        }
    }

    private void pause() throws IOException {
        try {
            boolean _ = never.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pods wait", e);
        }
    }

    List<Duration> waits() {
        return List.copyOf(waits);
    }

    long failedAdds() {
        return failedAdds;
    }
}
