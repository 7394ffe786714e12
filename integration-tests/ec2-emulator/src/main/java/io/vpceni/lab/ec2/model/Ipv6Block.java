package io.vpceni.lab.ec2.model;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IPv6 CIDR block. Host bits are cleared, as EC2 clears them.
///
/// @param network as the 128 bits of the address
/// @param prefixBits 0 to 128
public record Ipv6Block(BigInteger network, int prefixBits) implements Comparable<Ipv6Block> {
    private static final Pattern SHAPE = Pattern.compile("([0-9a-fA-F:]{2,39})/([0-9]{1,3})");
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?:$|:)");
    private static final int BITS = 128;
    private static final int BYTES = 16;

    public Ipv6Block {
        if (prefixBits < 0 || prefixBits > BITS) {
            throw new IllegalArgumentException("prefix length " + prefixBits + ": want 0 to 128");
        }
        network = network.shiftRight(BITS - prefixBits).shiftLeft(BITS - prefixBits);
    }

    /// @throws IllegalArgumentException if the text is no block such as `2600:1f14::/64`
    public static Ipv6Block parse(String text) {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches() || !(InetAddress.ofLiteral(parts.group(1)) instanceof Inet6Address address)) {
            throw new IllegalArgumentException("not an IPv6 block: '" + text + "'");
        }
        return new Ipv6Block(bits(address), Integer.parseInt(parts.group(2)));
    }

    static Ipv6Block containing(InetAddress address, int prefixBits) {
        return new Ipv6Block(bits(address), prefixBits);
    }

    /// The block of that length at a position in this one.
    Ipv6Block part(int bits, long position) {
        return new Ipv6Block(network.add(BigInteger.valueOf(position).shiftLeft(BITS - bits)), bits);
    }

    /// The address at a position, less than 2^63.
    InetAddress address(long offset) {
        byte[] bytes = network.add(BigInteger.valueOf(offset)).toByteArray();
        byte[] octets = new byte[BYTES];
        int length = Math.min(bytes.length, BYTES);
        System.arraycopy(bytes, bytes.length - length, octets, BYTES - length, length);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen octets are an address", e);
        }
    }

    public boolean contains(InetAddress address) {
        return address instanceof Inet6Address
                && containing(address, prefixBits).equals(this);
    }

    public boolean contains(Ipv6Block other) {
        return other.prefixBits >= prefixBits && new Ipv6Block(other.network, prefixBits).equals(this);
    }

    public boolean overlaps(Ipv6Block other) {
        return contains(other) || other.contains(this);
    }

    private static BigInteger bits(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /// An IPv6 address as EC2 writes it, the longest run of zeros left out.
    public static String text(InetAddress address) {
        String full = address.getHostAddress();
        String longest = ZEROS.matcher(full)
                .results()
                .map(found -> found.group())
                .max((one, other) -> Integer.compare(one.length(), other.length()))
                .orElse("");
        return longest.isEmpty() ? full : full.replaceFirst(Pattern.quote(longest), "::");
    }

    @Override
    public int compareTo(Ipv6Block other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork == 0 ? Integer.compare(prefixBits, other.prefixBits) : byNetwork;
    }

    @Override
    public String toString() {
        return text(address(0)) + "/" + prefixBits;
    }
}
