package io.vpceni.network;

import static io.vpceni.network.PodWirer.at;
import static io.vpceni.network.PodWirer.host;

import io.vpceni.netlink.Links;
import io.vpceni.netlink.Neighbours;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkRequest;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import io.vpceni.netlink.Rule;
import io.vpceni.netlink.Rules;
import io.vpceni.network.drift.DriftCheck;
import java.net.InetAddress;
import java.util.List;
import jnr.constants.platform.linux.Errno;

/// The node's side of a pod's wiring: the alias of the link, the host route and rule 512 to the pod, and rule 1536
/// from a pod of a secondary ENI.
final class HostSide {

    /// Maximum number of rules with one address and one priority that are deleted before the address is used.
    /// Normally there is none or one, or two that differ in their protocol.
    static final int STALE_RULES_MAX = 8;

    /// The AWS VPC CNI up to 1.6 added a rule from a pod for each block of its VPC; a VPC has at most 50.
    private static final int UNWIRED_RULES_MAX = 64;

    private HostSide() {}

    /// For a new pod: existing rules of its address are stale.
    static void wire(NetlinkSocket host, PodWiring wiring, int index, Undo undo) throws NetworkFailure {
        InetAddress address = wiring.address();
        Route route = Route.onLink(host(address), index, Route.TABLE_MAIN);
        Rule toPod = Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD);
        undo.push(() -> host.requestUnless(Routes.delete(route), Errno.ESRCH));
        undo.push(() -> host.requestUnless(Rules.delete(toPod), Errno.ENOENT));
        List<Boolean> done = new RequestBatch()
                .then("set the link's alias", Links.setAlias(index, wiring.alias(), DriftCheck.POD_SETTINGS))
                .then("answer ARP of the pod without delay", Neighbours.proxyWithoutDelay(index))
                .then("add the route to the pod", Routes.replace(route))
                .then("add the rule to the pod", Rules.add(toPod), Errno.EEXIST)
                .then("delete stale rules from the pod", Rules.delete(anyFromPod(address)), Errno.ENOENT)
                .run(host);
        if (done.getLast()) { // there was one; there may be more
            at("delete stale rules from the pod", () -> deleteAll(host, anyFromPod(address), STALE_RULES_MAX - 1));
        }
        int table = RouteTables.of(wiring.slot());
        if (table != Route.TABLE_MAIN) {
            Rule fromPod = Rule.from(address, table, RouteTables.PRIORITY_FROM_POD);
            undo.push(() -> host.requestUnless(Rules.delete(fromPod), Errno.ENOENT));
            at("add the rule from the pod", host, Rules.add(fromPod));
        }
    }

    /// For a running pod: correct rules stay, and stale ones are deleted last. If its rule were missing for a
    /// moment, a packet of the pod would leave by the primary ENI, where the VPC drops it.
    static void wireAgain(NetlinkSocket host, PodWiring wiring, int index) throws NetworkFailure {
        InetAddress address = wiring.address();
        int table = RouteTables.of(wiring.slot());
        Rule fromPod = Rule.from(address, table, RouteTables.PRIORITY_FROM_POD);
        new RequestBatch()
                .then("set the link's alias", Links.setAlias(index, wiring.alias(), DriftCheck.POD_SETTINGS))
                .then("answer ARP of the pod without delay", Neighbours.proxyWithoutDelay(index))
                .then("add the route to the pod", Routes.replace(Route.onLink(host(address), index, Route.TABLE_MAIN)))
                .then(
                        "add the rule to the pod",
                        Rules.add(Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD)),
                        Errno.EEXIST)
                .run(host);
        if (table != Route.TABLE_MAIN) {
            at("add the rule from the pod", () -> host.requestUnless(Rules.add(fromPod), Errno.EEXIST));
        }
        for (Rule rule : at("find stale rules from the pod", host::rules)) {
            if (rule.priority() == fromPod.priority()
                    && rule.from().equals(fromPod.from())
                    && (rule.table() != table || table == Route.TABLE_MAIN)) {
                at("delete a stale rule from the pod", () -> host.requestUnless(Rules.delete(rule), Errno.ENOENT));
            }
        }
    }

    /// Restores other properties that the link may have lost since it was wired. Call it before [#wireAgain],
    /// because the routes of a link that is down are gone.
    static void mendLink(NetlinkSocket host, int index, int mtu, PodSources sources) throws NetworkFailure {
        new RequestBatch()
                .then("bring the host link up", Links.setUp(index, mtu, DriftCheck.POD_SETTINGS))
                .then("put the host link into its group", Links.setGroup(index, LinkGroups.of(sources)))
                .run(host);
    }

    /// Rules of any table, and of the AWS VPC CNI's forms.
    static void deleteRules(NetlinkSocket host, InetAddress address) throws NetworkFailure {
        at(
                "delete the rules to the pod",
                () -> deleteAll(host, Rule.to(address, 0, RouteTables.PRIORITY_TO_POD), UNWIRED_RULES_MAX));
        at("delete the rules from the pod", () -> deleteAll(host, anyFromPod(address), UNWIRED_RULES_MAX));
    }

    private static Rule anyFromPod(InetAddress address) {
        return Rule.from(address, 0, RouteTables.PRIORITY_FROM_POD);
    }

    static boolean deleteAll(NetlinkSocket host, Rule rule, int max) throws NetlinkFailure {
        NetlinkRequest delete = Rules.delete(rule);
        for (int i = 0; i < max; i++) {
            if (!host.requestUnless(delete, Errno.ENOENT)) {
                return true;
            }
        }
        return false;
    }
}
