package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.AddressSpecification;
import io.vpceni.lab.ec2.model.ConnectionTracking;
import io.vpceni.lab.ec2.model.InterfaceType;
import io.vpceni.lab.ec2.model.Ipv4Block;
import io.vpceni.lab.ec2.model.Ipv6Specification;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The parameters of a new ENI that CreateNetworkInterface and RunInstances have in common.
final class InterfaceParameters {
    private static final int SECONDARY_MAX = 49;

    private InterfaceParameters() {}

    /// `InterfaceType`, one of those that are possible.
    static InterfaceType type(Parameters parameters, InterfaceType... possible) {
        for (String unsupported : List.of("efa-only", "branch")) {
            if (parameters.text("InterfaceType", "").equals(unsupported)) {
                throw new Ec2Refusal(
                        "UnsupportedOperation", "This EC2 emulation knows no network interface of type " + unsupported);
            }
        }
        String[] words = Arrays.stream(possible).map(InterfaceType::text).toArray(String[]::new);
        String word = parameters.word("InterfaceType", InterfaceType.INTERFACE.text(), words);
        return Arrays.stream(possible)
                .filter(type -> type.text().equals(word))
                .findFirst()
                .orElseThrow();
    }

    /// `ConnectionTrackingSpecification`, in the ranges that EC2 documents.
    static ConnectionTracking connectionTracking(Parameters parameters) {
        Parameters seconds = parameters.structure("ConnectionTrackingSpecification");
        return new ConnectionTracking(
                seconds(seconds, "TcpEstablishedTimeout", 60, 432_000),
                seconds(seconds, "UdpStreamTimeout", 60, 180),
                seconds(seconds, "UdpTimeout", 30, 60));
    }

    private static Optional<Integer> seconds(Parameters parameters, String name, int min, int max) {
        OptionalInt seconds = parameters.integer(name, min, max);
        return seconds.isPresent() ? Optional.of(seconds.getAsInt()) : Optional.empty();
    }

    private static Ipv6Specification ipv6(Parameters parameters) {
        List<String> addresses = parameters.structures("Ipv6Addresses").stream()
                .map(one -> one.required("Ipv6Address"))
                .toList();
        List<String> prefixes = parameters.structures("Ipv6Prefix").stream()
                .map(one -> one.required("Ipv6Prefix"))
                .toList();
        return Ipv6Actions.specification(parameters, addresses, prefixes, 0);
    }

    /// `PrivateIpAddress`, `PrivateIpAddresses.N`, `SecondaryPrivateIpAddressCount` and `Ipv4PrefixCount`,
    /// which exclude each other in part.
    static AddressSpecification addresses(Parameters parameters) {
        parameters.refuseUnsupported("primary IPv6 address", "EnablePrimaryIpv6");
        List<Ipv4Block> namedPrefixes = parameters.structures("Ipv4Prefix").stream()
                .map(one -> AddressActions.prefix(one.required("Ipv4Prefix")))
                .toList();
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
        if (prefixes > 0 && !namedPrefixes.isEmpty()) {
            throw Ec2Refusal.invalidCombination("ipv4PrefixCount and ipv4Prefixes may not be used together");
        }
        if ((prefixes > 0 || !namedPrefixes.isEmpty()) && (count > 0 || !secondary.isEmpty())) {
            throw Ec2Refusal.invalidCombination(
                    "ipv4PrefixCount and secondary private IP addresses may not be used together");
        }
        return new AddressSpecification(primary, secondary, count, namedPrefixes, prefixes, ipv6(parameters));
    }
}
