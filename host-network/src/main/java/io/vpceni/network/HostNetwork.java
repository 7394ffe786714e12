package io.vpceni.network;

import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.Nftables;
import io.vpceni.netlink.Rule;
import io.vpceni.network.drift.DesiredEni;
import io.vpceni.network.drift.DriftListener;
import io.vpceni.network.drift.DriftWatch;
import io.vpceni.network.drift.NftTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The node's network: the namespace of the thread that opened this.
///
/// Methods may be called from any thread, virtual ones too; they block until a thread of this object has done the work,
/// within a bound. An interrupt ends the wait with [NetworkFailure.Kind#OUTCOME_UNKNOWN]; the work goes on.
public final class HostNetwork implements AutoCloseable {

    /// Two are enough to keep the kernel's one lock for links busy; more hide a slow answer.
    private static final int HOST_THREADS = 4;

    /// Four times the pods that a node can hold.
    private static final int WAITING_MAX = 1024;

    /// A wiring takes about a millisecond; this is the bound for a machine in distress.
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final NetworkSettings settings;
    private final KernelThreads<WiringSockets> host;
    private final KernelThreads<NetlinkSocket> enis;
    private final KernelThreads<Nftables> nftables;
    private final LinkReaper reaper;
    private final AltNames altNames;
    private final WiredPods wired = new WiredPods();

    /// Of an earlier ipamd, each perhaps the one behind a link that tells no more: they are not repaired, only
    /// kept.
    private final WiredPods doubted = new WiredPods();

    private final PodFilter filter;
    private final PodWirer pods;
    private final RuleSweep ruleSweep;
    private final EniSetup eniSetup;
    private final LinkWait links = new LinkWait();
    private final SetUpEnis setUp = new SetUpEnis();
    private final OwnTables tables = new OwnTables();
    private final NodeDrift drift;
    private final ForeignDatagrams foreign;
    private volatile @Nullable Integer primaryLink; // its index
    private volatile @Nullable DriftWatch watch;

    private HostNetwork(
            NetworkSettings settings,
            KernelThreads<WiringSockets> host,
            KernelThreads<NetlinkSocket> enis,
            KernelThreads<Nftables> nftables,
            LinkReaper reaper,
            AltNames altNames,
            OwnChanges own) {
        this.settings = settings;
        this.host = host;
        this.enis = enis;
        this.nftables = nftables;
        this.reaper = reaper;
        this.altNames = altNames;
        AddressLocks locks = new AddressLocks();
        this.pods = new PodWirer(settings, RandomGenerator.of("SecureRandom"), reaper, wired, altNames, locks);
        this.ruleSweep = new RuleSweep(wired, locks);
        this.filter = new PodFilter(nftables, tables, settings.podSourceCheck());
        this.eniSetup = new EniSetup(settings);
        this.foreign = own.foreign();
        NodeFirewall firewall = new NodeFirewall(settings, setUp);
        this.drift = new NodeDrift(settings, wired, setUp, tables, nftables, own, firewall);
    }

    /// Opens sockets and starts threads in the calling (platform) thread's namespace.
    public static HostNetwork open(NetworkSettings settings) throws NetworkFailure {
        OwnChanges own = new OwnChanges();
        KernelThreads<WiringSockets> host = KernelThreads.start(
                "netlink-host",
                HOST_THREADS,
                WAITING_MAX,
                ANSWER_WITHIN,
                () -> WiringSockets.open(own),
                WiringSockets::isStuckInForeignNetns);
        try {
            return open(settings, host, own);
        } catch (NetworkFailure e) {
            host.close();
            throw e;
        }
    }

    private static HostNetwork open(NetworkSettings settings, KernelThreads<WiringSockets> host, OwnChanges own)
            throws NetworkFailure {
        KernelThreads<Nftables> nftables = KernelThreads.start(
                "vpc-eni-nft", 1, WAITING_MAX, ANSWER_WITHIN, () -> own.note(Nftables.open(own.foreign())));
        try {
            KernelThreads<NetlinkSocket> enis = KernelThreads.start(
                    "netlink-eni", 1, WAITING_MAX, ANSWER_WITHIN, () -> own.note(NetlinkSocket.open(own.foreign())));
            AltNames altNames = new AltNames();
            LinkReaper reaper = new LinkReaper(
                    KernelThreads.start(
                            "link-reaper",
                            1,
                            WAITING_MAX,
                            ANSWER_WITHIN,
                            () -> own.note(NetlinkSocket.open(own.foreign()))),
                    altNames);
            reaper.start();
            return new HostNetwork(settings, host, enis, nftables, reaper, altNames, own);
        } catch (NetworkFailure e) {
            nftables.close();
            throw e;
        }
    }

