package io.vpceni.ipamd;

import io.vpceni.config.Settings;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/// What each stage of the daemon works with.
///
/// @param environment for the AWS SDK's own settings (AWS_REGION, AWS_ENDPOINT_URL_EC2, ...)
/// @param nanos elapsed time in nanoseconds, from any origin
/// @param startedAt the start by the wall clock
/// @param startedNanos the start by `nanos`
/// @param stop counted down to 0: the daemon is to end
record DaemonContext(
        Settings settings,
        Map<String, String> environment,
        Clock time,
        LongSupplier nanos,
        Instant startedAt,
        long startedNanos,
        Metrics metrics,
        Readiness readiness,
        CountDownLatch stop) {

    static DaemonContext of(
            Settings settings, Map<String, String> environment, Clock time, LongSupplier nanos, CountDownLatch stop) {
        return new DaemonContext(
                settings,
                environment,
                time,
                nanos,
                time.instant(),
                nanos.getAsLong(),
                new Metrics(Daemon.VERSION),
                new Readiness(),
                stop);
    }

    /// A new one with each boot of the node.
    String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    /// The wall clock at the start plus the elapsed time, so that it does not jump when the clock is set.
    InstantSource steady() {
        return () -> startedAt.plus(sinceStart());
    }

    Duration sinceStart() {
        return Duration.ofNanos(nanos.getAsLong() - startedNanos);
    }
}
