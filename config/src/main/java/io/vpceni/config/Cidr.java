package io.vpceni.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// A block of addresses, for example `10.0.0.0/16` or `fd00::/8`. All bits after the prefix are zero.
///
/// Ordered by family (IPv4 first), then by network, then by length (the larger block first).
///
/// @param network first address of the block
/// @param prefixBits 0 to 32 (IPv4) or 0 to 128 (IPv6)
public record Cidr(InetAddress network, int prefixBits) implements Comparable<Cidr> {

    /// @throws IllegalArgumentException when the prefix is longer than the address or host bits are set
    public Cidr {
        int bits = network.getAddress().length * Byte.SIZE;
        if (prefixBits < 0 || prefixBits > bits) {
            throw new IllegalArgumentException("prefix of " + prefixBits + " bits: want 0 to " + bits);
        }
        if (!Arrays.equals(network.getAddress(), masked(network, prefixBits))) {
            throw new IllegalArgumentException(network.getHostAddress() + "/" + prefixBits + " has host bits set");
        }
    }

    /// Reads `address/bits`. Host bits must be zero: `10.0.0.1/16` is refused; see [#containing].
    ///
    /// @throws IllegalArgumentException when the text has any other form
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw notACidr(text);
        }
        return new Cidr(literal(text, text.substring(0, slash)), bits(text, text.substring(slash + 1)));
    }

    /// Reads `address/bits` and clears the host bits: `10.0.3.7/16` gives `10.0.0.0/16`.
    ///
    /// @throws IllegalArgumentException when the text is not an address, a slash and a length that fits
    public static Cidr parseContaining(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw notACidr(text);
        }
        return containing(literal(text, text.substring(0, slash)), bits(text, text.substring(slash + 1)));
    }

    /// The block of the given length that contains the address.
    ///
    /// @throws IllegalArgumentException when the prefix is longer than the address
    public static Cidr containing(InetAddress address, int prefixBits) {
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefixBits < 0 || prefixBits > bits) {
            throw new IllegalArgumentException("prefix of " + prefixBits + " bits: want 0 to " + bits);
        }
        try {
            return new Cidr(InetAddress.getByAddress(masked(address, prefixBits)), prefixBits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /// Whether the address is in this block. Always false for an address of the other family.
    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length
                && Arrays.equals(masked(address, prefixBits), network.getAddress());
    }

    /// An address of this block.
    ///
    /// @param offset from its first address; 0 or more
    /// @throws IllegalArgumentException when the block has no address so far from its first
    public InetAddress addressAt(long offset) {
        byte[] address = network.getAddress();
        long left = offset;
        for (int i = address.length - 1; i >= 0 && left > 0; i--) {
            left += address[i] & 0xff;
            address[i] = (byte) left;
            left >>>= Byte.SIZE;
        }
        try {
            InetAddress found = InetAddress.getByAddress(address);
            if (offset < 0 || left > 0 || !contains(found)) {
                throw new IllegalArgumentException(this + " has no address at offset " + offset);
            }
            return found;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    @Override
    public int compareTo(Cidr other) {
        int byNetwork = AddressOrder.BY_NUMBER.compare(network, other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(prefixBits, other.prefixBits);
    }

    /// `address/bits`, the form that [#parse] reads.
    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixBits;
    }

    private static byte[] masked(InetAddress address, int prefixBits) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefixBits - i * (long) Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return bytes;
    }

    private static InetAddress literal(String text, String address) {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(notACidr(text).getMessage(), e);
        }
    }

    private static int bits(String text, String digits) {
        if (!digits.matches("0|[1-9][0-9]{0,2}")) {
            throw notACidr(text);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException notACidr(String text) {
        return new IllegalArgumentException("'" + text + "' is not address/bits, as in 10.0.0.0/16");
    }
}
