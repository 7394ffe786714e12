package io.vpceni.ipamd.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.AttachmentKey;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.PoolSnapshot;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/// The pool as JSON, for `ipamctl` and for people with curl.
public final class Introspection {
    private final ObjectMapper json;
    private final NodeFacts node;
    private final Function<AttachmentKey, SortedMap<String, Long>> drops;
    private final FailedAdds failedAdds;

    /// Facts about the node that do not change.
    ///
    /// @param nodeName its name in Kubernetes; "" when unknown
    /// @param leftovers of other CNI plugins: each object, and the command that shows or deletes it
    public record NodeFacts(
            String nodeName,
            InstanceId instanceId,
            String instanceType,
            InetAddress nodeAddress,
            int enisMax,
            int addressesPerEniMax,
            String version,
            Instant startedAt,
            List<String> leftovers) {
        public NodeFacts {
            leftovers = List.copyOf(leftovers);
        }
    }

    /// For tests: without the kernel's drop counts.
    public Introspection(ObjectMapper json, NodeFacts node) {
        this(json, node, _ -> new TreeMap<>(), new FailedAdds(InstantSource.system()));
    }

    /// @param drops packets of a sandbox that the node dropped, by reason
    /// @param failedAdds the last failed ADD of each pod
    public Introspection(
            ObjectMapper json,
            NodeFacts node,
            Function<AttachmentKey, SortedMap<String, Long>> drops,
            FailedAdds failedAdds) {
        this.json = json;
        this.node = node;
        this.drops = drops;
        this.failedAdds = failedAdds;
    }

    /// `/v1/status`: the node and its pool in numbers.
    public String status(PoolSnapshot pool, Readiness.Verdict verdict) {
        ObjectNode root = json.createObjectNode()
                .put("node", node.nodeName())
                .put("instanceId", node.instanceId().value())
                .put("instanceType", node.instanceType())
                .put("nodeAddress", node.nodeAddress().getHostAddress())
                .put("version", node.version())
                .put("startedAt", node.startedAt().toString())
                .put("ready", verdict.ready())
                .put("reason", verdict.reason());
        counts(root, pool);
        root.putObject("target")
                .put("policy", pool.target().policy())
                .put("more", pool.target().more())
                .put("fewer", pool.target().fewer())
                .put("reason", pool.target().reason())
                .put("keepReason", pool.target().keepReason());
        ArrayNode leftovers = root.putArray("leftovers");
        node.leftovers().forEach(leftovers::add);
        pool.lastFailure()
                .ifPresent(failure -> root.putObject("growthFailure")
                        .put("error", failure.error().name())
                        .put("detail", failure.detail())
                        .put("at", failure.at().toString())
                        .put("retryAt", failure.retryAt().toString()));
        return text(root);
    }

    private void counts(ObjectNode root, PoolSnapshot pool) {
        root.put("enis", pool.enis().size())
                .put("enisMax", node.enisMax())
                .put("addressesPerEniMax", node.addressesPerEniMax())
                .put("addresses", sum(pool, AddressCount.TOTAL))
                .put("assigned", sum(pool, AddressCount.ASSIGNED))
                .put("cooling", sum(pool, AddressCount.COOLING))
                .put("assignable", pool.assignable())
                .put("pending", pool.pending())
                .put("pendingEnis", pool.pendingEnis())
                .put("waitingAdds", pool.waiting())
                .put("quarantined", pool.quarantined())
                .put("leaving", pool.leaving())
                .put("disputed", pool.disputed())
                .put("idleElsewhere", idleElsewhere(pool))
                .put("unexpectedAnswers", pool.unexpectedAnswers());
        ArrayNode withoutNetwork = root.putArray("podsWithoutNetwork");
        pool.withoutNetwork().stream()
                .map(holder -> holder.pod().toString())
                .distinct()
                .forEach(withoutNetwork::add);
    }

    /// `/v1/ec2`: requests and calls to EC2, refusals, budgets and subnets.
    public String cloud(PoolSnapshot pool, Ec2Status ec2) {
        return text(new Ec2StatusJson(json).of(pool, ec2));
    }

