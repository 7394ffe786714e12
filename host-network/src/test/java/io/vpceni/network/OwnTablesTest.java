package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Netns;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// When our tables are listed, and what is learnt from it.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class OwnTablesTest {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final OwnTables tables = new OwnTables();
    private TestNode node;
    private KernelThreads<Nftables> nftables;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("ot");
        nftables = Netns.call(
                node.path("node"), () -> KernelThreads.start("vpc-eni-nft", 1, 8, ANSWER_MAX, Nftables::open));
    }

    @AfterEach
    void leaveNothing() throws IOException {
        nftables.close();
        node.close();
    }

    /// The start of ipamd.
    @Test
    void nothingIsListedWhileAllTransactionsAreOurs() throws IOException {
        CountedTable first = new CountedTable("first");
        CountedTable second = new CountedTable("second");
        apply(first);
        apply(second);

        assertThat(repair()).isEmpty();
        assertThat(first.listed).hasValue(0);
        assertThat(second.listed).hasValue(0);
    }

    @Test
    void whatHappensBetweenOurTransactionsIsLookedAt() throws IOException, InterruptedException {
        CountedTable first = new CountedTable("first");
        apply(first);
        node.in("node", "nft flush table ip first");
        apply(new CountedTable("second"));

        assertThat(repair()).containsExactly("first");
        assertThat(first.chains(node)).contains("chain c");
    }

    @Test
    void whatSomebodyElseDidIsLookedAtOnce() throws IOException, InterruptedException {
        CountedTable table = new CountedTable("ours");
        apply(table);
        node.in("node", "nft add table ip theirs");
        repair(); // it learns how the table is listed
        repair();
        int listed = table.listed.get();

        assertThat(repair()).isEmpty();
        assertThat(table.listed).hasValue(listed);
    }

    /// How the table should be listed is not known then.
    @Test
    void theFirstTransactionOfSomebodyElseMayBeTheOneThatBreaksIt() throws IOException, InterruptedException {
        CountedTable table = new CountedTable("ours");
        apply(table);
        node.in("node", "nft delete chain ip ours c");

        assertThat(repair()).containsExactly("ours");
        assertThat(table.chains(node)).contains("chain c");
    }

    @Test
    void aTransactionThatHarmsNothingRepairsNothing() throws IOException, InterruptedException {
        CountedTable table = new CountedTable("ours");
        apply(table);
        node.in("node", "nft add table ip theirs");

        assertThat(repair()).isEmpty();
    }

    /// What is learnt between two of somebody else's transactions may be theirs.
    @Test
    void aTableThatIsChangedWhileItIsLearntIsRepairedAllTheSame() throws IOException, InterruptedException {
        CountedTable table = new CountedTable("ours");
        apply(table);
        node.in("node", "nft add table ip theirs");
        table.beforeListing.add(() -> {}); // before the table is put there anew
        table.beforeListing.add(() -> node.in("node", "nft delete chain ip ours c"));
        repair();
        node.in("node", "nft add table ip more");

        assertThat(repair()).containsExactly("ours");
        assertThat(table.chains(node)).contains("chain c");
    }

    /// A pod that starts waits for none of the listings.
    @Test
    void aPodIsLetInWhileTheTablesAreListed() throws IOException, InterruptedException {
        List<Thread> admitted = new ArrayList<>();
        PodFilter[] filter = new PodFilter[1];
        WiredPods.Entry pod = entry();
        boolean[] meanwhile = {false};
        PodFilter.Listing listing = (nft, family) -> {
            if (admitted.isEmpty() && meanwhile[0]) {
                admitted.add(admitting(filter[0], pod));
                join(admitted.getFirst());
            }
            return TableListing.withoutElements(nft, family, PodFilterRuleset.TABLE);
        };
        filter[0] = new PodFilter(nftables, tables, true, listing);
        filter[0].begin(List.of());
        node.in("node", "nft add table ip theirs");
        repair();
        node.in("node", "nft add table ip more");
        meanwhile[0] = true;

        assertThat(repair()).isEmpty();
        assertThat(admitted).hasSize(1);
        assertThat(node.in("node", "nft list set ip vpc-eni-pods sources")).contains("10.0.1.21");
    }

    private static WiredPods.Entry entry() {
        return new WiredPods.Entry(TestNode.wiring("pod", "10.0.1.21", 0, 1), 7, "eni1", Optional.empty(), 9001, false);
    }

    private Thread admitting(PodFilter filter, WiredPods.Entry pod) {
        return Thread.ofPlatform().start(() -> {
            try (KernelThreads<WiringSockets> host = Netns.call(
                    node.path("node"),
                    () -> KernelThreads.start(
                            "host",
                            1,
                            1,
                            ANSWER_MAX,
                            () -> WiringSockets.open(new OwnChanges()),
                            WiringSockets::isStuckInForeignNetns))) {
                var _ = host.call("admit", place -> {
                    filter.allow(place.netfilter(), pod);
                    return true;
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(ANSWER_MAX.dividedBy(2)))
                    .as("the pod waits for the listing")
                    .isTrue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(CountedTable table) throws IOException {
        var _ = nftables.call("apply", nft -> {
            tables.apply(table, nft);
            return true;
        });
    }

    private List<String> repair() throws IOException {
        return nftables.call("repair", tables::repair);
    }

    /// What somebody else does right then.
    private interface Deed {
        void run() throws IOException, InterruptedException;
    }

    /// A table with one chain.
    private static final class CountedTable implements NftTable {
        final AtomicInteger listed = new AtomicInteger();
        final List<Deed> beforeListing = new ArrayList<>();
        private final ExpectedListing expected = new ExpectedListing();
        private final String name;

        CountedTable(String name) {
            this.name = name;
        }

        String chains(TestNode node) throws IOException, InterruptedException {
            return node.in("node", "nft list table ip " + name);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void apply(Nftables nft) throws NetlinkFailure {
            var _ = nft.run("add table ip " + name + "; delete table ip " + name + "; table ip " + name
                    + " { chain c { counter; }; }");
        }

        @Override
        public boolean repair(Nftables nft) throws NetlinkFailure {
            String found = listing(nft);
            return !expected.is(found) && expected.renew(nft, found, () -> apply(nft), () -> listing(nft));
        }

        private String listing(Nftables nft) throws NetlinkFailure {
            listed.incrementAndGet();
            if (!beforeListing.isEmpty()) {
                try {
                    beforeListing.removeFirst().run();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return TableListing.of(nft, "ip", name).text();
        }
    }
}
