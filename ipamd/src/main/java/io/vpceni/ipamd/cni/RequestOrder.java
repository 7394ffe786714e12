package io.vpceni.ipamd.cni;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Gives each ADD and DEL a ticket by the start of the plugin's process, whenever its request arrives.
///
/// A ticket is the start time of the plugin's process, in quarters of a millisecond, followed by a number that makes it
/// unique. So a request that waited during a restart of ipamd is not taken for a new one. Requests that started within
/// the same quarter of a millisecond are in the order of their arrival. Thread-safe.
final class RequestOrder {

    /// The place of a request in that order.
    ///
    /// @param number unique; greater for a request that began later
    record Ticket(long number, RequestOrder order) {

        /// Whether the request started so long ago that its runtime has given it up. A request that
        /// waited in the socket while ipamd was stopped may be older than the tombstones.
        boolean isGivenUp() {
            return order.nanos.getAsLong() - ((number >> NUMBER_BITS) << UNIT_BITS) > WAITED_FOR_NANOS_MAX;
        }
    }

    private static final int NUMBER_BITS = 22; // wraps after 4 million requests, more than arrive while a plugin runs
    private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;
    private static final int UNIT_BITS = 18; // 2^18 ns; 41 bits are left, 18 years

    /// No plugin runs longer, whatever its configuration allows.
    private static final long AGE_NANOS_MAX = TimeUnit.MINUTES.toNanos(11);

    /// Container runtimes end a plugin after two minutes (kubelet's runtimeRequestTimeout): the runtime no
    /// longer waits for older ones. The pool keeps tombstones of DELs a minute longer.
    private static final long WAITED_FOR_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);

    private final LongSupplier nanos;
    private final AtomicLong drawn = new AtomicLong();

    /// @param nanos CLOCK_MONOTONIC, as `System.nanoTime()` is on Linux
    RequestOrder(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// A ticket for a request.
    ///
    /// @param beganNanos start of the plugin's process by CLOCK_MONOTONIC. The current time is used when it is
    ///     0 (unknown), later than now, or longer ago than a plugin runs (another clock)
    Ticket draw(long beganNanos) {
        long now = nanos.getAsLong();
        return ticket(now - beganNanos <= AGE_NANOS_MAX ? beganNanos : 0, now);
    }

    /// A ticket for a DEL that the plugin kept, however long ago; of this boot of the node.
    ///
    /// @param beganNanos as that of [#draw]
    Ticket drawKept(long beganNanos) {
        return ticket(beganNanos, nanos.getAsLong());
    }

    private Ticket ticket(long beganNanos, long now) {
        boolean credible = beganNanos > 0 && beganNanos <= now;
        long unit = (credible ? beganNanos : now) >> UNIT_BITS;
        return new Ticket((unit << NUMBER_BITS) | (drawn.incrementAndGet() & NUMBER_MASK), this);
    }
}
