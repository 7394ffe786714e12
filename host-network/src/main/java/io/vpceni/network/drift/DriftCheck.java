package io.vpceni.network.drift;

import io.vpceni.netlink.Address;
import io.vpceni.netlink.Addresses;
import io.vpceni.netlink.FoundRule;
import io.vpceni.netlink.LinkState;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.Links.Ipv4Setting;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkRequest;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import io.vpceni.netlink.Rule;
import io.vpceni.netlink.Rules;
import io.vpceni.network.drift.Repair.Owner;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Compares the desired with the actual state. Pure.
///
/// The order matters: links, then addresses, then routes, then rules, so that each repair finds what it needs. A
/// route over a link that is down counts as missing: the kernel deletes it with the link, without an event.
public final class DriftCheck {

    /// Settings of an ENI's link: packets of pods arrive and leave by it, and answers may arrive by another
    /// ENI.
    public static final Map<Ipv4Setting, Integer> ENI_SETTINGS =
            sorted(Map.of(Ipv4Setting.FORWARDING, 1, Ipv4Setting.RP_FILTER, 2));

    /// Settings of the host end of a pod's link. It answers ARP for the pod's gateway, whose address nobody has: a
    /// pod whose MAC address was changed has lost its permanent neighbor entry for it.
    public static final Map<Ipv4Setting, Integer> POD_SETTINGS =
            sorted(Map.of(Ipv4Setting.FORWARDING, 1, Ipv4Setting.PROXY_ARP, 1));

    private final DesiredState wanted;
    private final Map<Integer, LinkState> links = new HashMap<>();
    private final Set<Route> routes;
    private final Map<Rule, List<FoundRule>> rules = new HashMap<>();
    private final Map<RuleKey, List<Rule>> rulesOfOne = new HashMap<>();
    private final ActualState found;
    private final List<Repair> ofLinks = new ArrayList<>();
    private final List<Repair> ofAddresses = new ArrayList<>();
    private final List<Repair> ofRoutes = new ArrayList<>();
    private final List<Repair> ofRules = new ArrayList<>();

    /// Rules with one priority, from or to one block.
    private record RuleKey(int priority, Optional<?> from, Optional<?> to, Optional<?> past) {
        static RuleKey of(Rule rule) {
            return new RuleKey(rule.priority(), rule.from(), rule.to(), rule.past());
        }
    }

    private DriftCheck(DesiredState wanted, ActualState found) {
        this.wanted = wanted;
        this.found = found;
        this.routes = new HashSet<>(found.routes());
        found.links().forEach(state -> links.put(state.link().index(), state));
        for (FoundRule rule : found.rules()) {
            rules.computeIfAbsent(rule.rule(), _ -> new ArrayList<>()).add(rule);
            rulesOfOne
                    .computeIfAbsent(RuleKey.of(rule.rule()), _ -> new ArrayList<>())
                    .add(rule.rule());
        }
    }

    /// In the order of their numbers, so that a message always has the same text.
    private static Map<Ipv4Setting, Integer> sorted(Map<Ipv4Setting, Integer> settings) {
        return Collections.unmodifiableMap(new EnumMap<>(settings));
    }

    static List<Repair> of(DesiredState wanted, ActualState found) {
        DriftCheck check = new DriftCheck(wanted, found);
        check.compare();
        List<Repair> all = new ArrayList<>(check.ofLinks);
        all.addAll(check.ofAddresses);
        all.addAll(check.ofRoutes);
        all.addAll(check.ofRules);
        return all;
    }

    /// What differs on the node for one pod, in words. A rule without a protocol works, and is none.
    public static List<String> differences(DesiredPod pod, NetlinkSocket node) throws NetlinkFailure {
        ActualState found = ActualState.look(node);
        if (found.links().stream().noneMatch(state -> state.link().index() == pod.linkIndex())) {
            return List.of("its link on the node is gone");
        }
        return of(new DesiredState(List.of(pod), List.of(), List.of(), false), found).stream()
                .filter(repair -> repair.kind() != DriftKind.RULE_PROTOCOL)
                .map(Repair::found)
                .toList();
    }

