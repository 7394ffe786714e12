package io.vpceni.network;

import static io.vpceni.network.HostSide.STALE_RULES_MAX;
import static io.vpceni.network.HostSide.deleteAll;
import static io.vpceni.network.PodWirer.at;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.Addresses;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import io.vpceni.netlink.Rule;
import io.vpceni.netlink.Rules;
import io.vpceni.network.drift.DesiredEni;
import io.vpceni.network.drift.DriftCheck;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// Configures the links of ENIs: MTU, forwarding, address, route table, rules.
///
/// Each ENI has its own route table, whose router is the subnet's first address. By a secondary ENI's table leave
/// the ENI's own packets and those of its pods. By the primary ENI's table leave pods' packets that must use the
/// primary ENI, whatever default route another program adds to the table main. Main keeps the primary ENI's
/// routes, so a secondary ENI's address is added without a route to its subnet. All ENIs use the loose reverse
/// path filter (`rp_filter` 2): answers to translated connections arrive by the primary ENI, whatever the pod's
/// table says.
final class EniSetup {

    /// Skips a default route over a secondary ENI and a route to its subnet, which a DHCP client adds to main.
    private static final Rule.Past PAST = new Rule.Past(DesiredEni.GROUP_OF_SECONDARIES);

    private final NetworkSettings settings;

    EniSetup(NetworkSettings settings) {
        this.settings = settings;
    }

    /// Rules for packets that leave with the node's address, and for answers of node ports: they leave by the
    /// primary ENI. More specific routes of main, for example into a VPN, still apply.
    static List<Rule> marked(NetworkSettings settings) {
        Rule primary = Rule.marked(settings.connmark(), RouteTables.PRIMARY, RouteTables.PRIORITY_MARK_PRIMARY);
        return List.of(
                primary.past(PAST, Route.TABLE_MAIN, RouteTables.PRIORITY_MARK_PAST),
                primary,
                Rule.marked(settings.connmark(), Route.TABLE_MAIN, RouteTables.PRIORITY_MARK));
    }

    static boolean needsMark(NetworkSettings settings) {
        return settings.nodePortSupport() || !settings.externalSnat();
    }

    /// @return the state to keep; empty: the link does not exist
    Optional<DesiredEni> setUpPrimary(NetlinkSocket host, EniLink primary) throws NetworkFailure {
        Optional<Link> link = find(host, primary.mac());
        return link.isEmpty() ? Optional.empty() : Optional.of(setUpPrimary(host, primary, link.get()));
    }

    private DesiredEni setUpPrimary(NetlinkSocket host, EniLink primary, Link link) throws NetworkFailure {
        at(
                "set up the primary ENI's link",
                host,
                Links.setUp(link.index(), settings.eniMtu(), DriftCheck.ENI_SETTINGS));
        List<Route> routes = defaultBy(gateway(host, primary, link), link, RouteTables.PRIMARY);
        for (Route route : routes) {
            at("add the primary ENI's default route", host, Routes.replace(route));
        }
        for (Rule marked : marked(settings)) {
            if (needsMark(settings)) {
                at("add a rule for marked packets", () -> host.requestUnless(Rules.add(marked), Errno.EEXIST));
            } else {
                at("delete a rule for marked packets", () -> deleteAll(host, marked, STALE_RULES_MAX));
            }
        }
        Rule subnet = Rule.from(primary.subnet(), RouteTables.PRIMARY, RouteTables.PRIORITY_SUBNET_PRIMARY);
        List<Rule> rules = List.of(
                Rule.nop(RouteTables.PRIORITY_SUBNET_END),
                Rule.gotoIfLocal(primary.subnet(), RouteTables.PRIORITY_SUBNET_END, RouteTables.PRIORITY_SUBNET_LOCAL),
                subnet.past(PAST, Route.TABLE_MAIN, RouteTables.PRIORITY_SUBNET_PAST),
                subnet);
        rules(host, rules);
        return new DesiredEni(
                primary.mac(), link.index(), link.name(), settings.eniMtu(), Optional.empty(), routes, rules);
    }

    /// The gateway of the node's default route over this link, which an operator may have chosen; otherwise
    /// the subnet's router.
    private static InetAddress gateway(NetlinkSocket host, EniLink primary, Link link) throws NetworkFailure {
        return at("read the node's routes", host::routes).stream()
                .filter(route -> route.table() == Route.TABLE_MAIN
                        && route.linkIndex() == link.index()
                        && route.destination().prefixBits() == 0)
                .flatMap(route -> route.via().stream())
                .findFirst()
                .orElseGet(() -> router(primary.subnet()));
    }

