package io.vpceni.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.Cidr;
import io.vpceni.config.NetworkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The nftables table `ip vpc-eni`, as one transaction that replaces it (`libnftables-json(5)`).
///
/// - `node-port` (prerouting -150): marks a connection that arrives by the primary ENI for an address of the node,
///   so that its answers leave by the primary ENI, whatever pod they come from.
/// - `pods` (prerouting -90, after DNAT at -100, so that the decision is about the address behind a service):
///   marks a *new* connection of a pod that leaves the VPC. Every packet of a pod on a marked connection gets the
///   mark, by which rules 1022 to 1024 send it to the primary ENI. Only new connections are marked: an answer to a
///   client outside the VPC leaves by the ENI by which the client's packet arrived.
/// - `leave` (postrouting 100): packets that leave by the primary ENI, from an address of the VPC that is not the
///   node's, get the node's address. Packets that leave by another ENI keep their source: the VPC drops a source
///   that does not belong to the ENI.
final class NatRuleset {

    static final String TABLE = "vpc-eni";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String VPC = "vpc";
    private static final String KEPT = "kept";

    private final NetworkSettings settings;
    private final NatRules rules;
    private final int primary;
    private final ArrayNode commands = JSON.arrayNode();

    private NatRuleset(NetworkSettings settings, NatRules rules, int primary) {
        this.settings = settings;
        this.rules = rules;
        this.primary = primary;
    }

    /// @param primary index of the primary ENI's link, because its name can change
    static String replacement(NetworkSettings settings, NatRules rules, int primary) {
        NatRuleset ruleset = new NatRuleset(settings, rules, primary);
        ruleset.build();
        return JSON.objectNode().set("nftables", ruleset.commands).toString();
    }

    private void build() {
        add("add", "table", table("name")); // so that there is one to delete
        add("delete", "table", table("name"));
        boolean snat = !settings.externalSnat();
        if (!snat && !settings.nodePortSupport()) {
            return;
        }
        add("add", "table", table("name"));
        if (snat) {
            set(VPC, rules.vpcCidrs());
            set(
                    KEPT,
                    Stream.concat(rules.vpcCidrs().stream(), settings.excludeSnatCidrs().stream())
                            .toList());
        }
        if (settings.nodePortSupport()) {
            chain("node-port", "filter", "prerouting", -150);
            rule(
                    "node-port",
                    match(meta("iif"), JSON.numberNode(primary)),
                    match(fibLocalHere(), local()),
                    markConnection());
        }
        chain("pods", "filter", "prerouting", -90);
        rule("pods", match(fibLocal(), local()), JSON.objectNode().putNull("return"));
        for (ObjectNode fromPod : fromPods()) {
            if (snat) {
                rule(
                        "pods",
                        fromPod,
                        comparison("in", newConnection(), JSON.textNode("new")),
                        matchNot(address("daddr"), set(KEPT)),
                        markConnection());
            }
            rule("pods", fromPod, match(and(ctMark()), mark()), mangle(meta("mark"), or(meta("mark"))));
        }
        if (snat) {
            chain("leave", "nat", "postrouting", 100);
            rule(
                    "leave",
                    match(meta("oif"), JSON.numberNode(primary)),
                    match(address("saddr"), set(VPC)),
                    matchNot(address("saddr"), JSON.textNode(rules.nodeAddress().getHostAddress())),
                    matchNot(address("daddr"), set(KEPT)),
                    translation());
        }
    }

    private void add(String verb, String what, ObjectNode object) {
        commands.add(JSON.objectNode().set(verb, JSON.objectNode().set(what, object)));
    }

    private static ObjectNode table(String key) {
        return JSON.objectNode().put("family", "ip").put(key, TABLE);
    }

    private void set(String name, List<Cidr> blocks) {
        ObjectNode set = table("table").put("name", name).put("type", "ipv4_addr");
        set.set("flags", JSON.arrayNode().add("interval"));
        ArrayNode elements = set.putArray("elem");
        disjoint(blocks)
                .forEach(block -> elements.add(JSON.objectNode()
                        .set(
                                "prefix",
                                JSON.objectNode()
                                        .put("addr", block.network().getHostAddress())
                                        .put("len", block.prefixBits()))));
        add("add", "set", set);
    }

