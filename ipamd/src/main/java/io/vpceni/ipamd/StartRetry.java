package io.vpceni.ipamd;

import io.vpceni.config.Backoff;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats a step of the start until it succeeds or ipamd is stopped: a node must start by itself once IMDS and EC2
/// answer again, and a crash loop would hide the reason.
final class StartRetry {
    private static final Logger log = LoggerFactory.getLogger(StartRetry.class);
    private static final Backoff PAUSES = Backoff.doubling(Duration.ofMillis(250), Duration.ofSeconds(15));

    /// A step that calls EC2, IMDS or the kernel.
    interface Step<T> {
        T attempt() throws IOException, InterruptedException;
    }

    private final CountDownLatch stop;
    private final Readiness readiness;
    private final Metrics metrics;

    StartRetry(CountDownLatch stop, Readiness readiness, Metrics metrics) {
        this.stop = stop;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /// @throws InterruptedException when ipamd is stopped meanwhile
    <T> T until(Step<T> step) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Duration pause = PAUSES.delay(attempt);
            try {
                return step.attempt();
            } catch (IOException e) {
                metrics.error("nodeInit");
                readiness.starting("ipamd cannot start yet: " + e.getMessage());
                log.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .addKeyValue("again", pause)
                        .log("Startup failed; ipamd tries again");
            }
            if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("ipamd was stopped while it started");
            }
        }
    }
}
