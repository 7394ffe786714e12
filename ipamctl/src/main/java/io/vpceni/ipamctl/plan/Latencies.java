package io.vpceni.ipamctl.plan;

import java.time.Duration;

/// How long the simulated EC2 takes.
///
/// @param assign more addresses or prefixes on an ENI
/// @param addEni a new ENI: made, attached and set up
/// @param unassign addresses or prefixes taken back
/// @param removeEni an ENI detached and deleted
/// @param describe a look at an ENI
record Latencies(Duration assign, Duration addEni, Duration unassign, Duration removeEni, Duration describe) {

    /// Nothing takes time: for questions about where a node comes to rest.
    static final Latencies NONE =
            new Latencies(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /// Of the order that is published: below a second for addresses, up to ten for an ENI, two or three before one that
    /// is detached can be deleted.
    static final Latencies TYPICAL = new Latencies(
            Duration.ofMillis(600),
            Duration.ofSeconds(6),
            Duration.ofMillis(600),
            Duration.ofSeconds(5),
            Duration.ofMillis(300));
}