    /// Without blocks that are inside another block: libnftables 1.0.6 refuses overlaps in one command, with
    /// or without `auto-merge`.
    private static List<Cidr> disjoint(List<Cidr> blocks) {
        List<Cidr> kept = new ArrayList<>();
        for (Cidr block : new TreeSet<>(blocks)) { // a wider block comes before those that lie in it
            if (block.network().getAddress().length == 4
                    && kept.stream().noneMatch(wider -> wider.contains(block.network()))) {
                kept.add(block);
            }
        }
        return kept;
    }

    private void chain(String name, String type, String hook, int priority) {
        add(
                "add",
                "chain",
                table("table")
                        .put("name", name)
                        .put("type", type)
                        .put("hook", hook)
                        .put("prio", priority)
                        .put("policy", "accept"));
    }

    private void rule(String chain, ObjectNode... expressions) {
        ObjectNode rule = table("table").put("chain", chain);
        rule.putArray("expr").addAll(List.of(expressions));
        add("add", "rule", rule);
    }

    /// Links of ours are selected by group, whatever their names are. Those that the AWS VPC CNI made are
    /// selected by name.
    private List<ObjectNode> fromPods() {
        ArrayNode groups = JSON.arrayNode();
        LinkGroups.OF_PODS.forEach(groups::add);
        return List.of(
                match(meta("iifgroup"), JSON.objectNode().set("set", groups)),
                match(meta("iifname"), JSON.textNode(settings.vethPrefix() + "*")));
    }

    private static ObjectNode match(JsonNode left, JsonNode right) {
        return comparison("==", left, right);
    }

    private static ObjectNode matchNot(JsonNode left, JsonNode right) {
        return comparison("!=", left, right);
    }

    private static ObjectNode comparison(String operator, JsonNode left, JsonNode right) {
        ObjectNode match = JSON.objectNode().put("op", operator);
        match.set("left", left);
        match.set("right", right);
        return JSON.objectNode().set("match", match);
    }

    private static ObjectNode meta(String key) {
        return JSON.objectNode().set("meta", JSON.objectNode().put("key", key));
    }

    private static ObjectNode address(String field) {
        return JSON.objectNode()
                .set("payload", JSON.objectNode().put("protocol", "ip").put("field", field));
    }

    private static JsonNode set(String name) {
        return JSON.textNode("@" + name);
    }

    private static JsonNode local() {
        return JSON.textNode("local");
    }

    private static ObjectNode fibLocal() {
        return fib("daddr");
    }

    /// An address of the link by which the packet arrived.
    private static ObjectNode fibLocalHere() {
        return fib("daddr", "iif");
    }

    private static ObjectNode fib(String... flags) {
        ObjectNode fib = JSON.objectNode().put("result", "type");
        ArrayNode list = fib.putArray("flags");
        List.of(flags).forEach(list::add);
        return JSON.objectNode().set("fib", fib);
    }

    private static ObjectNode newConnection() {
        return JSON.objectNode().set("ct", JSON.objectNode().put("key", "state"));
    }

    private static ObjectNode ctMark() {
        return JSON.objectNode().set("ct", JSON.objectNode().put("key", "mark"));
    }

    private JsonNode mark() {
        return JSON.numberNode(Integer.toUnsignedLong(settings.connmark()));
    }

    private ObjectNode and(ObjectNode value) {
        return JSON.objectNode().set("&", JSON.arrayNode().add(value).add(mark()));
    }

    private ObjectNode or(ObjectNode value) {
        return JSON.objectNode().set("|", JSON.arrayNode().add(value).add(mark()));
    }

    private ObjectNode markConnection() {
        return mangle(ctMark(), or(ctMark()));
    }

    private static ObjectNode mangle(ObjectNode key, ObjectNode value) {
        ObjectNode mangle = JSON.objectNode();
        mangle.set("key", key);
        mangle.set("value", value);
        return JSON.objectNode().set("mangle", mangle);
    }

    private ObjectNode translation() {
        ObjectNode snat = JSON.objectNode().put("addr", rules.nodeAddress().getHostAddress());
        switch (settings.randomizeSnat()) {
            case PRNG -> snat.putArray("flags").add("fully-random");
            case HASHRANDOM -> snat.putArray("flags").add("random");
            case NONE -> {}
        }
        return JSON.objectNode().set("snat", snat);
    }
}
