package io.vpceni.lab.torture;

import io.vpceni.lab.churn.KillableIpamd;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Kills ipamd at any moment.
final class Killer {
    private static final int SERVING_MILLIS_MAX = 1200;
    private static final int STARTING_MILLIS_MAX = 1500;

    private final KillableIpamd ipamd;
    private final RandomGenerator random;
    private final CountDownLatch never = new CountDownLatch(1);
    private int whileServing;
    private int whileStarting;

    Killer(KillableIpamd ipamd, RandomGenerator random) {
        this.ipamd = ipamd;
        this.random = random;
    }

    /// Kills ipamd and starts it again; every fourth time it is killed while it starts.
    void kill() throws IOException, InterruptedException {
        boolean starting = random.nextInt(4) == 0;
        if (starting) {
            boolean _ = never.await(random.nextInt(STARTING_MILLIS_MAX), TimeUnit.MILLISECONDS);
            whileStarting++;
        } else {
            ipamd.awaitReady();
            boolean _ = never.await(random.nextInt(SERVING_MILLIS_MAX), TimeUnit.MILLISECONDS);
            whileServing++;
        }
        ipamd.kill();
        ipamd.beginAnew();
    }

    int whileServing() {
        return whileServing;
    }

    /// Some of them may have been ready at that moment.
    int whileStarting() {
        return whileStarting;
    }
}