    /// The primary ENI's link: MTU, forwarding, loose reverse path, its table, and the rules for marked packets and
    /// for those of its subnet. Idempotent. Waits up to 30 s for the link.
    public void setUpPrimary(EniLink primary) throws NetworkFailure {
        DesiredEni wanted = links.await(
                primary.mac(),
                () -> enis.call("set up the primary ENI", socket -> eniSetup.setUpPrimary(socket, primary)));
        primaryLink = wanted.linkIndex();
        setUp.add(wanted);
    }

    /// A secondary ENI's link: MTU, up, its address, a table with its router, rule 32765. Idempotent. Waits up
    /// to 30 s for the link, and not again when it did not come: then it only looks. Nobody else waits
    /// meanwhile.
    ///
    /// @throws NetworkFailure LINK_NOT_FOUND: the link is not there
    /// @throws IllegalArgumentException for card 0 device 0, which is the primary ENI
    public void setUpEni(EniLink eni) throws NetworkFailure {
        if (eni.networkCard() == 0 && eni.deviceIndex() == 0) {
            throw new IllegalArgumentException("card 0 device 0 is the primary ENI: " + eni);
        }
        setUp.add(links.await(
                eni.mac(),
                () -> enis.call("set up the ENI " + eni.mac(), socket -> eniSetup.setUpSecondary(socket, eni))));
    }

    /// Replaces the nftables table `ip vpc-eni` in one transaction: the old rules apply, or the new.
    ///
    /// @throws IllegalStateException before [#setUpPrimary], which learns the link's name
    public void applyNat(NatRules rules) throws NetworkFailure {
        Integer primary = primaryLink;
        if (primary == null) {
            throw new IllegalStateException("the primary ENI is not set up yet");
        }
        String commands = NatRuleset.replacement(settings, rules, primary);
        applyTable(new NatTable(commands));
    }

    /// Puts a table of ours there, and again whenever somebody else has changed it.
    void applyTable(NftTable table) throws NetworkFailure {
        var _ = nftables.call("replace the nftables table " + table.name(), nft -> {
            tables.apply(table, nft);
            return true;
        });
    }

    /// Wires the sandbox; about a millisecond. What was done is undone when a step fails, and when the caller
    /// no longer waits for the answer. A sandbox that the same wiring was done for already: the same answer.
    /// The descriptor stays open; the caller may close it whatever became of the call.
    ///
    /// @throws NetworkFailure OUTCOME_UNKNOWN: the wiring may still happen and is then undone by itself;
    ///   OWN_NAMESPACE: the sandbox's namespace is the node's
    public WiredPod wire(PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        NetnsFd held = netns.share();
        return host.call("wire " + wiring.containerId(), new KernelThreads.Work<WiringSockets, WiredPod>() {
            // A running pod has it already: what it has is not undone.
            private boolean again;

            @Override
            public WiredPod run(WiringSockets sockets) throws NetworkFailure {
                again = wired.find(wiring.identity()).isPresent();
                PodWirer.Done done = pods.wire(sockets, wiring, held);
                admit(sockets, done, again);
                var _ = doubted.remove(wiring.identity());
                return done.pod();
            }

            @Override
            public void unwanted(WiringSockets sockets) throws NetworkFailure {
                if (!again) {
                    takeAway(sockets, unwiring(wiring));
                }
            }

            @Override
            public void end() {
                held.close();
            }
        });
    }

    /// From now on what somebody else changes in the kernel is repaired, and what is otherwise already: what is
    /// wired, set up and kept so far, and all that will be. Once.
    ///
    /// @param nanos the time in nanoseconds since whenever
    /// @throws NetworkFailure when the kernel does not let itself be listened to; nothing is repaired then
    public void watchDrift(DriftListener listener, LongSupplier nanos) throws NetworkFailure {
        watch = host.call(
                "listen to the kernel",
                _ -> DriftWatch.start(drift, listener, foreign, nanos)); // in the node's namespace
    }