    /// Whether a link in this state needs a repair. For events, which carry only the link.
    ///
    /// A pod's link without an alias does not count: it is being wired, and the event is older than its alias.
    /// If the alias is really missing, the next check finds it.
    ///
    /// @param wanted on that link
    static boolean differs(DesiredState wanted, LinkState state) {
        DriftCheck check = new DriftCheck(wanted, new ActualState(List.of(state), List.of(), List.of(), List.of()));
        wanted.pods().stream()
                .filter(pod -> pod.own().isEmpty() || !state.link().alias().isEmpty())
                .forEach(pod -> check.link(pod, state));
        wanted.enis().forEach(eni -> check.link(eni, state));
        return !check.ofLinks.isEmpty();
    }

    /// Whether a link with these settings needs a repair. For events.
    ///
    /// @param wanted on that link
    static boolean differs(DesiredState wanted, Map<Ipv4Setting, Integer> settings) {
        return (!wanted.pods().isEmpty() && differs(POD_SETTINGS, settings))
                || (!wanted.enis().isEmpty() && differs(ENI_SETTINGS, settings));
    }

    private static boolean differs(Map<Ipv4Setting, Integer> wanted, Map<Ipv4Setting, Integer> settings) {
        return wanted.entrySet().stream()
                .anyMatch(setting ->
                        !setting.getValue().equals(settings.getOrDefault(setting.getKey(), setting.getValue())));
    }

    private void compare() {
        for (DesiredEni eni : wanted.enis()) {
            LinkState state = links.get(eni.linkIndex());
            if (state != null) {
                link(eni, state);
                address(eni);
                eni.routes().forEach(route -> route(DriftKind.ENI_ROUTE, eni.link(), new Owner.OfEni(eni), route));
            }
            eni.rules()
                    .forEach(
                            rule -> rule(DriftKind.RULE_FROM_ENI, eni.link(), Optional.of(new Owner.OfEni(eni)), rule));
        }
        for (DesiredPod pod : wanted.pods()) {
            LinkState state = links.get(pod.linkIndex());
            if (state != null) {
                pod(pod, state);
            }
        }
        podAddresses();
        wanted.marks().forEach(this::mark);
        if (!wanted.enis().isEmpty() && rules.keySet().stream().noneMatch(DriftCheck::looksUpMain)) {
            add(
                    ofRules,
                    DriftKind.RULE_MAIN,
                    "the node",
                    List.of("no rule looks up the table main"),
                    Optional.empty(),
                    List.of());
        }
    }

    /// For all packets.
    private static boolean looksUpMain(Rule rule) {
        return rule.table() == Route.TABLE_MAIN
                && rule.from().isEmpty()
                && rule.to().isEmpty()
                && rule.mark() == 0
                && rule.past().isEmpty()
                && rule.action().equals(new Rule.Lookup());
    }

    private void pod(DesiredPod pod, LinkState state) {
        Owner owner = new Owner.OfPod(pod);
        link(pod, state);
        route(DriftKind.POD_ROUTE, pod.name(), owner, pod.route());
        rule(DriftKind.RULE_TO_POD, pod.name(), Optional.of(owner), pod.toPod());
        others(DriftKind.RULE_TO_POD, pod.name(), owner, pod.toPod(), true);
        boolean needed = pod.fromPod().table() != Route.TABLE_MAIN;
        if (needed) {
            rule(DriftKind.RULE_FROM_POD, pod.name(), Optional.of(owner), pod.fromPod());
        }
        others(DriftKind.RULE_FROM_POD, pod.name(), owner, pod.fromPod(), needed);
    }

