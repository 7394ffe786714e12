package io.vpceni.ipamd.cni;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Tickets: the order in which the runtime started ADDs and DELs, whenever their requests got through.
///
/// A ticket is the time at which the plugin's process began, in quarters of a millisecond, and then a number that makes
/// it unique. So a request that waited for ipamd to come back is not mistaken for a new one, in whatever life of ipamd
/// it arrives. Requests that began within the same quarter of a millisecond are in the order of their arrival.
/// Thread-safe.
final class RequestOrder {

    /// The place of a request in that order.
    ///
    /// @param number unique; greater for a request that began later
    record Ticket(long number, RequestOrder order) {

        /// Whether the request began so long ago that its runtime has given it up. One that waited in a
        /// socket while ipamd was stopped may be older than what ipamd remembers of DELs.
        boolean isGivenUp() {
            return order.nanos.getAsLong() - ((number >> NUMBER_BITS) << UNIT_BITS) > WAITED_FOR_NANOS_MAX;
        }
    }

    private static final int NUMBER_BITS = 22; // comes round after 4 million requests: more than any plugin lives
    private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;
    private static final int UNIT_BITS = 18; // 2^18 ns; 41 bits are left, 18 years

    /// No plugin lives longer, whatever its configuration lets it wait for.
    private static final long AGE_NANOS_MAX = TimeUnit.MINUTES.toNanos(11);

    /// Container runtimes end a plugin after two minutes (kubelet's runtimeRequestTimeout): whoever is older is not
    /// waited for. The pool remembers DELs a minute longer than that.
    private static final long WAITED_FOR_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);

    private final LongSupplier nanos;
    private final AtomicLong drawn = new AtomicLong();

    /// @param nanos CLOCK_MONOTONIC, as `System.nanoTime()` is on Linux
    RequestOrder(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// A ticket for a request.
    ///
    /// @param beganNanos when the plugin's process began, by CLOCK_MONOTONIC. Taken as now when it is 0, for nobody
    ///     knows, and when it is later than now or longer ago than a plugin lives, for it is another clock's
    Ticket draw(long beganNanos) {
        long now = nanos.getAsLong();
        boolean credible = beganNanos > 0 && beganNanos <= now && now - beganNanos <= AGE_NANOS_MAX;
        long unit = (credible ? beganNanos : now) >> UNIT_BITS;
        return new Ticket((unit << NUMBER_BITS) | (drawn.incrementAndGet() & NUMBER_MASK), this);
    }
}
