package io.vpceni.eni.model;

import io.vpceni.config.Cidr;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.BlockKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// One IPv4 subnet and its IPv6 /64: who has which address, down to the last one.
public final class SimulatedSubnet {
    private static final int RESERVED_FIRST = 4;
    private static final int NETWORK = 10 << 24;
    private static final int PREFIX = 16;

    private static final int NUMBERS = 200;

    /// Subnet n is within 10.n.0.0/16.
    private static final int BITS_MIN = 16;

    /// 10.0.0.0/12 has the subnets 1 to 15 in it: for a VPC without them.
    private static final int BITS_MIN_OF_FIRST = 12;

    private static final int BITS_MAX = 28;

    private final int number;
    private final int size;
    private final BitSet taken;
    private final BitSet strangers;
    private final BitSet ipv6Taken = new BitSet();
    private boolean filled;

    /// @param number of the VPC's subnets, counted from 0; below 200
    /// @param bits length of the prefix, 16 to 28; 12 to 28 for number 0, if the VPC has no other subnet
    /// @param strangersIn32 of 32 addresses, how many are taken from the start
    /// @throws IllegalArgumentException for another number or prefix length
    public SimulatedSubnet(int number, int bits, int strangersIn32) {
        if (number < 0 || number >= NUMBERS) {
            throw new IllegalArgumentException("subnet number " + number + ": want 0 to " + (NUMBERS - 1));
        }
        int bitsMin = number == 0 ? BITS_MIN_OF_FIRST : BITS_MIN;
        if (bits < bitsMin || bits > BITS_MAX) {
            throw new IllegalArgumentException(
                    "subnet " + number + " of /" + bits + ": want /" + bitsMin + " to /" + BITS_MAX);
        }
        this.number = number;
        this.size = 1 << (32 - bits);
        this.taken = new BitSet(size);
        this.strangers = new BitSet();
        taken.set(0, RESERVED_FIRST);
        taken.set(size - 1);
        for (int i = RESERVED_FIRST; strangersIn32 > 0 && i < size - 1; i++) {
            boolean stranger = Math.floorMod(i * 11 + i / 32 * 5, 32) < strangersIn32;
            strangers.set(i, stranger);
            taken.set(i, stranger);
        }
    }

    public SubnetId id() {
        return new SubnetId("subnet-0" + Integer.toHexString(0xa + number));
    }

    /// Its IPv4 block.
    public Cidr block() {
        return new Cidr(ipv4(number << 16), 32 - Integer.numberOfTrailingZeros(size));
    }

    /// Others take what is left, or leave it again.
    public void fill(boolean full) {
        filled = full;
    }

    public boolean isFilled() {
        return filled;
    }

    /// All others go.
    public void strangersLeave() {
        filled = false;
        taken.andNot(strangers);
        strangers.clear();
    }

    public int left() {
        return size - taken.cardinality();
    }

    /// Whether 16 addresses in a row are left on a boundary of 16.
    public boolean hasPrefix() {
        for (int i = 0; i + PREFIX <= size; i += PREFIX) {
            if (isFree(i, PREFIX)) {
                return true;
            }
        }
        return false;
    }

    /// The first that is left from there on, around the end.
    ///
    /// @param from where the search begins; any number
    public Optional<Cidr> take(BlockKind kind, int from) {
        return switch (kind) {
            case ADDRESS -> filled ? Optional.empty() : takeRun(1, from);
            case PREFIX -> filled ? Optional.empty() : takeRun(PREFIX, from);
            case IPV6_PREFIX -> takeIpv6(from);
        };
    }

    private Optional<Cidr> takeRun(int length, int from) {
        int runs = size / length;
        for (int i = 0; i < runs; i++) {
            int at = Math.floorMod(from + i, runs) * length;
            if (isFree(at, length)) {
                taken.set(at, at + length);
                return Optional.of(new Cidr(ipv4(number << 16 | at), length == 1 ? 32 : 28));
            }
        }
        return Optional.empty();
    }

    private boolean isFree(int at, int length) {
        int next = taken.nextSetBit(at);
        return next < 0 || next >= at + length;
    }

    private Optional<Cidr> takeIpv6(int from) {
        int at = ipv6Taken.nextClearBit(Math.floorMod(from, 1 << 12));
        ipv6Taken.set(at);
        byte[] bytes = {
            0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, (byte) (1 + number), (byte) (at >> 8), (byte) at, 0, 0, 0, 0, 0, 0
        };
        return Optional.of(new Cidr(address(bytes), 80));
    }

    public void giveBack(Cidr block) {
        byte[] bytes = block.network().getAddress();
        if (bytes.length == 16) {
            ipv6Taken.clear(((bytes[8] & 0xff) << 8) | (bytes[9] & 0xff));
            return;
        }
        int at = offset(bytes) - (number << 16);
        taken.clear(at, at + (1 << (32 - block.prefixBits())));
    }

    /// Another node has the block now, and keeps it.
    public void takenByStranger(Cidr block) {
        byte[] bytes = block.network().getAddress();
        if (bytes.length == 4) {
            int at = offset(bytes) - (number << 16);
            taken.set(at, at + (1 << (32 - block.prefixBits())));
        }
    }

    /// All addresses of an IPv4 block.
    public static List<InetAddress> addressesOf(Cidr block) {
        byte[] bytes = block.network().getAddress();
        int at = offset(bytes);
        List<InetAddress> all = new ArrayList<>();
        for (int i = 0; i < 1 << (32 - block.prefixBits()); i++) {
            all.add(ipv4(at + i));
        }
        return all;
    }

    /// How far an IPv4 address lies behind 10.0.0.0.
    private static int offset(byte[] bytes) {
        return ((bytes[1] & 0xff) << 16) | ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    }

    private static InetAddress ipv4(int at) {
        int value = NETWORK | at;
        return address(new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes", e);
        }
    }
}
