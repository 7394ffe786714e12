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
    public Added assign(NetworkInterface eni, Ipv6Wish wish) {
        if (wish.slots() == 0) {
            return new Added(List.of(), List.of());
        }
        Ipv6Space space = eni.subnet().ipv6Space();
        refuse(eni, wish, space);
        List<Ipv6Block> prefixes = new ArrayList<>(wish.prefixes());
        wish.prefixes().forEach(space::take);
        wish.addresses().forEach(space::take);
        prefixes.addAll(space.takePrefixes(wish.prefixCount(), state.ids().random()));
        List<InetAddress> addresses = new ArrayList<>(wish.addresses());
        addresses.addAll(space.takeAny(wish.count(), state.ids().random()));
        Instant now = state.now();
        addresses.forEach(address -> eni.addIpv6(address, now));
        prefixes.forEach(prefix -> eni.add(prefix, now));
        return new Added(addresses, prefixes);
    }

    private static void refuse(NetworkInterface eni, Ipv6Wish wish, Ipv6Space space) {
        if (!wish.prefixes().isEmpty() || wish.prefixCount() > 0) {
            eni.attachment()
                    .ifPresent(tie ->
                            PrivateAddresses.refusePrefixesOn(tie.instance().type()));
        }
        wish.addresses().forEach(space::refuseUnusable);
        wish.prefixes().forEach(space::refuseUnusable);
        boolean twice = new HashSet<>(wish.addresses()).size()
                        < wish.addresses().size()
                || new HashSet<>(wish.prefixes()).size() < wish.prefixes().size();
        if (twice) {
            throw new Ec2Refusal("InvalidParameterValue", "An address or a prefix is named twice");
        }
        int max = eni.attachment()
                .map(tie -> tie.instance().type().addressesPerEni())
                .orElse(UNATTACHED_MAX);
        if (eni.ipv6Slots() + wish.slots() > max) {
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
