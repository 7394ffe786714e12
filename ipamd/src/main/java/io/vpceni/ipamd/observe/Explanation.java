package io.vpceni.ipamd.observe;

import io.vpceni.config.PodName;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.PoolSnapshot.AddressView;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Why an address, a pod, an ENI or the whole pool is as it is, since when, and what would change it. For people:
/// `ipamctl explain`.
final class Explanation {

    /// Whether the question could be answered.
    enum Outcome {
        /// The object is on this node.
        KNOWN,
        /// It is not on this node.
        UNKNOWN,
        /// The question names nothing that can be explained.
        UNREADABLE
    }

    /// @param text some lines, each ended
    record Told(Outcome outcome, String text) {
        private static Told of(Outcome outcome, List<String> lines) {
            return new Told(outcome, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
        }

        private static Told of(Outcome outcome, String line) {
            return of(outcome, List.of(line));
        }
    }

    private final PoolSnapshot pool;
    private final Ec2Status ec2;
    private final FailedAdds failedAdds;

    Explanation(PoolSnapshot pool, Ec2Status ec2, FailedAdds failedAdds) {
        this.pool = pool;
        this.ec2 = ec2;
        this.failedAdds = failedAdds;
    }

    /// @param what an address, `NAMESPACE/POD`, the id of an ENI, or `pool`
    Told of(String what) {
        if (what.equals("pool")) {
            return Told.of(Outcome.KNOWN, PoolExplanation.of(pool, ec2));
        }
        if (what.startsWith("eni-")) {
            return eni(what);
        }
        int slash = what.indexOf('/');
        if (slash > 0 && slash < what.length() - 1 && slash == what.lastIndexOf('/')) {
            return pod(new PodName(what.substring(0, slash), what.substring(slash + 1)));
        }
        try {
            return address(InetAddress.ofLiteral(what));
        } catch (IllegalArgumentException _) {
            return Told.of(
                    Outcome.UNREADABLE,
                    "'" + what
                            + "' is neither an address, nor a pod as in NAMESPACE/NAME, nor an ENI's id, nor 'pool'."
                            + meant(what));
        }
    }

    /// A pod's name without its namespace, when only one pod has it.
    private String meant(String what) {
        Set<PodName> pods = new HashSet<>(failedAdds.pods());
        pool.addresses().stream().flatMap(view -> view.holder().stream()).forEach(holder -> pods.add(holder.pod()));
        pods.removeIf(pod -> !pod.name().equals(what));
        return pods.size() == 1 ? " Did you mean " + pods.iterator().next() + "?" : "";
    }

    private Told address(InetAddress wanted) {
        Optional<EniStatus> own = ec2.enis().stream()
                .filter(eni -> eni.primaryAddress().filter(wanted::equals).isPresent())
                .findFirst();
        if (own.isPresent()) {
            return Told.of(
                    Outcome.KNOWN,
                    wanted.getHostAddress() + " is the primary address of "
                            + own.get().eni().text()
                            + (own.get().isPrimary() ? ", this node's own address" : "")
                            + ": it is never given to pods.");
        }
        return pool.addresses().stream()
                .filter(view -> view.address().equals(wanted))
                .findFirst()
                .map(view -> Told.of(Outcome.KNOWN, AddressExplanation.of(pool, ec2, view)))
                .orElseGet(() -> Told.of(
                        Outcome.UNKNOWN,
                        "The pool does not know " + wanted.getHostAddress() + ": EC2 lists it on no ENI"
                                + " of this node that takes pods, and no sandbox of this node has it. An address of an IPv6"
                                + " prefix that nobody has is not listed one by one."));
    }

    private Told pod(PodName pod) {
        List<String> lines = new ArrayList<>();
        List<AddressView> held = pool.addresses().stream()
                .filter(view ->
                        view.holder().filter(holder -> holder.pod().equals(pod)).isPresent())
                .toList();
        Optional<FailedAdds.FailedAdd> failed = failedAdds.of(pod);
        failed.ifPresent(last -> lines.add("The last ADD of " + pod + " failed at "
                + ExplanationText.since(last.at(), pool.at()) + " with code " + last.code()
                + (last.times() > 1 ? ", " + last.times() + " times in a row" : "") + ": " + last.reason() + "."));
        if (held.isEmpty()) {
            lines.add("No sandbox of " + pod + " has an address of this node.");
            lines.add(
                    failed.isPresent()
                            ? "What would change it: " + nextTry() + "the runtime's next ADD."
                            : "Either the pod is on another node (kubectl get pod -o wide), uses the host's network, has"
                                    + " ended, or the runtime has not called ADD for it.");
        }
        held.forEach(view -> lines.addAll(AddressExplanation.of(pool, ec2, view)));
        return Told.of(held.isEmpty() && failed.isEmpty() ? Outcome.UNKNOWN : Outcome.KNOWN, lines);
    }

    /// Until then every ADD gets the same answer.
    private String nextTry() {
        return pool.lastFailure()
                .filter(last -> last.retryAt().isAfter(pool.at()))
                .map(last -> "EC2 is asked again at " + ExplanationText.text(last.retryAt()) + " (in "
                        + Math.ceilDiv(
                                Duration.between(pool.at(), last.retryAt()).toMillis(), 1000)
                        + " s), or at once when ipamd is restarted; then ")
                .orElse("");
    }

    private Told eni(String id) {
        Optional<EniStatus> life =
                ec2.enis().stream().filter(eni -> eni.eni().text().equals(id)).findFirst();
        Optional<PoolSnapshot.EniCounts> counts = pool.enis().stream()
                .filter(eni -> eni.eni().id().value().equals(id))
                .findFirst();
        if (life.isEmpty() && counts.isEmpty()) {
            return Told.of(Outcome.UNKNOWN, "This node has no " + id + ", and none is on its way.");
        }
        List<String> lines = new ArrayList<>();
        life.ifPresent(now -> lines.add(now.eni().text() + " is "
                + now.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " since "
                + (now.sinceStart() ? "ipamd started at " : "")
                + ExplanationText.since(now.since(), ec2.at()) + (now.note().isEmpty() ? "" : ": " + now.note())
                + "."));
        counts.ifPresentOrElse(
                there -> {
                    lines.add(PoolExplanation.eni(there));
                    lines.add(there.detached() ? PoolExplanation.note(there) + "." : role(there));
                },
                () -> lines.add("The pool has no addresses of it."));
        pool.addresses().stream()
                .filter(view -> view.eni().value().equals(id))
                .forEach(view -> lines.add("  " + view.address().getHostAddress() + " "
                        + ExplanationText.name(view.state())
                        + view.holder().map(holder -> ", " + holder.pod()).orElse("")));
        return Told.of(Outcome.KNOWN, lines);
    }

    private static String role(PoolSnapshot.EniCounts there) {
        return switch (there.eni().role()) {
            case PODS -> "It gives addresses to pods.";
            case EXCLUDED ->
                "It gives no address to new pods: its subnet, a tag or a setting excludes it, or its link is missing. Pods"
                        + " that have one keep it.";
            case TRUNK, EFA -> "It is of a type that gives no addresses to pods.";
            case UNMANAGED -> "It is somebody else's, by its tag or MANAGE_UNTAGGED_ENI: ipamd leaves it alone.";
        };
    }
}
