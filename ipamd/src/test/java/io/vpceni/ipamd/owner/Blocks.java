package io.vpceni.ipamd.owner;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.util.List;

/// Addresses as EC2's blocks.
public final class Blocks {
    private Blocks() {}

    /// Each address as a block of its own.
    public static List<Cidr> of(List<InetAddress> addresses) {
        return addresses.stream()
                .map(address -> Cidr.containing(address, address.getAddress().length * Byte.SIZE))
                .toList();
    }
}
