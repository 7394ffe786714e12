package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.KernelEvents;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Netns;
import io.vpceni.netlink.Nftables;
import io.vpceni.netlink.SetElements;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whose transactions of nftables those are that the kernel tells of.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class OwnChangesTest {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final OwnChanges own = new OwnChanges();
    private TestNode node;
    private KernelEvents events;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("od");
        events = Netns.call(node.path("node"), () -> KernelEvents.open(new ForeignDatagrams()));
    }

    @AfterEach
    void leaveNothing() throws IOException {
        events.close();
        node.close();
    }

    @Test
    void oursIsOurs() throws IOException {
        try (KernelThreads<Nftables> nftables = context(() -> own.note(Nftables.open()))) {
            add(nftables, "ours");

            assertThat(own.isOwn(transaction())).isTrue();
        }
    }

    /// Its threads have the same names.
    @Test
    void aSecondIpamdsIsSomebodyElses() throws IOException {
        try (KernelThreads<Nftables> _ = context(() -> own.note(Nftables.open()));
                KernelThreads<Nftables> second = context(Nftables::open)) {
            add(second, "theirs");

            assertThat(own.isOwn(transaction())).isFalse();
        }
    }

    @Test
    void anotherProgramsIsSomebodyElses() throws IOException, InterruptedException {
        try (KernelThreads<Nftables> _ = context(() -> own.note(Nftables.open()))) {
            node.in("node", "nft add table ip theirs");

            assertThat(own.isOwn(transaction())).isFalse();
        }
    }

    @Test
    void whatIsClosedIsForgotten() throws IOException {
        KernelEvent told;
        try (KernelThreads<Nftables> nftables = context(() -> own.note(Nftables.open()))) {
            add(nftables, "ours");
            told = transaction();
        }
        assertThat(own.isOwn(told)).isFalse();

        NetlinkSocket socket = Netns.call(node.path("node"), NetlinkSocket::open);
        KernelEvent rule = new KernelEvent.Changed(own.note(socket).port(), KernelEvent.What.RULE);
        assertThat(own.isOwn(rule)).isTrue();
        socket.close();
        assertThat(own.isOwn(rule)).isFalse();
    }

    /// The first socket of each kind that a process opens has its process id; in containers of one pod that is 1 in
    /// each.
    @Test
    void portIdsOfRouteAndNetfilterAreNotMixed() throws IOException {
        try (NetlinkSocket route = own.note(Netns.call(node.path("node"), () -> NetlinkSocket.open()))) {
            assertThat(own.isOwn(new KernelEvent.NftGeneration(route.port(), 0)))
                    .isFalse();
        }
        try (NetlinkSocket netfilter = own.note(Netns.call(node.path("node"), () -> NetlinkSocket.openNetfilter()))) {
            assertThat(own.isOwn(new KernelEvent.NftGeneration(netfilter.port(), 0)))
                    .isTrue();
            assertThat(own.isOwn(new KernelEvent.Changed(netfilter.port(), KernelEvent.What.RULE)))
                    .isFalse();
        }
    }

    /// By which each pod that comes or goes is told from somebody else's transaction.
    @Test
    void anElementThatASocketOfOursAddsIsTheSockets() throws IOException, InterruptedException {
        node.in("node", "nft \"add table ip t; add set ip t s { type iface_index . ipv4_addr; }\"");
        var _ = transaction();
        try (NetlinkSocket ours = own.note(Netns.call(node.path("node"), () -> NetlinkSocket.openNetfilter()));
                NetlinkSocket other = Netns.call(node.path("node"), () -> NetlinkSocket.openNetfilter())) {
            SetElements.SetName set =
                    new SetElements.SetName(new SetElements.TableName(SetElements.Family.IP, "t"), "s");
            ours.transaction(List.of(SetElements.add(set, SetElements.key(1, InetAddress.ofLiteral("10.0.1.21")))));
            assertThat(own.isOwn(transaction())).isTrue();

            other.transaction(List.of(SetElements.add(set, SetElements.key(1, InetAddress.ofLiteral("10.0.1.22")))));
            assertThat(own.isOwn(transaction())).isFalse();
        }
    }

    private KernelThreads<Nftables> context(KernelThreads.Opening<Nftables> opening) throws IOException {
        return Netns.call(node.path("node"), () -> KernelThreads.start("vpc-eni-nft", 1, 1, ANSWER_MAX, opening));
    }

    private static void add(KernelThreads<Nftables> nftables, String table) throws IOException {
        var _ = nftables.call("add a table", nft -> nft.run("add table ip " + table));
    }

    private KernelEvent transaction() throws IOException {
        List<KernelEvent> told = new ArrayList<>();
        while (told.stream().noneMatch(KernelEvent.NftGeneration.class::isInstance)) {
            List<KernelEvent> more = events.await(ANSWER_MAX);
            assertThat(more).as("the kernel tells nothing").isNotEmpty();
            told.addAll(more);
        }
        return told.stream()
                .filter(KernelEvent.NftGeneration.class::isInstance)
                .findFirst()
                .orElseThrow();
    }
}
