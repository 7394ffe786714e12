package io.vpceni.lab.localstack;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// The addresses of an IPv4 subnet, `first` to `last`, both reserved.
record SubnetRange(long first, long last) {
    static SubnetRange parse(String cidr) {
        String[] parts = cidr.split("/", 2);
        long size = 1L << (32 - Integer.parseInt(parts[1]));
        long first = number(parts[0]) / size * size;
        return new SubnetRange(first, first + size - 1);
    }

    /// Whether EC2 keeps the address for itself (the first four and the last), or it is not in the subnet at all.
    boolean reserves(String address) {
        long number = number(address);
        return number < first + 4 || number >= last;
    }

    private static long number(String address) {
        if (InetAddress.ofLiteral(address) instanceof Inet4Address four) {
            return Integer.toUnsignedLong(ByteBuffer.wrap(four.getAddress()).getInt());
        }
        throw new IllegalArgumentException(address + " is not an IPv4 address");
    }
}
