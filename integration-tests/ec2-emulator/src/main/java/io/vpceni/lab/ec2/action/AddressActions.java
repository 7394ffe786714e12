package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Ipv4Block;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.PrivateAddresses;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.Xml;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// AssignPrivateIpAddresses, UnassignPrivateIpAddresses.
final class AddressActions {
    private final Ec2State state;
    private final PrivateAddresses addresses;

    AddressActions(Ec2State state, PrivateAddresses addresses) {
        this.state = state;
        this.addresses = addresses;
    }

    Map<String, Action> all() {
        return Map.of("AssignPrivateIpAddresses", this::assign, "UnassignPrivateIpAddresses", this::unassign);
    }

    private Operation assign(Parameters parameters) {
        String eniId = parameters.required("NetworkInterfaceId");
        boolean reassign = parameters.flag("AllowReassignment").orElse(false);
        List<InetAddress> named = parameters.addresses("PrivateIpAddress");
        OptionalInt count = parameters.integer("SecondaryPrivateIpAddressCount", 1, Integer.MAX_VALUE / 2);
        OptionalInt prefixes = parameters.integer("Ipv4PrefixCount", 1, Integer.MAX_VALUE / 2);
        List<Ipv4Block> namedPrefixes = parameters.list("Ipv4Prefix").stream()
                .map(AddressActions::prefix)
                .toList();
        if (named.isEmpty() && count.isEmpty() && prefixes.isEmpty() && namedPrefixes.isEmpty()) {
            throw Ec2Refusal.missing("secondaryPrivateIpAddressCount or privateIpAddress");
        }
        if (!named.isEmpty() && count.isPresent()) {
            throw Ec2Refusal.invalidCombination(
                    "secondaryPrivateIpAddressCount and privateIpAddress may not be used together");
        }
        if (prefixes.isPresent() && !namedPrefixes.isEmpty()) {
            throw Ec2Refusal.invalidCombination("ipv4PrefixCount and ipv4Prefixes may not be used together");
        }
        if (prefixes.isPresent() || !namedPrefixes.isEmpty()) {
            if (!named.isEmpty() || count.isPresent()) {
                throw Ec2Refusal.invalidCombination(
                        "ipv4PrefixCount and secondary private IP addresses may not be used together");
            }
            return xml -> {
                NetworkInterface eni = state.interfaces().get(eniId);
                List<Ipv4Block> added = prefixes.isPresent()
                        ? addresses.assignPrefixes(eni, prefixes.getAsInt())
                        : addresses.assignPrefixes(eni, namedPrefixes);
                prefixes(xml, eniId, added);
            };
        }
        return xml -> {
            NetworkInterface eni = state.interfaces().get(eniId);
            List<InetAddress> added = count.isPresent()
                    ? addresses.assignAny(eni, count.getAsInt())
                    : addresses.assign(eni, named, reassign);
            xml.text("return", true)
                    .text("networkInterfaceId", eniId)
                    .list(
                            "assignedPrivateIpAddressesSet",
                            added,
                            address -> xml.text("privateIpAddress", address.getHostAddress()));
        };
    }

    private static void prefixes(Xml xml, String eniId, List<Ipv4Block> added) {
        xml.text("return", true)
                .text("networkInterfaceId", eniId)
                .list("assignedIpv4PrefixSet", added, prefix -> xml.text("ipv4Prefix", prefix.toString()));
    }

    private Operation unassign(Parameters parameters) {
        String eniId = parameters.required("NetworkInterfaceId");
        List<InetAddress> named = parameters.addresses("PrivateIpAddress");
        List<Ipv4Block> prefixes = parameters.list("Ipv4Prefix").stream()
                .map(AddressActions::prefix)
                .toList();
        if (named.isEmpty() && prefixes.isEmpty()) {
            throw Ec2Refusal.missing("privateIpAddress");
        }
        if (!named.isEmpty() && !prefixes.isEmpty()) {
            throw Ec2Refusal.invalidCombination("ipv4Prefix and privateIpAddress may not be used together");
        }
        return xml -> {
            NetworkInterface eni = state.interfaces().get(eniId);
            if (prefixes.isEmpty()) {
                addresses.unassign(eni, named);
            } else {
                addresses.unassignPrefixes(eni, prefixes);
            }
            xml.text("return", true);
        };
    }

    static Ipv4Block prefix(String text) {
        try {
            return Ipv4Block.parse(text);
        } catch (IllegalArgumentException _) {
            throw Ec2Refusal.invalidValue("ipv4Prefix", text, "Expecting a CIDR block such as 10.0.0.16/28");
        }
    }
}
