package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.AddressWish;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parameters of a new ENI that CreateNetworkInterface and RunInstances have in common.
final class InterfaceParameters {
    private static final int SECONDARY_MAX = 49;

    private InterfaceParameters() {}

    /// `PrivateIpAddress`, `PrivateIpAddresses.N`, `SecondaryPrivateIpAddressCount` and `Ipv4PrefixCount`, which
    /// exclude
    /// each other in part.
    static AddressWish addresses(Parameters parameters) {
        parameters.refuseUnsupported("certain IPv4 prefixes", "Ipv4Prefix");
        parameters.refuseUnsupported(
                "IPv6", "Ipv6PrefixCount", "Ipv6Prefix", "Ipv6AddressCount", "Ipv6Addresses", "EnablePrimaryIpv6");
        @Nullable InetAddress primary = parameters.address("PrivateIpAddress").orElse(null);
        int count = parameters
                .integer("SecondaryPrivateIpAddressCount", 0, SECONDARY_MAX)
                .orElse(0);
        int prefixes = parameters.integer("Ipv4PrefixCount", 0, SECONDARY_MAX).orElse(0);
        List<InetAddress> secondary = new ArrayList<>();
        for (Parameters one : parameters.structures("PrivateIpAddresses")) {
            InetAddress address =
                    one.address("PrivateIpAddress").orElseThrow(() -> Ec2Refusal.missing("PrivateIpAddresses"));
            if (!one.flag("Primary").orElse(false)) {
                secondary.add(address);
            } else if (primary == null) {
                primary = address;
            } else {
                throw Ec2Refusal.invalidCombination("Only one primary private IP address can be specified");
            }
        }
        if (count > 0 && !secondary.isEmpty()) {
            throw Ec2Refusal.invalidCombination(
                    "secondaryPrivateIpAddressCount and secondary private IP addresses may not be used together");
        }
        if (prefixes > 0 && (count > 0 || !secondary.isEmpty())) {
            throw Ec2Refusal.invalidCombination(
                    "ipv4PrefixCount and secondary private IP addresses may not be used together");
        }
        return new AddressWish(primary, secondary, count, prefixes);
    }
}
