package io.vpceni.config;

import java.util.HexFormat;

/// An Ethernet address: six octets. Ordered by value.
///
/// @param bits the six octets, the first in the highest place; the upper 16 bits are zero
public record MacAddress(long bits) implements Comparable<MacAddress> {

    private static final int OCTETS = 6;

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    /// @throws IllegalArgumentException when more than 48 bits are used
    public MacAddress {
        if (bits >>> (OCTETS * Byte.SIZE) != 0) {
            throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
        }
    }

    /// Reads `02:aa:00:00:00:01`, in either case.
    ///
    /// @throws IllegalArgumentException when the text is not six pairs of hex digits joined by colons
    public static MacAddress parse(String text) {
        if (text.length() != OCTETS * 3 - 1) {
            throw new IllegalArgumentException("'" + text + "' is not six hex pairs joined by ':'");
        }
        try {
            return of(COLONS.parseHex(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not six hex pairs joined by ':'", e);
        }
    }

    /// The address with these octets, in the order in which they go over the wire.
    ///
    /// @throws IllegalArgumentException when there are not six of them
    public static MacAddress of(byte[] octets) {
        if (octets.length != OCTETS) {
            throw new IllegalArgumentException("a MAC address has 6 octets, not " + octets.length);
        }
        long bits = 0;
        for (byte octet : octets) {
            bits = bits << Byte.SIZE | Byte.toUnsignedLong(octet);
        }
        return new MacAddress(bits);
    }

    /// The six octets in the order in which they go over the wire; a new array for each call.
    public byte[] bytes() {
        byte[] octets = new byte[OCTETS];
        for (int i = 0; i < OCTETS; i++) {
            octets[i] = (byte) (bits >>> ((OCTETS - 1 - i) * Byte.SIZE));
        }
        return octets;
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(bits, other.bits);
    }

    /// Lower case, joined by colons: the form that IMDS and the kernel print.
    @Override
    public String toString() {
        return COLONS.formatHex(bytes());
    }
}
