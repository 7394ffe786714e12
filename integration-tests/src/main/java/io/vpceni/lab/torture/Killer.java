package io.vpceni.lab.torture;

import io.vpceni.lab.node.ConfinedIpamd;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Kills ipamd with SIGKILL, at any moment of its life, and starts it anew, as the kubelet does.
final class Killer {
    private static final int SERVING_MILLIS_MAX = 1200;
    private static final int STARTING_MILLIS_MAX = 1500;

    /// How ipamd is started anew.
    interface Anew {
        ConfinedIpamd begin() throws IOException;
    }

    private final Anew anew;
    private final RandomGenerator random;
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Duration> readyAfter = new ArrayList<>();
    private ConfinedIpamd ipamd;
    private int whileServing;
    private int whileStarting;

    Killer(ConfinedIpamd first, Anew anew, RandomGenerator random) {
        this.ipamd = first;
        this.anew = anew;
        this.random = random;
    }

    /// One death and one birth. Every fourth time ipamd dies while it starts.
    void kill() throws IOException, InterruptedException {
        boolean starting = random.nextInt(4) == 0;
        if (starting) {
            boolean _ = never.await(random.nextInt(STARTING_MILLIS_MAX), TimeUnit.MILLISECONDS);
            whileStarting++;
        } else {
            awaitReady();
            boolean _ = never.await(random.nextInt(SERVING_MILLIS_MAX), TimeUnit.MILLISECONDS);
            whileServing++;
        }
        if (!ipamd.process().isAlive()) {
            throw new IOException("ipamd ended by itself:\n" + ipamd.logTail());
        }
        ipamd.process().destroyForcibly();
        int _ = ipamd.process().waitFor();
        ipamd = anew.begin();
    }

    /// The one that lives now, ready.
    ConfinedIpamd awaitReady() throws IOException {
        ipamd.awaitReady();
        readyAfter.add(ipamd.readyAfter());
        return ipamd;
    }

    int whileServing() {
        return whileServing;
    }

    /// Some of them may have been ready just then.
    int whileStarting() {
        return whileStarting;
    }

    /// From exec until it served, of those that were awaited, sorted.
    List<Duration> readyAfter() {
        return readyAfter.stream().sorted().toList();
    }
}
