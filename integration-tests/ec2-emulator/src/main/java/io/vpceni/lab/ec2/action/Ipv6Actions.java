package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Ipv6Addresses;
import io.vpceni.lab.ec2.model.Ipv6Block;
import io.vpceni.lab.ec2.model.Ipv6Specification;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.Xml;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/// AssignIpv6Addresses, UnassignIpv6Addresses.
final class Ipv6Actions {
    private final Ec2State state;
    private final Ipv6Addresses addresses;

    Ipv6Actions(Ec2State state, Ipv6Addresses addresses) {
        this.state = state;
        this.addresses = addresses;
    }

    Map<String, Action> all() {
        return Map.of("AssignIpv6Addresses", this::assign, "UnassignIpv6Addresses", this::unassign);
    }

    private Operation assign(Parameters parameters) {
        String eniId = parameters.required("NetworkInterfaceId");
        Ipv6Specification specification = specification(
                parameters,
                parameters.list("Ipv6Addresses"),
                parameters.list("Ipv6Prefix"),
                1); // a count of 0 requests nothing
        if (specification.slots() == 0) {
            throw Ec2Refusal.missing("ipv6AddressCount, ipv6Addresses, ipv6PrefixCount or ipv6Prefixes");
        }
        return xml -> {
            Ipv6Addresses.Added added = addresses.assign(state.interfaces().get(eniId), specification);
            xml.text("networkInterfaceId", eniId);
            items(xml, "assignedIpv6Addresses", texts(added.addresses()));
            items(xml, "assignedIpv6PrefixSet", blocks(added.prefixes()));
        };
    }

    /// The parameters that an ENI's creation and AssignIpv6Addresses have in common.
    ///
    /// @param countMin of a count that is given
    static Ipv6Specification specification(
            Parameters parameters, List<String> named, List<String> namedPrefixes, int countMin) {
        int count = parameters
                .integer("Ipv6AddressCount", countMin, Integer.MAX_VALUE / 2)
                .orElse(0);
        int prefixCount = parameters
                .integer("Ipv6PrefixCount", countMin, Integer.MAX_VALUE / 2)
                .orElse(0);
        if (count > 0 && !named.isEmpty()) {
            throw Ec2Refusal.invalidCombination("ipv6AddressCount and ipv6Addresses may not be used together");
        }
        if (prefixCount > 0 && !namedPrefixes.isEmpty()) {
            throw Ec2Refusal.invalidCombination("ipv6PrefixCount and ipv6Prefixes may not be used together");
        }
        return new Ipv6Specification(
                named.stream().map(Ipv6Actions::address).toList(),
                count,
                namedPrefixes.stream().map(Ipv6Actions::prefix).toList(),
                prefixCount);
    }

    private Operation unassign(Parameters parameters) {
        String eniId = parameters.required("NetworkInterfaceId");
        List<InetAddress> named = parameters.list("Ipv6Addresses").stream()
                .map(Ipv6Actions::address)
                .toList();
        List<Ipv6Block> prefixes =
                parameters.list("Ipv6Prefix").stream().map(Ipv6Actions::prefix).toList();
        if (named.isEmpty() && prefixes.isEmpty()) {
            throw Ec2Refusal.missing("ipv6Addresses or ipv6Prefixes");
        }
        return xml -> {
            addresses.unassign(state.interfaces().get(eniId), named, prefixes);
            xml.text("networkInterfaceId", eniId);
            items(xml, "unassignedIpv6Addresses", texts(named));
            items(xml, "unassignedIpv6PrefixSet", blocks(prefixes));
        };
    }

    private static void items(Xml xml, String name, List<String> texts) {
        xml.element(name, () -> texts.forEach(text -> xml.text("item", text)));
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(Ipv6Block::text).toList();
    }

    private static List<String> blocks(List<Ipv6Block> prefixes) {
        return prefixes.stream().map(Ipv6Block::toString).toList();
    }

    private static InetAddress address(String text) {
        try {
            if (InetAddress.ofLiteral(text) instanceof Inet6Address address) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal) invalid("ipv6Addresses", text, "an IPv6 address").initCause(e);
        }
        throw invalid("ipv6Addresses", text, "an IPv6 address");
    }

    private static Ipv6Block prefix(String text) {
        try {
            return Ipv6Block.parse(text);
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal) invalid("ipv6Prefix", text, "an IPv6 CIDR block").initCause(e);
        }
    }

    private static Ec2Refusal invalid(String parameter, String text, String wanted) {
        return Ec2Refusal.invalidValue(parameter, text, "Expecting " + wanted);
    }
}