    private static List<Route> defaultBy(InetAddress gateway, Link link, int table) {
        return List.of(
                Route.onLink(Cidr.containing(gateway, gateway.getAddress().length * Byte.SIZE), link.index(), table),
                Route.defaultVia(gateway, link.index(), table));
    }

    /// @return the state to keep; empty: the link does not exist
    Optional<DesiredEni> setUpSecondary(NetlinkSocket host, EniLink eni) throws NetworkFailure {
        int table = RouteTables.of(eni.slot());
        if (table == Route.TABLE_MAIN) {
            throw new IllegalArgumentException("card 0 device 0 is the primary ENI: " + eni);
        }
        Optional<Link> link = find(host, eni.mac());
        return link.isEmpty() ? Optional.empty() : Optional.of(setUpSecondary(host, eni, link.get(), table));
    }

    private DesiredEni setUpSecondary(NetlinkSocket host, EniLink eni, Link link, int table) throws NetworkFailure {
        at("set up the ENI's link", host, Links.setUp(link.index(), settings.eniMtu(), DriftCheck.ENI_SETTINGS));
        at("put the ENI's link into its group", host, Links.setGroup(link.index(), DesiredEni.GROUP_OF_SECONDARIES));
        Address address = address(host, link, eni);
        List<Route> routes = defaultBy(router(eni.subnet()), link, table);
        for (Route route : routes) {
            at("add the ENI's default route", host, Routes.replace(route));
        }
        List<Rule> rules = List.of(own(eni, table));
        rules(host, rules);
        return new DesiredEni(
                eni.mac(), link.index(), link.name(), settings.eniMtu(), Optional.of(address), routes, rules);
    }

    private static Rule own(EniLink eni, int table) {
        return Rule.from(eni.address(), table, RouteTables.PRIORITY_FROM_ENI);
    }

    void takeDown(NetlinkSocket host, EniLink eni) throws NetworkFailure {
        int table = RouteTables.of(eni.slot());
        at("delete the rule of the ENI", () -> deleteAll(host, own(eni, table), STALE_RULES_MAX));
    }

    private static Address address(NetlinkSocket host, Link link, EniLink eni) throws NetworkFailure {
        Address wanted = new Address(link.index(), eni.address(), eni.subnet().prefixBits(), 0, true);
        boolean present = false;
        for (Address address : at("read the ENI's addresses", host::addresses)) {
            if (address.equals(wanted)) {
                present = true;
            } else if (address.linkIndex() == link.index() && address.scope() == Route.SCOPE_GLOBAL) {
                at(
                        "delete an address of the ENI",
                        () -> host.requestUnless(Addresses.delete(address), Errno.EADDRNOTAVAIL));
            }
        }
        if (!present) {
            at("add the ENI's address", () -> host.requestUnless(Addresses.add(wanted), Errno.EEXIST));
        }
        return wanted;
    }

    private static void rules(NetlinkSocket host, List<Rule> all) throws NetworkFailure {
        for (Rule wanted : all) {
            at("add a rule of the ENI", () -> host.requestUnless(Rules.add(wanted), Errno.EEXIST));
        }
        for (Rule rule : at("read the rules", host::rules)) {
            if (all.stream().anyMatch(wanted -> isStale(rule, wanted))) {
                at("delete a stale rule of the ENI", () -> host.requestUnless(Rules.delete(rule), Errno.ENOENT));
            }
        }
    }

    /// Whether the rule is from an earlier device index of the ENI. A rule that leads to a table of another
    /// program belongs to that program.
    private static boolean isStale(Rule rule, Rule wanted) {
        return rule.priority() == wanted.priority()
                && rule.from().equals(wanted.from())
                && rule.past().equals(wanted.past())
                && rule.action().equals(wanted.action())
                && RouteTables.isOurs(rule.table())
                && !rule.equals(wanted);
    }

    /// VPC subnets reserve their first address for the router (VPC user guide, "Subnet CIDR blocks").
    private static InetAddress router(Cidr subnet) {
        byte[] bytes = subnet.network().getAddress();
        bytes[bytes.length - 1] |= 1;
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static Optional<Link> find(NetlinkSocket host, MacAddress mac) throws NetworkFailure {
        return byMac(at("find the ENI's link", host::links), mac);
    }

    /// Links on top of an ENI (VLANs, bridges) have the same MAC address and were created later, so the lowest
    /// index is the ENI's.
    static Optional<Link> byMac(List<Link> links, MacAddress mac) {
        return links.stream()
                .filter(link -> link.macs().contains(mac) && !link.kind().equals("vlan"))
                .min(Comparator.comparingInt(Link::index));
    }
}
