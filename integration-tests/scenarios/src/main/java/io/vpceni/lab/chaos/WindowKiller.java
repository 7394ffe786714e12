package io.vpceni.lab.chaos;

import io.vpceni.lab.churn.ChurnCounts;
import io.vpceni.lab.churn.KillableIpamd;
import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Kills the ipamd of one node again and again, each time in another window as far as one opens, and starts it anew.
final class WindowKiller {
    private static final int SERVES_MILLIS_MIN = 2_000;
    private static final int SERVES_MILLIS_MAX = 8_000;
    private static final int STARTING_MILLIS_MAX = 1_500;
    private static final int DOWN_MILLIS_MAX = 3_000;
    private static final long OPENS_MILLIS_MAX = 12_000;
    private static final long READY_MILLIS_MAX = 60_000; // longer than any scenario in which it cannot start
    private static final long LOOK_MILLIS = 4;

    private final SiteNode node;
    private final KillableIpamd ipamd;
    private final ChurnCounts tally;
    private final KillWindows windows;
    private final PodRecords ledger;
    private final CountDownLatch stop;
    private final RandomGenerator random;
    private final ShuffledCycle<String> goals;

    WindowKiller(
            SiteNode node,
            KillableIpamd ipamd,
            ChurnCounts tally,
            KillWindows windows,
            PodRecords ledger,
            CountDownLatch stop,
            RandomGenerator random) {
        this.node = node;
        this.ipamd = ipamd;
        this.tally = tally;
        this.windows = windows;
        this.ledger = ledger;
        this.stop = stop;
        this.random = random;
        this.goals = new ShuffledCycle<>(KillWindows.GOALS, random);
    }

    /// Runs until it is stopped; an ipamd runs then.
    void run() {
        try {
            awaitReady();
            while (!stop.await(random.nextInt(SERVES_MILLIS_MIN, SERVES_MILLIS_MAX), TimeUnit.MILLISECONDS)) {
                killOnce(goals.next());
                awaitReady();
            }
        } catch (IOException e) {
            ledger.find("the killer of " + node.name() + " gave up: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (long waited = 0; waited < READY_MILLIS_MAX && stop.getCount() > 0; waited += 50) {
            if (ipamd.hasEnded()) {
                ledger.find("ipamd ended by itself on " + node.name() + ": " + ipamd.lastWords());
                ipamd.beginAnew();
            }
            if (ipamd.isReady()) {
                return;
            }
            boolean _ = stop.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private void killOnce(String goal) throws IOException, InterruptedException {
        if (goal.equals(KillWindows.STARTING)) {
            die(windows.open(node.vpcNode().instanceId(), tally));
            boolean _ = stop.await(random.nextInt(STARTING_MILLIS_MAX), TimeUnit.MILLISECONDS);
            SortedSet<String> open = windows.open(node.vpcNode().instanceId(), tally);
            open.add(KillWindows.STARTING);
            die(open);
            return;
        }
        SortedSet<String> open = windows.open(node.vpcNode().instanceId(), tally);
        for (long waited = 0; waited < OPENS_MILLIS_MAX && !suits(goal, open); waited += LOOK_MILLIS) {
            if (stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            open = windows.open(node.vpcNode().instanceId(), tally);
        }
        die(open);
    }

    private boolean suits(String goal, SortedSet<String> open) {
        return (goal.equals(KillWindows.NOTHING) ? open.isEmpty() : open.contains(goal)) || windows.isRare(open);
    }

    private void die(SortedSet<String> open) throws IOException, InterruptedException {
        if (ipamd.hasEnded()) {
            return; // found when it is awaited
        }
        ipamd.kill();
        windows.killed(open);
        if (random.nextInt(3) == 0) {
            boolean _ = stop.await(random.nextInt(DOWN_MILLIS_MAX), TimeUnit.MILLISECONDS);
        }
        ipamd.beginAnew();
    }
}
