package io.vpceni.ipamctl;

import io.vpceni.config.AwsLinkName;
import io.vpceni.config.PodName;
import io.vpceni.ipamctl.print.Table;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.KernelPod;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Predicts what the AWS VPC CNI does with a checkpoint when it starts: which entries it keeps, and what happens to the
/// pods of the others. Pure.
///
/// It keeps an entry whose address is on an ENI of the node and for whose pod there is a host link with a name
/// that ends as [AwsLinkName] says. An entry without namespace or pod name it keeps without looking for a link.
final class AwsStart {

    /// What happens to an entry.
    enum Fate {
        KEPT(false, ""),
        KEPT_UNSEEN(
                false,
                "kept without a look at its link: stays taken if the pod goes while no daemon runs on this node"),
        NO_LINK(
                true,
                "dropped: no link of this node has the name of its pod. Its rules 512 and 1536 are deleted and its address"
                        + " is given to another pod while it runs"),
        UNKNOWN_SANDBOX(
                true,
                "not in the file: ipamd knows no sandbox for it, another CNI plugin wired it. Its address is given to"
                        + " another pod while it runs"),
        SECOND_INTERFACE(
                true,
                "kept, and never freed: no DEL of this attachment comes to the AWS VPC CNI, which makes eth0 only"),
        NOT_LISTED(true, "dropped: EC2 lists the address on no ENI of this node, so nobody else gets it either"),
        TWICE(
                true,
                "left out of the file: another sandbox has the address too, and the AWS VPC CNI does not start with"
                        + " an address twice");

        private final boolean trouble;
        private final String text;

        Fate(boolean trouble, String text) {
            this.trouble = trouble;
            this.text = text;
        }
    }

    /// An address that a pod has.
    ///
    /// @param disputed EC2 does not list it, or another pod has it too
    record Held(CheckpointEntry entry, boolean disputed) {}

    private record Judged(CheckpointEntry entry, Fate fate) {}

    private final List<Judged> judged;
    private final Set<String> links;

    private AwsStart(List<Judged> judged, Set<String> links) {
        this.judged = judged;
        this.links = Set.copyOf(links);
    }

    /// @param links names of all links of the node
    static AwsStart with(List<Held> held, Set<String> links) {
        Comparator<Held> bestFirst = Comparator.comparing(Held::disputed)
                .thenComparing(one -> one.entry().at(), Comparator.reverseOrder());
        Set<InetAddress> taken = new HashSet<>();
        List<Judged> judged = new ArrayList<>();
        for (Held one : held.stream().sorted(bestFirst).toList()) {
            boolean twice = !taken.add(one.entry().address());
            judged.add(new Judged(one.entry(), twice ? Fate.TWICE : fate(one, links)));
        }
        return new AwsStart(List.copyOf(judged), links);
    }

    private static Fate fate(Held held, Set<String> links) {
        CheckpointEntry entry = held.entry();
        if (KernelPod.isForeign(entry.key())) {
            return Fate.UNKNOWN_SANDBOX;
        }
        if (held.disputed()) {
            return Fate.NOT_LISTED;
        }
        boolean named = isNamed(entry.pod());
        if (named && !hasLink(entry.pod(), links)) {
            return Fate.NO_LINK;
        }
        if (!entry.key().interfaceName().equals("eth0")) {
            return Fate.SECOND_INTERFACE;
        }
        return named ? Fate.KEPT : Fate.KEPT_UNSEEN;
    }

    private static boolean isNamed(PodName pod) {
        return !pod.namespace().isEmpty() && !pod.name().isEmpty();
    }

    private static boolean hasLink(PodName pod, Set<String> links) {
        String suffix = AwsLinkName.suffix(pod.namespace(), pod.name());
        return links.stream().anyMatch(link -> link.endsWith(suffix));
    }

    /// Number of entries that the AWS VPC CNI would not keep, or would keep forever.
    long troubles() {
        return judged.stream().filter(one -> one.fate().trouble).count();
    }

    /// Whether no pod's link is found: then this is probably not the node's network namespace.
    boolean seesNoLinkAtAll() {
        return judged.stream().anyMatch(one -> one.fate() == Fate.NO_LINK)
                && judged.stream()
                        .noneMatch(one -> isNamed(one.entry().pod())
                                && hasLink(one.entry().pod(), links));
    }

    /// A table of the entries that are not simply kept; "" when all are.
    String table() {
        Table table = new Table("NAMESPACE", "POD", "ADDRESS", "INTERFACE", "CONTAINER", "WHAT THE AWS VPC CNI DOES");
        List<Judged> rows =
                judged.stream().filter(one -> one.fate() != Fate.KEPT).toList();
        for (Judged one : rows) {
            CheckpointEntry entry = one.entry();
            boolean foreign = KernelPod.isForeign(entry.key());
            String container = foreign ? "" : entry.key().containerId();
            table.row(
                    Ipamctl.orDash(entry.pod().namespace()),
                    Ipamctl.orDash(entry.pod().name()),
                    entry.address().getHostAddress(),
                    foreign ? "-" : entry.key().interfaceName(),
                    Ipamctl.orDash(container.substring(0, Math.min(13, container.length()))),
                    one.fate().text);
        }
        return rows.isEmpty() ? "" : table.render();
    }

    /// The file's entries.
    ///
    /// @param keepAll whether entries that would be dropped though their pods run are written without the pod's
    ///     name, so that they are kept
    List<CheckpointEntry> entries(boolean keepAll) {
        List<CheckpointEntry> entries = new ArrayList<>();
        for (Judged one : judged) {
            switch (one.fate()) {
                case KEPT, KEPT_UNSEEN, SECOND_INTERFACE, NOT_LISTED -> entries.add(one.entry());
                case NO_LINK -> entries.add(keepAll ? nameless(one.entry()) : one.entry());
                case UNKNOWN_SANDBOX -> {
                    if (keepAll) {
                        entries.add(nameless(one.entry()));
                    }
                }
                case TWICE -> {}
            }
        }
        return entries;
    }

    /// For an unknown sandbox only the address matters; it stands for the container id.
    private static CheckpointEntry nameless(CheckpointEntry entry) {
        return new CheckpointEntry(entry.key(), PodName.UNKNOWN, entry.address(), entry.at());
    }
}
