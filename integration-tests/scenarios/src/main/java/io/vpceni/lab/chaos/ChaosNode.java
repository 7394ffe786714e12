package io.vpceni.lab.chaos;

import io.vpceni.lab.churn.Churn;
import io.vpceni.lab.churn.ChurnCounts;
import io.vpceni.lab.churn.KillableIpamd;
import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.SiteNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// One node of a chaos run: its long-lived pods, its churners, and its ipamd, which is killed.
///
/// @param wave how many churners may make pods now
record ChaosNode(SiteNode node, KillableIpamd ipamd, List<PodSandbox> stayers, ChurnCounts tally, AtomicInteger wave) {
    static final int CHURNERS = 12;
    private static final Duration LIFE_MAX = Duration.ofSeconds(8);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);

    ChaosNode {
        stayers = List.copyOf(stayers);
    }

    /// Starts the churners; they end with `stop`.
    ///
    /// @param partners pods of any node that answer greetings
    List<Thread> churn(
            List<PodSandbox> partners,
            PodRecords ledger,
            CountDownLatch stop,
            SplittableRandom random,
            LongSupplier nanoTime) {
        Churn.Terms terms = new Churn.Terms(
                ipamd.runtime(),
                partners,
                LIFE_MAX,
                RETRY_MAX,
                address -> ledger.isSpoiled(address, nanoTime.getAsLong()));
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < CHURNERS; number++) {
            int rank = number;
            String name = "n" + node.name().substring("node-".length()) + "c" + number;
            Churn churn = new Churn(name, terms, ledger, tally, stop, random.split(), nanoTime);
            threads.add(
                    Thread.ofPlatform().name("churn-" + name).daemon().start(() -> churn.run(_ -> rank < wave.get())));
        }
        return threads;
    }
}