    private void link(DesiredPod pod, LinkState state) {
        Owner owner = new Owner.OfPod(pod);
        int index = pod.linkIndex();
        String name = state.link().name();
        List<String> wrong = new ArrayList<>();
        List<NetlinkRequest> requests = new ArrayList<>();
        if (!state.link().up()) {
            wrong.add(name + " is down");
            requests.add(Links.setUp(index));
        }
        pod.own().ifPresent(own -> {
            if (own.mac().isPresent()
                    && !own.mac().equals(state.link().macs().stream().findFirst())) {
                wrong.add(name + " has the MAC address " + state.link().macs());
                requests.add(Links.setMac(index, own.mac().get()));
            }
            if (own.mtu() != state.link().mtu()) {
                wrong.add(name + " has the MTU " + state.link().mtu() + " instead of " + own.mtu());
                requests.add(Links.setUp(index, own.mtu(), POD_SETTINGS));
            }
            if (own.group() != state.link().group()) {
                wrong.add(name + " is in group " + state.link().group());
                requests.add(Links.setGroup(index, own.group()));
            }
            if (!own.alias().equals(state.link().alias())) {
                wrong.add(name + " has the alias '" + state.link().alias() + "'");
                requests.add(Links.setAlias(index, own.alias(), POD_SETTINGS));
            }
        });
        add(ofLinks, DriftKind.POD_LINK, pod.name(), wrong, Optional.of(owner), requests);
        settings(DriftKind.POD_SETTINGS, pod.name(), owner, state, POD_SETTINGS);
    }

    private void link(DesiredEni eni, LinkState state) {
        Owner owner = new Owner.OfEni(eni);
        List<String> wrong = new ArrayList<>();
        List<NetlinkRequest> requests = new ArrayList<>();
        if (!state.link().up()) {
            wrong.add("it is down");
            requests.add(Links.setUp(eni.linkIndex()));
        }
        if (!state.link().macs().contains(eni.mac())) {
            wrong.add("it has the MAC address " + state.link().macs());
            requests.add(Links.setMac(eni.linkIndex(), eni.mac()));
        }
        if (!eni.isPrimary() && state.link().group() != DesiredEni.GROUP_OF_SECONDARIES) {
            wrong.add("it is in group " + state.link().group());
            requests.add(Links.setGroup(eni.linkIndex(), DesiredEni.GROUP_OF_SECONDARIES));
        }
        add(ofLinks, DriftKind.ENI_LINK, eni.link(), wrong, Optional.of(owner), requests);
        if (state.link().mtu() != eni.mtu()) {
            add(
                    ofLinks,
                    DriftKind.ENI_MTU,
                    eni.link(),
                    List.of("its MTU is " + state.link().mtu() + " instead of " + eni.mtu()),
                    Optional.of(owner),
                    List.of(Links.setUp(eni.linkIndex(), eni.mtu(), ENI_SETTINGS)));
        }
        settings(DriftKind.ENI_SETTINGS, eni.link(), owner, state, ENI_SETTINGS);
    }

    /// A link that IPv4 cannot use at the moment (MTU below 68) reports no settings.
    private void settings(
            DriftKind kind, String object, Owner owner, LinkState state, Map<Ipv4Setting, Integer> settings) {
        List<String> wrong = settings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(setting ->
                        !setting.getValue().equals(state.settings().getOrDefault(setting.getKey(), setting.getValue())))
                .map(setting -> "net.ipv4.conf." + state.link().name() + "."
                        + setting.getKey().sysctl() + "=" + state.settings().get(setting.getKey()))
                .toList();
        add(
                ofLinks,
                kind,
                object,
                wrong,
                Optional.of(owner),
                List.of(Links.set(state.link().index(), settings)));
    }

    /// In any form: another program may have added it with a route to its subnet.
    private void address(DesiredEni eni) {
        eni.address()
                .filter(address -> found.addresses().stream()
                        .noneMatch(there -> there.linkIndex() == address.linkIndex()
                                && there.address().equals(address.address())))
                .ifPresent(address -> add(
                        ofAddresses,
                        DriftKind.ENI_ADDRESS,
                        eni.link(),
                        List.of("it does not have the address "
                                + address.address().getHostAddress()),
                        Optional.of(new Owner.OfEni(eni)),
                        List.of(Addresses.add(address))));
    }

