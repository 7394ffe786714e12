package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses a new ENI shall have.
///
/// @param primary `null`: any
/// @param secondary by name
/// @param secondaryCount any others, this many
/// @param prefixes of 16 addresses, by name
/// @param prefixCount any others, this many
public record AddressSpecification(
        @Nullable InetAddress primary,
        List<InetAddress> secondary,
        int secondaryCount,
        List<Ipv4Block> prefixes,
        int prefixCount,
        Ipv6Specification ipv6) {
    public AddressSpecification {
        secondary = List.copyOf(secondary);
        prefixes = List.copyOf(prefixes);
    }

    public boolean names() {
        return primary != null
                || !secondary.isEmpty()
                || !prefixes.isEmpty()
                || !ipv6.addresses().isEmpty()
                || !ipv6.prefixes().isEmpty();
    }

    /// How many addresses of their own, the primary one included.
    public int count() {
        return 1 + secondary.size() + secondaryCount;
    }

    /// How many slots of the ENI it takes: a prefix takes one, as an address does.
    public int slots() {
        return count() + prefixes.size() + prefixCount;
    }

    boolean wantsPrefixes() {
        return !prefixes.isEmpty() || prefixCount > 0 || !ipv6.prefixes().isEmpty() || ipv6.prefixCount() > 0;
    }
}
