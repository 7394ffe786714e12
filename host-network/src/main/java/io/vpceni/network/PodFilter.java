package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkRequest;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Nftables;
import io.vpceni.netlink.SetElements;
import io.vpceni.network.drift.NftTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jnr.constants.platform.linux.Errno;

/// What pods may send: the kernel's tables of [PodFilterRuleset], and the links and addresses that belong in them.
/// May be called from any platform thread.
///
/// Adding or deleting a pod changes an element or two, sent on the thread that wires (0.01 ms). If the tables are
/// missing, for example after `nft flush ruleset`, the first change that notices it creates all of them again. The
/// drift watch does so too.
final class PodFilter implements NftTable {

    private static final List<String> FAMILIES = List.of("ip", "ip6", "arp");

    /// While pods are added and deleted, a count of elements means nothing, and each listing takes
    /// milliseconds.
    private static final int LOOKS_MAX = 3;

    private final KernelThreads<Nftables> nftables;
    private final OwnTables tables;
    private final boolean sourceCheck;
    private final Listing listing;

    /// Shared: one element changes. Exclusive: no element changes, while all are sent to the kernel as a
    /// whole.
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private final PodHostLinks senders = new PodHostLinks();

    /// For all families, without elements.
    private final ExpectedListing expected = new ExpectedListing();

    /// The value of each packet counter when it was last read, by link.
    private final Map<SetElements.SetName, Map<Integer, Long>> counted = new HashMap<>();

    /// A pod's link and what may come from it.
    ///
    /// @param checked false: any source is allowed
    /// @param adopted the link is in none of [LinkGroups]
    record Sender(PodWiring pod, int linkIndex, boolean checked, boolean adopted) {
        InetAddress address() {
            return pod.address();
        }

        PodIdentity identity() {
            return pod.identity();
        }
    }

    /// Lists the table of one family, with the number of its elements.
    interface Listing {
        TableListing of(Nftables nft, String family) throws NetlinkFailure;
    }

    /// @param nftables one thread
    /// @param sourceCheck false: every pod's packets may have any source
    PodFilter(KernelThreads<Nftables> nftables, OwnTables tables, boolean sourceCheck) {
        this(
                nftables,
                tables,
                sourceCheck,
                (nft, family) -> TableListing.withoutElements(nft, family, PodFilterRuleset.TABLE));
    }

    PodFilter(KernelThreads<Nftables> nftables, OwnTables tables, boolean sourceCheck, Listing listing) {
        this.nftables = nftables;
        this.tables = tables;
        this.sourceCheck = sourceCheck;
        this.listing = listing;
    }

    /// Sets the desired state and applies it in one transaction. Meanwhile no allowed packet is dropped, and
    /// no other packet passes.
    void begin(Collection<WiredPods.Entry> pods) throws NetworkFailure {
        for (WiredPods.Entry pod : pods) {
            var _ = senders.put(sender(pod));
        }
        reapply();
    }

    /// Applies the whole desired state in one transaction, whatever the kernel has.
    void reapply() throws NetworkFailure {
        var _ = nftables.call("replace the pods' packet filter", nft -> {
            tables.apply(this, nft);
            return true;
        });
    }

    @Override
    public String name() {
        return PodFilterRuleset.TABLE;
    }

