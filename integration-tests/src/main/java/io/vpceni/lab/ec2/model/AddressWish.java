package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses a new ENI shall have.
///
/// @param primary `null`: any
/// @param secondary by name
/// @param secondaryCount any others, this many
/// @param prefixCount prefixes of 16 addresses, this many
public record AddressWish(
        @Nullable InetAddress primary, List<InetAddress> secondary, int secondaryCount, int prefixCount) {
    public AddressWish {
        secondary = List.copyOf(secondary);
    }

    public boolean names() {
        return primary != null || !secondary.isEmpty();
    }

    /// How many addresses of their own, the primary one included.
    public int count() {
        return 1 + secondary.size() + secondaryCount;
    }

    /// How many slots of the ENI it takes: a prefix takes one, as an address does.
    public int slots() {
        return count() + prefixCount;
    }
}
