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
/// Methods may be called from any thread, also a virtual one. They block until a thread of this object has done
/// the work, up to a time limit. An interrupt ends the wait with [NetworkFailure.Kind#OUTCOME_UNKNOWN]; the work
/// continues.
public final class HostNetwork implements NodeKernel {

    /// Two are enough to keep the kernel's single lock for links busy; more hide a slow answer.
    private static final int HOST_THREADS = 4;

    /// Four times the number of pods that a node can have.
    private static final int WAITING_MAX = 1024;

    /// Wiring takes about a millisecond. This limit is for an overloaded machine.
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final NetworkSettings settings;
    private final KernelThreads<WiringSockets> host;
    private final KernelThreads<NetlinkSocket> enis;
    private final KernelThreads<Nftables> nftables;
    private final LinkReaper reaper;
    private final AltNames altNames;
    private final WiredPods wired = new WiredPods();

    /// Pods of an earlier ipamd for a link that can belong to any of them. They are kept and not repaired.
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

    /// Opens sockets and starts threads in the namespace of the calling thread, which must be a platform
    /// thread.
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

    /// Configures the primary ENI's link: MTU, forwarding, loose reverse path filter, its table, and the rules
    /// for marked packets and for packets of its subnet. Idempotent. Waits up to 30 s for the link.
    @Override
    public void setUpPrimary(EniLink primary) throws NetworkFailure {
        DesiredEni wanted = links.await(
                primary.mac(),
                () -> enis.call("set up the primary ENI", socket -> eniSetup.setUpPrimary(socket, primary)));
        primaryLink = wanted.linkIndex();
        setUp.add(wanted);
    }

    /// Configures a secondary ENI's link: MTU, up, its address, a table with its router, rule 32765.
    /// Idempotent. Waits up to 30 s for the link. If the link did not appear, later calls check once and do
    /// not wait. No other caller waits meanwhile.
    ///
    /// @throws NetworkFailure LINK_NOT_FOUND: the link does not exist
    /// @throws IllegalArgumentException for card 0 device 0, which is the primary ENI
    @Override
    public void setUpEni(EniLink eni) throws NetworkFailure {
        if (eni.isPrimary()) {
            throw new IllegalArgumentException("card 0 device 0 is the primary ENI: " + eni);
        }
        setUp.add(links.await(
                eni.mac(),
                () -> enis.call("set up the ENI " + eni.mac(), socket -> eniSetup.setUpSecondary(socket, eni))));
    }

    /// Replaces the nftables table `ip vpc-eni` in one transaction: either the old rules apply or the new
    /// ones.
    ///
    /// @throws IllegalStateException before [#setUpPrimary], which learns the link's name
    @Override
    public void applyNat(NatRules rules) throws NetworkFailure {
        Integer primary = primaryLink;
        if (primary == null) {
            throw new IllegalStateException("the primary ENI is not set up yet");
        }
        String commands = NatRuleset.replacement(settings, rules, primary);
        applyTable(new NatTable(commands));
    }

    /// Applies one of our tables, and again whenever another program has changed it.
    void applyTable(NftTable table) throws NetworkFailure {
        var _ = nftables.call("replace the nftables table " + table.name(), nft -> {
            tables.apply(table, nft);
            return true;
        });
    }

