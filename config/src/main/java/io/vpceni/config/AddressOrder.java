package io.vpceni.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;

/// The one order of IP addresses: IPv4 before IPv6, then by number.
public final class AddressOrder {

    /// By octets in network order; the shorter one first.
    public static final Comparator<byte[]> OCTETS =
            Comparator.comparingInt((byte[] octets) -> octets.length).thenComparing(Arrays::compareUnsigned);

    public static final Comparator<InetAddress> BY_NUMBER = (a, b) -> OCTETS.compare(a.getAddress(), b.getAddress());

    private AddressOrder() {}
}
