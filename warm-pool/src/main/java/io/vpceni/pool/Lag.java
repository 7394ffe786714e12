package io.vpceni.pool;

import java.time.Duration;

/// How far EC2's views may lie back.
///
/// EC2 is eventually consistent and publishes no bound. A minute is what the AWS VPC CNI waits before it believes that
/// a released address is listed again, too.
public final class Lag {

    /// A view shows everything that happened longer ago than this before it was asked for.
    public static final Duration MAX = Duration.ofSeconds(60);

    static final Duration TWICE = MAX.multipliedBy(2);

    private Lag() {}
}