    /// `/v1/enis`: each ENI with its phase and its addresses. ENIs that the pool does not have (yet, or any
    /// more) are under `others`.
    public String enis(PoolSnapshot pool, Ec2Status ec2) {
        List<EniStatus> others = new ArrayList<>(ec2.enis());
        ObjectNode root = json.createObjectNode();
        ArrayNode enis = root.putArray("enis");
        for (PoolSnapshot.EniCounts counts : pool.enis()) {
            ObjectNode eni = enis.addObject()
                    .put("id", counts.eni().id().value())
                    .put("primary", counts.eni().primary())
                    .put("networkCard", counts.eni().slot().networkCard())
                    .put("deviceIndex", counts.eni().slot().deviceIndex())
                    .put("addressesMax", counts.eni().slots())
                    .put("total", counts.total())
                    .put("assigned", counts.assigned())
                    .put("cooling", counts.cooling())
                    .put("free", counts.free())
                    .put("unavailable", counts.unavailable())
                    .put("blocks", counts.blocks())
                    .put("role", counts.eni().role().name().toLowerCase(Locale.ROOT))
                    .put("pending", counts.pending());
            Predicate<EniStatus> ofThis =
                    status -> status.eni().isOf(counts.eni().id());
            ec2.enis().stream()
                    .filter(ofThis)
                    .findFirst()
                    .ifPresent(status -> Ec2StatusJson.status(eni.putObject("status"), status));
            others.removeIf(ofThis);
            eni.put("detached", counts.detached()).put("podsWithoutNetwork", counts.withoutNetwork());
            String note = PoolExplanation.note(counts);
            if (!note.isEmpty()) {
                eni.put("note", note);
            }
            ArrayNode addresses = eni.putArray("addresses");
            pool.addresses().stream()
                    .filter(view -> view.eni().equals(counts.eni().id()))
                    .forEach(view -> address(addresses.addObject(), view));
        }
        ArrayNode rest = root.putArray("others");
        others.forEach(status -> Ec2StatusJson.status(rest.addObject(), status));
        return text(root);
    }

    /// `/v1/pods`: each sandbox with its address.
    public String pods(PoolSnapshot pool) {
        ObjectNode root = json.createObjectNode();
        ArrayNode pods = root.putArray("pods");
        for (PoolSnapshot.AddressView view : pool.addresses()) {
            view.holder().ifPresent(holder -> {
                ObjectNode pod = pods.addObject();
                holder(pod, holder);
                pod.put("address", view.address().getHostAddress())
                        .put("eni", view.eni().value())
                        .put("state", view.state().name().toLowerCase(Locale.ROOT))
                        .put("since", view.heldSince().orElse(view.since()).toString())
                        .put("sinceKnown", view.heldSince().isPresent());
                ObjectNode dropped = pod.putObject("droppedPackets");
                drops.apply(holder.key()).forEach(dropped::put);
            });
        }
        return text(root);
    }

    /// `/v1/explain?of=`: for people, in sentences.
    ///
    /// @param of an address, `NAMESPACE/POD`, the id of an ENI, or `pool`
    public String explanation(PoolSnapshot pool, Ec2Status ec2, String of) {
        Explanation.Told told = new Explanation(pool, ec2, failedAdds).of(of);
        return text(json.createObjectNode()
                .put("of", of)
                .put("outcome", told.outcome().name().toLowerCase(Locale.ROOT))
                .put("text", told.text()));
    }

    /// `/readyz`: 200 when an address can be given, otherwise 503 with the reason.
    public static HttpPages.Answer readiness(Readiness.Verdict verdict) {
        return HttpPages.Answer.text(verdict.ready() ? 200 : 503, verdict.reason() + "\n");
    }

    private static void address(ObjectNode out, PoolSnapshot.AddressView view) {
        out.put("address", view.address().getHostAddress())
                .put("state", view.state().name().toLowerCase(Locale.ROOT))
                .put("since", view.since().toString());
        view.block().ifPresent(block -> out.put("block", block.toString()));
        view.coolingUntil().ifPresent(until -> out.put("coolingUntil", until.toString()));
        view.holder().ifPresent(holder -> holder(out, holder));
    }

    private static void holder(ObjectNode out, Assignment holder) {
        out.put("namespace", holder.pod().namespace())
                .put("pod", holder.pod().name())
                .put("network", holder.key().network())
                .put("containerId", holder.key().containerId())
                .put("interface", holder.key().interfaceName());
    }

    private enum AddressCount {
        TOTAL,
        ASSIGNED,
        COOLING
    }

    private static int sum(PoolSnapshot pool, AddressCount what) {
        return pool.enis().stream()
                .mapToInt(counts -> switch (what) {
                    case TOTAL -> counts.total();
                    case ASSIGNED -> counts.assigned();
                    case COOLING -> counts.cooling();
                })
                .sum();
    }

    /// Free addresses on ENIs that give none to pods.
    private static long idleElsewhere(PoolSnapshot pool) {
        return pool.enis().stream()
                .filter(counts -> counts.eni().role() != EniRole.PODS)
                .mapToLong(PoolSnapshot.EniCounts::free)
                .sum();
    }

    private String text(ObjectNode root) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers can always be written", e);
        }
    }
}