    @Override
    public void apply(Nftables nft) throws NetlinkFailure {
        lock.writeLock().lock();
        try {
            replace(nft);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void replace(Nftables nft) throws NetlinkFailure {
        var _ = nft.run(PodFilterRuleset.replacement(senders.all(), PodFilterRuleset.Ipv6Pods.NONE));
    }

    /// Compares the tables with the kernel and replaces them if they differ. Elements are counted, not
    /// compared: removing one changes the count. Pods may be added and deleted during the listing. Only if
    /// something seems wrong do they wait, and the tables are listed once more.
    @Override
    public boolean repair(Nftables nft) throws NetlinkFailure {
        for (int look = 1; look <= LOOKS_MAX; look++) {
            List<Sender> before = atRest();
            Map<String, TableListing> found = list(nft);
            boolean unchanged = before.equals(senders.all());
            if (!expected.is(text(found)) || (unchanged && !hasAllElements(found, before))) {
                break; // something seems amiss
            }
            if (unchanged || look == LOOKS_MAX) {
                return false; // pods came or went meanwhile: the rest is correct, and the elements are compared when
                // nothing changes
            }
        }
        lock.writeLock().lock();
        try {
            return repairAtRest(nft);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// The desired senders, at a moment at which no element is on its way to the kernel.
    private List<Sender> atRest() {
        lock.writeLock().lock();
        try {
            return senders.all();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private boolean repairAtRest(Nftables nft) throws NetlinkFailure {
        List<Sender> all = senders.all();
        Map<String, TableListing> found = list(nft);
        if (isIntact(found, all)) {
            return false;
        }
        boolean otherwise = expected.renew(nft, text(found), () -> replace(nft), () -> text(list(nft)));
        return otherwise || !hasAllElements(found, all);
    }

    private boolean isIntact(Map<String, TableListing> found, List<Sender> all) {
        return expected.is(text(found)) && hasAllElements(found, all);
    }

    /// By family.
    private Map<String, TableListing> list(Nftables nft) throws NetlinkFailure {
        Map<String, TableListing> listed = new TreeMap<>();
        for (String family : FAMILIES) {
            listed.put(family, listing.of(nft, family));
        }
        return listed;
    }

    private static String text(Map<String, TableListing> listed) {
        return listed.values().stream().map(TableListing::text).collect(Collectors.joining("\n"));
    }

    private static boolean hasAllElements(Map<String, TableListing> listed, List<Sender> all) {
        return listed.entrySet().stream()
                .allMatch(
                        table -> hasAllElements(table.getKey(), table.getValue().elements(), all));
    }

    private static boolean hasAllElements(String family, Map<String, Integer> elements, List<Sender> all) {
        int checked = (int) all.stream().filter(Sender::checked).count();
        int adopted = (int) all.stream().filter(Sender::adopted).count();
        boolean byFamily = family.equals("ip6")
                || (elements.getOrDefault("sources", 0) == checked
                        && elements.getOrDefault("any-source", 0) == all.size() - checked);
        return byFamily && elements.getOrDefault("adopted", 0) == adopted;
    }

    /// From now on the pod may send. No error if it may already. The earlier elements of its link are removed
    /// in the same transaction: a link of the AWS VPC CNI can have become ours.
    void allow(NetlinkSocket netfilter, WiredPods.Entry pod) throws NetworkFailure {
        Sender sender = sender(pod);
        boolean done;
        lock.readLock().lock();
        try {
            List<Element> stale = senders.put(sender).map(PodFilter::elements).orElseGet(ArrayList::new);
            List<NetlinkRequest> changes = new ArrayList<>();
            for (Element element : elements(sender)) {
                changes.add(element.add());
                stale.remove(element);
            }
            stale.forEach(element -> changes.add(element.delete()));
            done = PodWirer.at("allow the pod in the packet filter", () -> transactionUnlessGone(netfilter, changes));
        } finally {
            lock.readLock().unlock();
        }
        if (!done) {
            reapply();
        }
    }

    /// What keeps the pod from sending, in words. Changes nothing.
    List<String> differences(NetlinkSocket netfilter, WiredPods.Entry pod) throws NetworkFailure {
        List<String> differences = new ArrayList<>();
        for (Element element : elements(sender(pod))) {
            SetElements.SetName set = element.set();
            boolean isThere = PodWirer.at("read the pods' packet filter", () -> elementsOf(netfilter, set)).stream()
                    .anyMatch(there -> there.linkIndex() == element.linkIndex());
            if (!isThere) {
                differences.add("the nftables set '" + set.set() + "' of the table "
                        + set.table().family().name().toLowerCase(Locale.ROOT) + " "
                        + set.table().name()
                        + " lacks the pod's link, or the table is missing");
            }
        }
        return differences;
    }

    /// From now on the pod's packets are dropped. No error if they are already.
    void expel(NetlinkSocket netfilter, PodIdentity identity) throws NetworkFailure {
        expel(netfilter, () -> senders.removeOf(identity));
    }

    /// The same for pods that are no longer wired. Other links of the same pods may still send.
    void expel(NetlinkSocket netfilter, List<WiredPods.Entry> gone) throws NetworkFailure {
        if (!gone.isEmpty()) {
            expel(netfilter, () -> senders.removeAll(gone));
        }
    }

    private void expel(NetlinkSocket netfilter, Supplier<List<Sender>> removal) throws NetworkFailure {
        lock.readLock().lock();
        try {
            for (Sender sender : removal.get()) {
                List<NetlinkRequest> deletions =
                        elements(sender).stream().map(Element::delete).toList();
                PodWirer.at("remove the pod from the packet filter", () -> deleteAll(netfilter, deletions));
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Packets dropped since the last call. Counters of links that no longer belong to a pod are read a last
    /// time.
    List<PodDrops> drops(NetlinkSocket netfilter) throws NetworkFailure {
        List<PodDrops> drops = new ArrayList<>();
        Map<Integer, Sender> now = new HashMap<>();
        senders.all().forEach(sender -> now.put(sender.linkIndex(), sender));
        for (PodDrop why : PodDrop.values()) {
            for (SetElements.SetName set : why.sets()) {
                for (SetElements.Counted element : PodWirer.at("count drops", () -> elementsOf(netfilter, set))) {
                    Optional<PodWiring> pod =
                            Optional.ofNullable(now.get(element.linkIndex())).map(Sender::pod);
                    long more = increment(set, element, pod.isPresent());
                    if (more > 0) {
                        drops.add(new PodDrops(why, pod, more));
                    }
                    if (pod.isEmpty()) {
                        NetlinkRequest delete = SetElements.delete(set, SetElements.key(element.linkIndex()));
                        PodWirer.at("delete a link's drop counters", () -> deleteAll(netfilter, List.of(delete)));
                    }
                }
            }
        }
        return drops;
    }

    private long increment(SetElements.SetName set, SetElements.Counted element, boolean goesOn) {
        synchronized (counted) {
            Map<Integer, Long> bySet = counted.computeIfAbsent(set, _ -> new HashMap<>());
            long before = bySet.getOrDefault(element.linkIndex(), 0L);
            if (goesOn) {
                bySet.put(element.linkIndex(), element.packets());
            } else {
                bySet.remove(element.linkIndex());
            }
            boolean counterIsNew = before > element.packets(); // the tables were made anew
            return element.packets() - (counterIsNew ? 0 : before);
        }
    }

    private Sender sender(WiredPods.Entry pod) {
        boolean checked = sourceCheck && pod.wiring().sources() == PodSources.OWN;
        return new Sender(pod.wiring(), pod.linkIndex(), checked, pod.adopted());
    }

    /// One element of one set.
    ///
    /// @param source the second field of its key; empty: it has none
    private record Element(SetElements.SetName set, int linkIndex, Optional<InetAddress> source) {
        NetlinkRequest add() {
            return SetElements.add(set, key());
        }

        NetlinkRequest delete() {
            return SetElements.delete(set, key());
        }

        private byte[] key() {
            return source.map(address -> SetElements.key(linkIndex, address))
                    .orElseGet(() -> SetElements.key(linkIndex));
        }
    }

    private static List<Element> elements(Sender sender) {
        int link = sender.linkIndex();
        List<Element> elements = new ArrayList<>();
        if (sender.checked()) {
            Optional<InetAddress> source = Optional.of(sender.address());
            elements.add(new Element(PodFilterRuleset.SOURCES, link, source));
            elements.add(new Element(PodFilterRuleset.ARP_SOURCES, link, source));
        } else {
            elements.add(new Element(PodFilterRuleset.ANY_SOURCE, link, Optional.empty()));
            elements.add(new Element(PodFilterRuleset.ARP_ANY_SOURCE, link, Optional.empty()));
        }
        if (sender.adopted()) {
            PodFilterRuleset.ADOPTED.forEach(set -> elements.add(new Element(set, link, Optional.empty())));
        }
        return elements;
    }

    private static boolean transactionUnlessGone(NetlinkSocket netfilter, List<NetlinkRequest> requests)
            throws NetlinkFailure {
        try {
            netfilter.transaction(requests);
            return true;
        } catch (NetlinkFailure e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    /// Sends the deletions one by one when some elements are already gone.
    private static boolean deleteAll(NetlinkSocket netfilter, List<NetlinkRequest> deletions) throws NetlinkFailure {
        if (transactionUnlessGone(netfilter, deletions)) {
            return true;
        }
        boolean any = false;
        for (NetlinkRequest deletion : deletions) {
            any |= transactionUnlessGone(netfilter, List.of(deletion));
        }
        return any;
    }

    private static List<SetElements.Counted> elementsOf(NetlinkSocket netfilter, SetElements.SetName set)
            throws NetlinkFailure {
        try {
            return netfilter.elements(set);
        } catch (NetlinkFailure e) {
            if (e.is(Errno.ENOENT)) {
                return List.of(); // the tables are gone, and the counts with them
            }
            throw e;
        }
    }
}