    /// Wires the sandbox, in about a millisecond. If a step fails, or if the caller no longer waits for the
    /// answer, the steps are undone. If the same wiring was already done for the sandbox, the answer is the
    /// same. The descriptor stays open; the caller may close it after the call, whatever the result.
    ///
    /// @throws NetworkFailure OUTCOME_UNKNOWN: the wiring may still happen and is then undone automatically;
    ///     OWN_NAMESPACE: the sandbox's namespace is the node's
    @Override
    public WiredPod wire(PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        NetnsFd held = netns.share();
        return host.call("wire " + wiring.key().containerId(), new KernelThreads.Work<WiringSockets, WiredPod>() {
            // A running pod has it already: what it has is not undone.
            private boolean again;

            @Override
            public WiredPod run(WiringSockets sockets) throws NetworkFailure {
                again = wired.find(wiring.identity()).isPresent();
                PodWirer.Done done = pods.wire(sockets, wiring, held);
                allow(sockets, done, again);
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

    /// Starts to repair changes that other programs make in the kernel, and those that they have made already.
    /// It covers everything that is wired, set up and kept now or later. Call it once.
    ///
    /// @param nanos a monotonic time in nanoseconds
    /// @throws NetworkFailure when the kernel's events cannot be received; nothing is repaired then
    @Override
    public void watchDrift(DriftListener listener, LongSupplier nanos) throws NetworkFailure {
        watch = host.call(
                "receive kernel events",
                _ -> DriftWatch.start(drift, listener, foreign, nanos)); // in the node's namespace
    }

    /// Why no packets leave by that ENI at the moment; empty: no problem is known.
    @Override
    public Optional<String> lost(MacAddress eni) {
        DriftWatch watching = watch;
        return watching == null ? Optional.empty() : setUp.find(eni).flatMap(watching::lost);
    }

    /// Packets of the sandbox are dropped until this is called, because its link is in its group from its
    /// creation on.
    private void allow(WiringSockets sockets, PodWirer.Done done, boolean again) throws NetworkFailure {
        try {
            filter.expel(sockets.netfilter(), done.displaced());
            filter.allow(sockets.netfilter(), done.entry());
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
        return new PodUnwiring(wiring.key(), wiring.pod(), wiring.address());
    }

    /// Removes rules and route at once, and the link within about half a second. Idempotent.
    @Override
    public void unwire(PodUnwiring unwiring) throws NetworkFailure {
        var _ = host.call("unwire " + unwiring.key().containerId(), sockets -> {
            takeAway(sockets, unwiring);
            return true;
        });
    }

    /// Compares with what was wired, in a few milliseconds: dumps of the node and of the sandbox.
    @Override
    public List<String> check(PodExpectation expected, NetnsFd netns) throws NetworkFailure {
        NetnsFd held = netns.share();
        return host.call(
                "check " + expected.key().containerId(), new KernelThreads.Work<WiringSockets, List<String>>() {
                    @Override
                    public List<String> run(WiringSockets sockets) throws NetworkFailure {
                        return differences(sockets, expected, held);
                    }

                    @Override
                    public void end() {
                        held.close();
                    }
                });
    }

    private List<String> differences(WiringSockets sockets, PodExpectation expected, NetnsFd netns)
            throws NetworkFailure {
        Optional<WiredPods.Entry> known = wired.find(expected.identity()).or(() -> doubted.find(expected.identity()));
        if (known.isEmpty()) {
            return List.of("ipamd has not wired this sandbox, or its link is gone");
        }
        WiredPods.Entry entry = known.get();
        List<String> differences = new ArrayList<>(drift.differences(sockets.host(), entry));
        differences.addAll(filter.differences(sockets.netfilter(), entry));
        try (NetlinkSocket pod =
                PodWirer.at("enter the sandbox", () -> sockets.netnsSwitch().open(netns))) {
            PodCheck.Inside inside = PodCheck.Inside.look(pod, expected.key().interfaceName());
            differences.addAll(PodCheck.differences(expected, entry, inside));
        }
        return List.copyOf(differences);
    }

    private boolean isEni(int linkIndex) {
        return setUp.all().stream().anyMatch(eni -> eni.linkIndex() == linkIndex);
    }

    /// Keeps sandboxes that an earlier ipamd or the AWS VPC CNI wired. Those whose link is not in the survey
    /// are left out. Call it at start, before [#wire] and [#unwire].
    ///
    /// @param pods with the addresses and ENIs that they should have
    @Override
    public void keep(HostSurvey survey, List<PodWiring> pods) {
        for (PodWiring pod : pods) {
            survey.entry(pod).filter(entry -> !isEni(entry.linkIndex())).ifPresent(this.pods::keep);
        }
        survey.knownByName().stream()
                .filter(entry -> wired.find(entry.identity()).isEmpty())
                .forEach(doubted::add);
    }

    /// From now on the node drops packets of pods with a source address that is not the pod's, and packets
    /// that would change the node's network. One transaction replaces what an earlier ipamd had in the kernel.
    /// Call it at start, after [#keep] and before any wiring.
    @Override
    public void filterPods(HostSurvey survey) throws NetworkFailure {
        List<WiredPods.Entry> pods = new ArrayList<>(survey.sandboxes());
        wired.all().stream().filter(WiredPods.Entry::adopted).forEach(pods::add);
        filter.begin(pods);
    }

    /// Netlink messages to this object's sockets that did not come from the kernel. All of them were
    /// discarded.
    @Override
    public ForeignDatagrams.Seen foreignDatagrams() {
        return foreign.seen();
    }

    /// Dropped packets of pods since the last call, with the reason. For one caller, every few seconds.
    @Override
    public List<PodDrops> podDrops() throws NetworkFailure {
        return host.call("count pods' dropped packets", sockets -> filter.drops(sockets.netfilter()));
    }

    /// Deletes a link of ours whose sandbox was unwired, within about half a second. No error if it is gone.
    ///
    /// @throws NetworkFailure of kind FOREIGN_LINK when the link is not ours
    @Override
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

    /// Deletes the links of all sandboxes that were unwired so far, and waits for it: 16 ms and more.
    void reapLinks() throws NetworkFailure {
        reaper.reap();
    }

    /// Objects of other CNI plugins that are left on the node. Reads only, a few dumps.
    @Override
    public List<Leftover> leftovers() throws NetworkFailure {
        return host.call("find what other CNI plugins left", sockets -> {
            try (NetlinkSocket netfilter = NetlinkSocket.openNetfilter()) {
                return Leftovers.find(sockets.host(), netfilter, settings.vethPrefix());
            }
        });
    }

    /// Removes the AWS VPC CNI's rules and chains from nftables in one transaction: all of them or none, and
    /// nothing of another program.
    ///
    /// @return whether there were any
    @Override
    public boolean removeAwsRules() throws NetworkFailure {
        Leftovers.AwsRules aws = host.call("find rules of the AWS VPC CNI", sockets -> {
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

    /// The wired sandboxes, as the kernel has them. Three dumps.
    @Override
    public HostSurvey survey() throws NetworkFailure {
        HostNames names = new HostNames(settings.vethPrefix());
        return host.call("read the wired pods", sockets -> HostSurvey.take(sockets.host(), names));
    }

    /// The same, for a start. A link that has lost the information that identifies its sandbox is assigned to
    /// the sandbox whose record predicts that link.
    ///
    /// @param records of earlier ipamd processes, older ones first
    @Override
    public HostSurvey survey(List<RecordedPod> records) throws NetworkFailure {
        HostNames names = new HostNames(settings.vethPrefix());
        return host.call("read the wired pods", sockets -> HostSurvey.takeAtStart(sockets.host(), names, records));
    }

    /// Sandboxes that are kept here and whose link is in the survey without our alias, with or without a
    /// route: the AWS VPC CNI wired them, or the alias is lost.
    @Override
    public List<WiredPodFound> nameless(HostSurvey survey) {
        return Stream.concat(wired.all().stream(), doubted.all().stream())
                .flatMap(entry -> survey.nameless(entry).stream())
                .toList();
    }

    /// The wired sandboxes, as the kernel has them. Sorted by host interface.
    public List<WiredPodFound> recover() throws NetworkFailure {
        return survey().pods();
    }

    /// Deletes rules 512 and 1536 that belong to no sandbox: rules of pods whose link is gone (a crash between
    /// two steps, a sandbox that ended by itself), and rules of the AWS VPC CNI. May run while pods are added
    /// and deleted: it does not touch sandboxes that were wired after the survey, nor objects of other
    /// programs. Also adds the alternative names that are free now.
    ///
    /// @param ownAddresses secondary addresses of the node's ENIs; rules about other addresses stay
    /// @return the number of deleted rules
    @Override
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

    /// Removes what stays in the kernel after a secondary ENI was detached: its rules. Its routes disappeared
    /// with its link. No error if they are gone.
    @Override
    public void takeDownEni(EniLink eni) throws NetworkFailure {
        var _ = enis.call("take down the ENI " + eni.mac(), socket -> {
            setUp.remove(eni.mac());
            links.forget(eni.mac());
            eniSetup.takeDown(socket, eni);
            return true;
        });
    }

    /// Ends the threads and deletes the links that wait for deletion. Pods stay wired.
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