    /// Why nothing leaves by that ENI at the moment; empty: nothing is known against it.
    public Optional<String> lost(MacAddress eni) {
        DriftWatch watching = watch;
        return watching == null ? Optional.empty() : setUp.find(eni).flatMap(watching::lost);
    }

    /// Until then nothing that the sandbox sends is let in, for its link is in its group from the first moment on.
    private void admit(WiringSockets sockets, PodWirer.Done done, boolean again) throws NetworkFailure {
        try {
            filter.expel(sockets.netfilter(), done.displaced());
            filter.admit(sockets.netfilter(), done.entry());
        } catch (NetworkFailure e) {
            if (!again) {
                undo(sockets, done.entry().wiring(), e);
            }
            throw e;
        }
    }

    private void undo(WiringSockets sockets, PodWiring wiring, NetworkFailure because) {
        try {
            takeAway(sockets, unwiring(wiring));
        } catch (NetworkFailure e) {
            because.addSuppressed(e);
        }
    }

    private void takeAway(WiringSockets sockets, PodUnwiring unwiring) throws NetworkFailure {
        var _ = doubted.remove(unwiring.identity());
        pods.unwire(sockets.host(), unwiring);
        filter.expel(sockets.netfilter(), unwiring.identity());
    }

    private static PodUnwiring unwiring(PodWiring wiring) {
        return new PodUnwiring(
                wiring.network(),
                wiring.containerId(),
                wiring.interfaceName(),
                wiring.podNamespace(),
                wiring.podName(),
                wiring.address());
    }

    /// Takes rules and route away now and the link within about half a second. Idempotent.
    public void unwire(PodUnwiring unwiring) throws NetworkFailure {
        var _ = host.call("unwire " + unwiring.containerId(), sockets -> {
            takeAway(sockets, unwiring);
            return true;
        });
    }

    private boolean isEni(int linkIndex) {
        return setUp.all().stream().anyMatch(eni -> eni.linkIndex() == linkIndex);
    }

    /// These sandboxes were wired by an earlier ipamd, or by the AWS VPC CNI, and are to stay so. Those whose
    /// link the survey does not show are left out. For the start, before [#wire] and [#unwire].
    ///
    /// @param pods with the addresses and ENIs that they are to have
    public void keep(HostSurvey survey, List<PodWiring> pods) {
        for (PodWiring pod : pods) {
            survey.entry(pod).filter(entry -> !isEni(entry.linkIndex())).ifPresent(this.pods::keep);
        }
        survey.knownByName().stream()
                .filter(entry -> wired.find(entry.identity()).isEmpty())
                .forEach(doubted::add);
    }

    /// From now on pods send with their own addresses only, and nothing by which they would change the node's
    /// network. One transaction replaces what an earlier ipamd had in the kernel. For the start, after [#keep]
    /// and before any wiring.
    public void filterPods(HostSurvey survey) throws NetworkFailure {
        List<WiredPods.Entry> pods = new ArrayList<>(survey.sandboxes());
        wired.all().stream().filter(WiredPods.Entry::adopted).forEach(pods::add);
        filter.begin(pods);
    }

    /// Netlink messages to this object's sockets that did not come from the kernel; none of them was believed.
    public ForeignDatagrams.Seen foreignDatagrams() {
        return foreign.seen();
    }

    /// What pods' packets were dropped for since the last call. One caller, every few seconds.
    public List<PodDrops> podDrops() throws NetworkFailure {
        return host.call("count pods' dropped packets", sockets -> filter.drops(sockets.netfilter()));
    }

    /// Deletes one of our links whose sandbox was unwired, within about half a second. Gone already is fine.
    ///
    /// @throws NetworkFailure of kind FOREIGN_LINK when the link is not ours
    public void removeLink(String hostInterface) throws NetworkFailure {
        var _ = host.call("remove " + hostInterface, sockets -> {
            Optional<Link> found = sockets.host().link(hostInterface);
            if (found.isPresent()) {
                Link link = found.get();
                if (!HostSurvey.isOurs(link)) {
                    throw new NetworkFailure(
                            NetworkFailure.Kind.FOREIGN_LINK, "remove the link", hostInterface + " is not ours");
                }
                reaper.add(link.index());
            }
            return true;
        });
    }

