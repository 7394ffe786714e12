package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses a new ENI shall have.
///
/// @param primary `null`: any
/// @param secondary by name
/// @param secondaryCount any others, this many
public record AddressWish(@Nullable InetAddress primary, List<InetAddress> secondary, int secondaryCount) {
    public AddressWish {
        secondary = List.copyOf(secondary);
    }

    public boolean names() {
        return primary != null || !secondary.isEmpty();
    }

    /// How many addresses in all, the primary one included.
    public int count() {
        return 1 + secondary.size() + secondaryCount;
    }
}
