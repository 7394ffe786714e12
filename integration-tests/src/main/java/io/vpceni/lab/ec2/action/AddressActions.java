package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.PrivateAddresses;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
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
        parameters.refuseUnsupported("IPv4 prefixes", "Ipv4PrefixCount", "Ipv4Prefix");
        if (named.isEmpty() && count.isEmpty()) {
            throw Ec2Refusal.missing("secondaryPrivateIpAddressCount or privateIpAddress");
        }
        if (!named.isEmpty() && count.isPresent()) {
            throw Ec2Refusal.invalidCombination(
                    "secondaryPrivateIpAddressCount and privateIpAddress may not be used together");
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

    private Operation unassign(Parameters parameters) {
        String eniId = parameters.required("NetworkInterfaceId");
        List<InetAddress> named = parameters.addresses("PrivateIpAddress");
        parameters.refuseUnsupported("IPv4 prefixes", "Ipv4Prefix");
        if (named.isEmpty()) {
            throw Ec2Refusal.missing("privateIpAddress");
        }
        return xml -> {
            addresses.unassign(state.interfaces().get(eniId), named);
            xml.text("return", true);
        };
    }
}
