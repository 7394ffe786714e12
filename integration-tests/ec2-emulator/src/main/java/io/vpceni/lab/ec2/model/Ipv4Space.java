package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/// The IPv4 block of a subnet: which of its addresses are taken, and which are reserved for what.
///
/// The first four addresses and the last belong to the VPC. Addresses are positions in the block.
final class Ipv4Space {
    static final int PREFIX_BITS = 28;
    static final int PREFIX_SIZE = 16;
    private static final int RESERVED_FIRST = 4; // network, router, DNS, future use
    private static final int RESERVED_LAST = 1; // broadcast

    private final Ipv4Block block;
    private final int size;
    private final BitSet taken;
    private final BitSet forPrefixes;
    private final BitSet explicit;

    Ipv4Space(Ipv4Block block) {
        this(block, new BitSet(), new BitSet(), new BitSet());
    }

    private Ipv4Space(Ipv4Block block, BitSet taken, BitSet forPrefixes, BitSet explicit) {
        this.block = block;
        this.size = (int) block.size();
        this.taken = taken;
        this.forPrefixes = forPrefixes;
        this.explicit = explicit;
    }

    Ipv4Space copy() {
        return new Ipv4Space(block, (BitSet) taken.clone(), (BitSet) forPrefixes.clone(), (BitSet) explicit.clone());
    }

    Ipv4Block block() {
        return block;
    }

    /// What is reserved and free is free.
    int free() {
        return size - RESERVED_FIRST - RESERVED_LAST - taken.cardinality();
    }

    /// What EC2 gives to whom names no address.
    private int freeForAnyone() {
        return size - kept().cardinality();
    }

    private BitSet kept() {
        BitSet kept = (BitSet) taken.clone();
        kept.or(forPrefixes);
        kept.or(explicit);
        kept.set(0, RESERVED_FIRST);
        kept.set(size - RESERVED_LAST, size);
        return kept;
    }

    void reserve(Ipv4Block range, boolean prefixes) {
        int first = (int) block.offset(range.address(0));
        (prefixes ? forPrefixes : explicit).set(first, first + (int) range.size());
    }

    void release(Ipv4Block range) {
        int first = (int) block.offset(range.address(0));
        forPrefixes.clear(first, first + (int) range.size());
        explicit.clear(first, first + (int) range.size());
    }

    /// @throws Ec2Refusal `InvalidParameterValue` if no ENI can ever have the address
    void refuseUnusable(InetAddress address) {
        if (!block.contains(address)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Address " + address.getHostAddress() + " does not fall within the subnet's address range "
                            + block);
        }
        if (isOfTheVpc((int) block.offset(address))) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Address " + address.getHostAddress() + " is in the subnet's reserved address range");
        }
    }

    private boolean isOfTheVpc(int offset) {
        return offset < RESERVED_FIRST || offset >= size - RESERVED_LAST;
    }

    /// @throws Ec2Refusal `InvalidParameterValue` if no ENI can have the prefix now
    void refuseUnusable(Ipv4Block prefix) {
        if (prefix.prefixBits() != PREFIX_BITS || !block.contains(prefix)) {
            throw Ec2Refusal.invalidValue("Ipv4Prefix", prefix.toString(), "Expecting a /28 of " + block);
        }
        if (!isWhole((int) block.offset(prefix.address(0)))) {
            throw new Ec2Refusal("InvalidParameterValue", "The prefix " + prefix + " is in use");
        }
    }

    boolean isTaken(InetAddress address) {
        return block.contains(address) && taken.get((int) block.offset(address));
    }

    void take(InetAddress address) {
        refuseUnusable(address);
        if (isTaken(address)) {
            throw new IllegalStateException(address + " is taken already");
        }
        taken.set((int) block.offset(address));
    }

    void give(InetAddress address) {
        if (!isTaken(address)) {
            throw new IllegalStateException(address + " is not taken");
        }
        taken.clear((int) block.offset(address));
    }

    /// @throws Ec2Refusal `InsufficientFreeAddressesInSubnet`
    void refuseFewerFree(int count) {
        if (freeForAnyone() < count) {
            throw new Ec2Refusal(
                    "InsufficientFreeAddressesInSubnet",
                    "The specified subnet does not have enough free addresses to satisfy the request.");
        }
    }

    /// Takes free addresses outside of all reservations, scattered as EC2 scatters them.
    List<InetAddress> takeAny(int count, RandomGenerator random) {
        refuseFewerFree(count);
        BitSet kept = kept();
        List<InetAddress> found = new ArrayList<>();
        while (found.size() < count) {
            int offset = kept.nextClearBit(random.nextInt(size));
            if (offset >= size) {
                offset = kept.nextClearBit(0);
            }
            kept.set(offset);
            taken.set(offset);
            found.add(block.address(offset));
        }
        return found;
    }

    void takePrefix(Ipv4Block prefix) {
        int first = (int) block.offset(prefix.address(0));
        if (!isWhole(first)) {
            throw new IllegalStateException(prefix + " is taken already");
        }
        taken.set(first, first + PREFIX_SIZE);
    }

    void givePrefix(Ipv4Block prefix) {
        int first = (int) block.offset(prefix.address(0));
        if (taken.nextClearBit(first) < first + PREFIX_SIZE) {
            throw new IllegalStateException(prefix + " is not taken");
        }
        taken.clear(first, first + PREFIX_SIZE);
    }

    /// How many aligned sixteens EC2 could give to whom names none.
    int freePrefixes() {
        return prefixes(true).size() + prefixes(false).size();
    }

    /// Takes aligned sixteens, scattered as EC2 scatters them: of the ranges that are reserved for prefixes
    /// first, then of what nothing is reserved for.
    ///
    /// @throws Ec2Refusal `InsufficientCidrBlocks`
    List<Ipv4Block> takePrefixes(int count, RandomGenerator random) {
        refuseFewerPrefixes(count);
        List<Ipv4Block> found = new ArrayList<>();
        for (boolean reserved : new boolean[] {true, false}) {
            List<Ipv4Block> free = prefixes(reserved);
            while (found.size() < count && !free.isEmpty()) {
                Ipv4Block prefix = free.remove(random.nextInt(free.size()));
                takePrefix(prefix);
                found.add(prefix);
            }
        }
        return found;
    }

    /// @throws Ec2Refusal `InsufficientCidrBlocks`
    void refuseFewerPrefixes(int count) {
        if (count > 0 && freePrefixes() < count) {
            throw Subnet.tooFewBlocks();
        }
    }

    /// The whole sixteens that are wholly reserved for prefixes, or that no reservation touches.
    private List<Ipv4Block> prefixes(boolean reserved) {
        List<Ipv4Block> free = new ArrayList<>();
        for (int first = 0; first + PREFIX_SIZE <= size; first += PREFIX_SIZE) {
            boolean fits = reserved
                    ? forPrefixes.nextClearBit(first) >= first + PREFIX_SIZE
                    : isClear(forPrefixes, first) && isClear(explicit, first);
            if (fits && isWhole(first)) {
                free.add(Ipv4Block.containing(block.address(first), PREFIX_BITS));
            }
        }
        return free;
    }

    private boolean isWhole(int first) {
        return !isOfTheVpc(first) && !isOfTheVpc(first + PREFIX_SIZE - 1) && isClear(taken, first);
    }

    private static boolean isClear(BitSet bits, int first) {
        int next = bits.nextSetBit(first);
        return next < 0 || next >= first + PREFIX_SIZE;
    }
}
