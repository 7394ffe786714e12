package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The rules of IPv6 addresses and prefixes.
public final class Ipv6Addresses {
    private static final int UNATTACHED_MAX = 50; // no instance type takes more

    private final Ec2State state;

    public Ipv6Addresses(Ec2State state) {
        this.state = state;
    }

    /// What an assign call has added.
    public record Added(List<InetAddress> addresses, List<Ipv6Block> prefixes) {
        public Added {
            addresses = List.copyOf(addresses);
            prefixes = List.copyOf(prefixes);
        }
    }

    /// All of it or nothing.
    public Added assign(NetworkInterface eni, Ipv6Specification specification) {
        if (specification.slots() == 0) {
            return new Added(List.of(), List.of());
        }
        Ipv6Space space = eni.subnet().ipv6Space();
        refuse(eni, specification, space);
        List<Ipv6Block> prefixes = new ArrayList<>(specification.prefixes());
        specification.prefixes().forEach(space::take);
        specification.addresses().forEach(space::take);
        prefixes.addAll(
                space.takePrefixes(specification.prefixCount(), state.ids().random()));
        List<InetAddress> addresses = new ArrayList<>(specification.addresses());
        addresses.addAll(space.takeAny(specification.count(), state.ids().random()));
        Instant now = state.now();
        addresses.forEach(address -> eni.addIpv6(address, now));
        prefixes.forEach(prefix -> eni.add(prefix, now));
        return new Added(addresses, prefixes);
    }

    private static void refuse(NetworkInterface eni, Ipv6Specification specification, Ipv6Space space) {
        if (!specification.prefixes().isEmpty() || specification.prefixCount() > 0) {
            eni.attachment()
                    .ifPresent(attachment -> PrivateAddresses.refusePrefixesOn(
                            attachment.instance().type()));
        }
        specification.addresses().forEach(space::refuseUnusable);
        specification.prefixes().forEach(space::refuseUnusable);
        boolean twice = new HashSet<>(specification.addresses()).size()
                        < specification.addresses().size()
                || new HashSet<>(specification.prefixes()).size()
                        < specification.prefixes().size();
        if (twice) {
            throw new Ec2Refusal("InvalidParameterValue", "An address or a prefix is named twice");
        }
        int max = eni.attachment()
                .map(attachment -> attachment.instance().type().addressesPerEni())
                .orElse(UNATTACHED_MAX);
        if (eni.ipv6Slots() + specification.slots() > max) {
            throw PrivateAddresses.limitExceeded(max);
        }
    }

    /// All of them or none.
    public void unassign(NetworkInterface eni, List<InetAddress> addresses, List<Ipv6Block> prefixes) {
        if (!eni.ipv6Addresses().containsAll(addresses) || !eni.ipv6Prefixes().containsAll(prefixes)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Some of " + addresses.stream().map(Ipv6Block::text).toList() + " and " + prefixes
                            + " are not assigned to interface " + eni.id());
        }
        Instant now = state.now();
        for (InetAddress address : addresses.stream().distinct().toList()) {
            eni.removeIpv6(address, now);
            eni.subnet().ipv6Space().give(address);
        }
        for (Ipv6Block prefix : prefixes.stream().distinct().toList()) {
            eni.remove(prefix, now);
            eni.subnet().ipv6Space().give(prefix);
        }
    }
}
