package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.NetnsFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Figures for people; they go to `target/wiring-figures.txt`. The claims are about what is there afterwards.
@Tag("root")
class WiringSpeedTest {

    private static final int PODS = 160;
    private static final int CALLERS = 16;

    @Test
    void podsWiredOneByOneAndSixteenAtATimeAreAllWired() throws IOException, InterruptedException {
        List<String> figures = new ArrayList<>();
        List<NetnsFd> sandboxes = new ArrayList<>();
        try (TestNode node = TestNode.open("sp")) {
            HostNetwork network = node.network(TestNode.settings());
            node.setUpEnis(network);
            for (int i = 0; i < PODS; i++) {
                sandboxes.add(NetnsFd.open(node.namespace("p" + i)));
            }
            for (int round = 0; round < 3; round++) {
                figures.add(wireAll(network, sandboxes, 1));
                assertThat(network.recover()).hasSize(PODS);
                unwireAll(network);
                figures.add(wireAll(network, sandboxes, CALLERS));
                assertThat(network.recover()).hasSize(PODS);
                unwireAll(network);
            }
        } finally {
            sandboxes.forEach(NetnsFd::close);
        }
        Files.write(Path.of("target/wiring-figures.txt"), figures);
    }

    private static String wireAll(HostNetwork network, List<NetnsFd> sandboxes, int callers)
            throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Long> micros = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int caller = 0; caller < callers; caller++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = next.getAndIncrement(); i < PODS; i = next.getAndIncrement()) {
                    long began = System.nanoTime();
                    wire(network, sandboxes.get(i), i);
                    micros.add((System.nanoTime() - began) / 1000);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long wallMicros = (System.nanoTime() - start) / 1000;
        List<Long> sorted = micros.stream().sorted().toList();
        return callers + " callers: wire p50 " + sorted.get(PODS / 2) + " us, p99 " + sorted.get(PODS * 99 / 100)
                + " us, " + PODS * 1_000_000L / wallMicros + " a second";
    }

    private static void wire(HostNetwork network, NetnsFd sandbox, int i) {
        try {
            var _ = network.wire(TestNode.wiring("p" + i, "10.0.1." + (i + 20), 0, 1), sandbox);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The links too: the first wiring of a sandbox whose link only waits to be deleted would pay for it.
    private static void unwireAll(HostNetwork network) throws IOException, InterruptedException {
        for (int i = 0; i < PODS; i++) {
            network.unwire(TestNode.unwiring("p" + i, "10.0.1." + (i + 20)));
        }
        network.reapLinks();
    }
}
