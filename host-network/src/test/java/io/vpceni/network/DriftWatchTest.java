package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.DriftKind;
import io.vpceni.network.drift.NftTable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the thread that repairs hears, and what it must not do.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class DriftWatchTest {

    private static final int PODS = 250;

    private DriftNode node;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = DriftNode.open("dw");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void whatWasBrokenWhileNobodyWatchedIsPutRightAtTheNextStart() throws IOException, InterruptedException {
        List<String> before = node.state();
        DriftNode next = node.restarted();
        node.node.in(
                "node", DriftNode.FLUSH_RULES + "; ip route del 10.0.1.21; ip link set " + node.podLink + " group 0");

        next.watch();
        next.awaitRepaired(Set.of(
                DriftKind.RULE_TO_POD,
                DriftKind.RULE_FROM_POD,
                DriftKind.RULE_MARK,
                DriftKind.POD_ROUTE,
                DriftKind.POD_LINK));

        assertThat(next.state()).isEqualTo(before);
        next.assertPacketsFlow();
    }

    /// The pod's own end tells which MTU its host end has to have.
    @Test
    void aHostEndWhoseMtuWasLoweredWhileNobodyWatchedGetsItBackAtTheNextStart()
            throws IOException, InterruptedException {
        List<String> before = node.state();
        node.node.in("node", "ip link set " + node.podLink + " mtu 600");

        DriftNode next = node.restarted();
        next.watch();
        next.awaitRepaired(Set.of(DriftKind.POD_LINK));

        assertThat(next.state()).isEqualTo(before);
    }

    /// Nothing but the journal's record and the link's name tell whose the link is.
    @Test
    void aPodThatLostAliasAndRouteWhileNobodyWatchedGetsThemBackAtTheNextStart()
            throws IOException, InterruptedException {
        List<String> before = node.state();
        node.node.in(
                "node",
                "ip link set " + node.podLink + " alias \"\"; ip route del 10.0.1.21; " + DriftNode.FLUSH_RULES);

        DriftNode next = node.restarted();
        next.watch();
        next.awaitRepaired(
                Set.of(DriftKind.RULE_TO_POD, DriftKind.RULE_FROM_POD, DriftKind.POD_ROUTE, DriftKind.POD_LINK));

        assertThat(next.state()).isEqualTo(before);
        next.assertPacketsFlow();
    }

    /// Its link's group is what lets it send for others.
    @Test
    void aPodThatRoutesForOthersKeepsItsGroupAlsoAfterARestart() throws IOException, InterruptedException {
        String link = node.wireRouter("vpn", "10.0.1.25");
        String group = "group " + LinkGroups.ROUTING_PODS;
        node.watch();
        node.node.in("node", "ip link set " + link + " group 9");
        node.awaitRepaired(Set.of(DriftKind.POD_LINK));
        assertThat(node.node.in("node", "ip link show " + link)).contains(group);

        DriftNode next = node.restarted(TestNode.wiring("vpn", "10.0.1.25", 0, 1));
        next.watch();
        node.node.in("node", "ip link set " + link + " down");
        next.awaitRepaired(Set.of(DriftKind.POD_LINK));

        assertThat(node.node.in("node", "ip link show " + link)).contains(group);
    }

    @Test
    void whatIsWiredAndUnwiredIsNoDriftAndMakesNoCheck() throws IOException, InterruptedException {
        node.watch();
        breakARoute();
        int before = node.checks.get();
        for (int i = 0; i < 8; i++) {
            node.node.namespace("p" + i);
        }

        for (int round = 0; round < 300; round++) { // each pod stays for four rounds, and is there when it is heard of
            String pod = "p" + round % 8;
            var _ = node.node.wire(node.network, pod, "10.0.1.3" + round % 8, 0, 1);
            int other = (round + 4) % 8;
            node.network.unwire(TestNode.unwiring("p" + other, "10.0.1.3" + other));
        }
        breakARoute();

        // One more when the first look of all had found the first route before it was heard of.
        assertThat(node.checks.get() - before).as("checks").isLessThanOrEqualTo(2);
    }

    /// So that there is something to wait for.
    private void breakARoute() throws IOException, InterruptedException {
        node.node.in("node", "ip route del 10.0.1.21");
        assertThat(node.heard.take()).isEqualTo(DriftKind.POD_ROUTE.label());
    }

    /// Rules are deleted under way all the time; what is unwired must not come back by a repair.
    @Test
    void whatIsUnwiredDuringRepairsStaysUnwired() throws IOException, InterruptedException, ExecutionException {
        List<String> before = node.state();
        node.watch();
        for (int i = 0; i < 8; i++) {
            node.node.namespace("p" + i);
        }
        FutureTask<Boolean> other = new FutureTask<>(() -> {
            for (int round = 0; round < 20; round++) {
                var _ = node.node.in("node", DriftNode.FLUSH_RULES);
            }
            return true;
        });
        Thread.ofPlatform().name("flushing").start(other);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 8; i++) {
                var _ = node.node.wire(node.network, "p" + i, "10.0.1.4" + i, 0, 1);
            }
            for (int i = 0; i < 8; i++) {
                node.network.unwire(TestNode.unwiring("p" + i, "10.0.1.4" + i));
            }
            node.network.reapLinks();
        }
        assertThat(other.get()).isTrue();
        node.heard.clear();
        node.node.in("node", DriftNode.FLUSH_RULES);
        node.awaitRepaired(Set.of(DriftKind.RULE_TO_POD, DriftKind.RULE_FROM_POD, DriftKind.RULE_MARK));

        assertThat(node.state()).isEqualTo(before);
    }

    @Test
    void anEniWithoutCarrierIsLostUntilItHasOneAgain() throws IOException, InterruptedException {
        node.watch();
        node.node.in("vpc", "ip link set vpc1 down");
        node.awaitHeard("lost " + TestNode.SECONDARY + ": its link eth1 has no carrier");
        assertThat(node.network.lost(TestNode.SECONDARY)).hasValue("its link eth1 has no carrier");

        node.node.in("vpc", "ip link set vpc1 up");
        node.awaitHeard("back " + TestNode.SECONDARY);
        assertThat(node.network.lost(TestNode.SECONDARY)).isEmpty();
    }

    @Test
    void anEniWhoseLinkIsGoneIsLostUntilANewOneIsSetUp() throws IOException, InterruptedException {
        node.watch();
        node.node.in("node", "ip link del eth1");
        node.awaitHeard("lost " + TestNode.SECONDARY + ": its link eth1 is gone");

        node.node.in(
                "node",
                "ip link add eth1 address " + TestNode.SECONDARY + " type veth peer name vpc1; ip link set vpc1 up");
        node.node.setUpEnis(node.network);
        assertThat(node.network.lost(TestNode.SECONDARY)).isEmpty();
    }

    /// It is waited for for half a minute.
    @Test
    void anEniWhoseLinkDoesNotComeHoldsUpNoOther() throws IOException, InterruptedException, ExecutionException {
        EniLink lost = new EniLink(
                MacAddress.parse("02:00:00:00:00:0c"),
                new DeviceSlot(0, 2),
                InetAddress.ofLiteral("10.0.2.10"),
                Cidr.parse("10.0.2.0/24"));
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<Throwable> failing = new FutureTask<>(() -> {
            begun.countDown();
            return catchThrowable(() -> node.network.setUpEni(lost));
        });
        Thread waiting = Thread.ofVirtual().start(failing);
        begun.await();
        node.node.in("node", "ip route show"); // so that it waits by now

        node.node.setUpEnis(node.network);

        assertThat(waiting.isAlive()).as("it still waits").isTrue();
        waiting.interrupt();
        assertThat(failing.get()).isInstanceOf(NetworkFailure.class);
    }

    /// As when the event was lost, or taken for one of ours.
    @Test
    void tablesAreComparedNowAndThenWithoutAnEvent() throws IOException, InterruptedException {
        AtomicLong nanos = new AtomicLong();
        node.watch(nanos::get);
        node.node.in("node", "ip route del 10.0.1.21");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        node.awaitRepaired(Set.of(DriftKind.POD_ROUTE)); // so the first look is over
        node.network.applyTable(new UnheardFlush());

        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        node.node.in("node", "ip route add 203.0.113.7 dev eth0"); // wakes it, for this clock does not
        node.awaitRepaired(Set.of(DriftKind.NFT_TABLE));

        assertThat(node.node.in("node", "nft list table ip vpc-eni")).contains("snat to");
    }

    /// Takes rules out of our table on the thread whose transactions count as ours.
    private static final class UnheardFlush implements NftTable {
        @Override
        public String name() {
            return "a flush";
        }

        @Override
        public void apply(Nftables nft) throws NetlinkFailure {
            var _ = nft.run("flush table ip vpc-eni");
            var _ = nft.run("add table ip one-more");
        }

        @Override
        public boolean repair(Nftables nft) {
            return false;
        }
    }

    /// Somebody who deletes a rule as often as it is added.
    @Test
    void anObjectThatIsFoughtOverIsRepairedInTheEnd() throws IOException, InterruptedException {
        node.watch();
        for (int round = 0; round < 5; round++) {
            node.node.in("node", "ip rule del to 10.0.1.21 priority 512");
            node.awaitRepaired(Set.of(DriftKind.RULE_TO_POD));
        }
        node.assertPacketsFlow();
    }

    /// The figure is for people; it goes to `target/drift-figures.txt`.
    @Test
    void theRulesOfManyPodsComeBackTogether() throws IOException, InterruptedException {
        node.watch();
        List<NetnsFd> sandboxes = new ArrayList<>();
        try {
            for (int i = 0; i < PODS; i++) {
                sandboxes.add(NetnsFd.open(node.node.namespace("p" + i)));
                var _ = node.network.wire(TestNode.wiring("p" + i, address(i), 0, 1), sandboxes.get(i));
            }
            List<String> before = node.state();
            List<String> figures = new ArrayList<>();
            for (int round = 0; round < 2; round++) { // a third within ten seconds would be a fight
                node.heard.clear();
                long began = System.nanoTime();
                node.node.in("node", DriftNode.FLUSH_RULES);
                long flushed = System.nanoTime();
                node.awaitRepaired(Set.of(DriftKind.RULE_TO_POD, DriftKind.RULE_FROM_POD, DriftKind.RULE_MARK));
                long repaired = System.nanoTime();
                figures.add(PODS + " pods: ip rule flush took " + (flushed - began) / 1_000_000
                        + " ms, all rules were back " + (repaired - flushed) / 1_000_000 + " ms after it");
                node.awaitState(before); // the flush may have been repaired in the middle, and begun again
            }
            Files.write(Path.of("target/drift-figures.txt"), figures);
        } finally {
            sandboxes.forEach(NetnsFd::close);
        }
    }

    private static String address(int i) {
        return "10.0." + (2 + i / 200) + "." + (i % 200 + 20);
    }
}