    /// Packets to an address of the node never reach the pod, because the table `local` is looked up first. On
    /// an ENI's link the address is removed; on any other link it is only reported.
    private void podAddresses() {
        Map<InetAddress, DesiredPod> pods = new HashMap<>();
        wanted.pods().stream()
                .filter(pod -> links.containsKey(pod.linkIndex()))
                .forEach(pod -> pods.put(pod.address(), pod));
        for (Address address : found.addresses()) {
            DesiredPod pod = pods.get(address.address());
            LinkState state = links.get(address.linkIndex());
            if (pod != null && state != null) {
                boolean onEni = wanted.enis().stream().anyMatch(eni -> eni.linkIndex() == address.linkIndex());
                add(
                        ofAddresses,
                        DriftKind.POD_ADDRESS_ON_NODE,
                        pod.name(),
                        List.of("its address " + address.address().getHostAddress() + "/" + address.prefixBits()
                                + " is on " + state.link().name()),
                        Optional.of(new Owner.OfPod(pod)),
                        onEni ? List.of(Addresses.delete(address)) : List.of());
            }
        }
    }

    private void route(DriftKind kind, String object, Owner owner, Route route) {
        LinkState state = links.get(route.linkIndex());
        boolean down = state != null && !state.link().up();
        if (down || !routes.contains(route)) {
            String there = found.routes().stream()
                    .filter(other -> other.table() == route.table()
                            && other.destination().equals(route.destination()))
                    .map(other -> "there is " + words(other))
                    .findFirst()
                    .orElse("there is none");
            add(
                    ofRoutes,
                    kind,
                    object,
                    List.of("route " + words(route) + ": " + (down ? "its link is down" : there)),
                    Optional.of(owner),
                    List.of(Routes.replace(route)));
        }
    }

    /// As `ip route` shows it.
    private String words(Route route) {
        LinkState state = links.get(route.linkIndex());
        return route.destination()
                + route.via().map(gateway -> " via " + gateway.getHostAddress()).orElse("")
                + " dev "
                + (state == null ? "number " + route.linkIndex() : state.link().name())
                + " table " + (route.table() == Route.TABLE_MAIN ? "main" : Integer.toString(route.table()));
    }

    private void rule(DriftKind kind, String object, Optional<Owner> owner, Rule rule) {
        List<FoundRule> twins = rules.getOrDefault(rule, List.of());
        if (twins.isEmpty()) {
            add(ofRules, kind, object, List.of("no rule " + rule), owner, List.of(Rules.add(rule)));
        } else if (twins.stream().allMatch(twin -> twin.protocol() == FoundRule.PROTOCOL_NOBODY)) {
            // The new one stands behind the old one, and the first that matches is deleted: there always is one.
            add(
                    ofRules,
                    DriftKind.RULE_PROTOCOL,
                    object,
                    List.of("rule " + rule + " has no protocol"),
                    owner,
                    List.of(Rules.add(rule), Rules.delete(rule)));
        }
    }

    /// Rules for a pod's address, of a form that only ipamd and the AWS VPC CNI use, with another table.
    private void others(DriftKind kind, String object, Owner owner, Rule wantedRule, boolean needed) {
        for (Rule other : rulesOfOne.getOrDefault(RuleKey.of(wantedRule), List.of())) {
            if (!needed || other.table() != wantedRule.table()) {
                add(
                        ofRules,
                        kind,
                        object,
                        List.of("a rule " + other),
                        Optional.of(owner),
                        List.of(Rules.delete(other)));
            }
        }
    }

    private void mark(Rule rule) {
        if (wanted.marksNeeded()) {
            rule(DriftKind.RULE_MARK, "the node", Optional.empty(), rule);
        } else if (rules.containsKey(rule)) {
            add(
                    ofRules,
                    DriftKind.RULE_MARK,
                    "the node",
                    List.of("a rule " + rule),
                    Optional.empty(),
                    List.of(Rules.delete(rule)));
        }
    }

    private static void add(
            List<Repair> to,
            DriftKind kind,
            String object,
            List<String> wrong,
            Optional<Owner> owner,
            List<NetlinkRequest> requests) {
        if (!wrong.isEmpty()) {
            to.add(new Repair(kind, object, owner, String.join(", ", wrong), requests));
        }
    }
}
