package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.util.List;

/// Which IPv6 addresses and prefixes an ENI shall get.
///
/// @param addresses by name
/// @param count any others, this many
/// @param prefixes by name, each of 80 bits
/// @param prefixCount any others, this many
public record Ipv6Specification(List<InetAddress> addresses, int count, List<Ipv6Block> prefixes, int prefixCount) {
    public static final Ipv6Specification NONE = new Ipv6Specification(List.of(), 0, List.of(), 0);

    public Ipv6Specification {
        addresses = List.copyOf(addresses);
        prefixes = List.copyOf(prefixes);
    }

    /// How many slots of the ENI it takes: a prefix takes one, as an address does.
    public int slots() {
        return addresses.size() + count + prefixes.size() + prefixCount;
    }
}
