package io.vpceni.lab.ec2.model;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// An IPv4 CIDR block. Host bits are cleared, as EC2 clears them.
///
/// @param network as the 32 bits of the address
/// @param prefixBits 0 to 32
public record Ipv4Block(int network, int prefixBits) {
    private static final Pattern SHAPE = Pattern.compile("([0-9.]{7,15})/([0-9]{1,2})");

    public Ipv4Block {
        if (prefixBits < 0 || prefixBits > 32) {
            throw new IllegalArgumentException("prefix length " + prefixBits + ": want 0 to 32");
        }
        network &= mask(prefixBits);
    }

    /// @throws IllegalArgumentException if the text is no block such as `10.0.0.0/16`
    public static Ipv4Block parse(String text) {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches() || !(InetAddress.ofLiteral(parts.group(1)) instanceof Inet4Address address)) {
            throw new IllegalArgumentException("not an IPv4 block: '" + text + "'");
        }
        return new Ipv4Block(bits(address), Integer.parseInt(parts.group(2)));
    }

    /// The block of that length in which an IPv4 address lies.
    static Ipv4Block containing(InetAddress address, int prefixBits) {
        return new Ipv4Block(bits(address), prefixBits);
    }

    /// All addresses, in order. For small blocks.
    List<InetAddress> addresses() {
        return LongStream.range(0, size()).mapToObj(this::address).toList();
    }

    /// Number of addresses, at most 2^32.
    public long size() {
        return 1L << (32 - prefixBits);
    }

    /// @param offset 0 to [#size] - 1
    public InetAddress address(long offset) {
        byte[] octets = ByteBuffer.allocate(4).putInt(network + (int) offset).array();
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }

    public boolean contains(InetAddress address) {
        return address instanceof Inet4Address && (bits(address) & mask(prefixBits)) == network;
    }

    public boolean contains(Ipv4Block other) {
        return other.prefixBits >= prefixBits && (other.network & mask(prefixBits)) == network;
    }

    public boolean overlaps(Ipv4Block other) {
        return contains(other) || other.contains(this);
    }

    /// Position of an address that the block contains.
    public long offset(InetAddress address) {
        return Integer.toUnsignedLong(bits(address)) - Integer.toUnsignedLong(network);
    }

    @Override
    public String toString() {
        return address(0).getHostAddress() + "/" + prefixBits;
    }

    private static int bits(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    private static int mask(int prefixBits) {
        return prefixBits == 0 ? 0 : -1 << (32 - prefixBits);
    }
}