    /// Deletes the links of what was unwired so far now, and waits for it: 16 ms and more.
    void reapLinks() throws NetworkFailure {
        reaper.reap();
    }

    /// What other CNI plugins left on the node. Reads only; a few dumps.
    public List<Leftover> leftovers() throws NetworkFailure {
        return host.call("look for what other CNI plugins left", sockets -> {
            try (NetlinkSocket netfilter = NetlinkSocket.openNetfilter()) {
                return Leftovers.find(sockets.host(), netfilter, settings.vethPrefix());
            }
        });
    }

    /// Takes the AWS VPC CNI's rules and chains out of nftables in one transaction: all of them or none, and
    /// nothing of anybody else's.
    ///
    /// @return whether there were any
    public boolean removeAwsRules() throws NetworkFailure {
        Leftovers.AwsRules aws = host.call("look for rules of the AWS VPC CNI", sockets -> {
            try (NetlinkSocket netfilter = NetlinkSocket.openNetfilter()) {
                return Leftovers.awsRules(netfilter);
            }
        });
        if (aws.isEmpty()) {
            return false;
        }
        var _ = nftables.call("remove the AWS VPC CNI's rules", nft -> nft.run(AwsRulesRemoval.of(aws)));
        return true;
    }

    /// What is wired, as the kernel remembers it. Three dumps.
    public HostSurvey survey() throws NetworkFailure {
        HostNames names = new HostNames(settings.vethPrefix());
        return host.call("read what is wired", sockets -> HostSurvey.take(sockets.host(), names));
    }

    /// The same, for a start: links that have lost what told whose they are count for the sandboxes that records of
    /// earlier ipamd processes predict behind them.
    ///
    /// @param records older ones first
    public HostSurvey survey(List<RecordedPod> records) throws NetworkFailure {
        HostNames names = new HostNames(settings.vethPrefix());
        return host.call("read what is wired", sockets -> HostSurvey.takeAtStart(sockets.host(), names, records));
    }

    /// Sandboxes that are kept here and whose link the survey shows without an alias of ours, with or without a
    /// route: the AWS VPC CNI wired them, or the alias is lost.
    public List<WiredPodFound> nameless(HostSurvey survey) {
        return Stream.concat(wired.all().stream(), doubted.all().stream())
                .flatMap(entry -> survey.nameless(entry).stream())
                .toList();
    }

    /// What is wired, as the kernel remembers it. Sorted by host interface.
    public List<WiredPodFound> recover() throws NetworkFailure {
        return survey().pods();
    }

    /// Deletes rules 512 and 1536 that no sandbox stands behind: of pods whose link is gone (a crash between two
    /// steps, a sandbox that went by itself), and what the AWS VPC CNI left. While pods come and go: what was
    /// wired since the survey is not touched, nor anything of anyone else's. Also gives links the second names
    /// that are free by now.
    ///
    /// @param ownAddresses secondary addresses of the node's ENIs; rules about others stay
    /// @return how many rules went
    public int sweep(HostSurvey survey, Set<InetAddress> ownAddresses) throws NetworkFailure {
        List<Rule> leftOver = survey.leftOver(ownAddresses);
        return host.call("delete left-over rules", sockets -> {
            List<WiredPods.Entry> gone = new ArrayList<>();
            int swept;
            try {
                swept = ruleSweep.sweep(sockets.host(), leftOver, gone);
            } finally {
                gone.forEach(pod -> altNames.forget(pod.linkIndex()));
                filter.expel(sockets.netfilter(), gone);
            }
            altNames.give(sockets.host());
            return swept;
        });
    }

    /// Takes away what stays in the kernel of a secondary ENI that was detached: its rules. Its link took the
    /// routes with it. Gone already is fine.
    public void takeDownEni(EniLink eni) throws NetworkFailure {
        var _ = enis.call("take down the ENI " + eni.mac(), socket -> {
            setUp.remove(eni.mac());
            links.forget(eni.mac());
            eniSetup.takeDown(socket, eni);
            return true;
        });
    }

    /// Ends the threads and deletes the links that still wait for it; pods stay wired.
    @Override
    public void close() {
        DriftWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        host.close();
        enis.close();
        nftables.close();
        reaper.close();
    }
}
