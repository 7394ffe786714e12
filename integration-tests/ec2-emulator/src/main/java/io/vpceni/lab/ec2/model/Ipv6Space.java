package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The IPv6 block of a subnet, a /64, and who has what of it: addresses, and prefixes of /80.
final class Ipv6Space {
    static final int PREFIX_BITS = 80;
    private static final int RESERVED_FIRST = 4;
    private static final long PREFIXES = 1L << 16;

    private final Ipv6Block block;
    private final Set<InetAddress> addresses = new HashSet<>();
    private final Set<Ipv6Block> prefixes = new TreeSet<>();
    private final Set<Ipv6Block> reservedForPrefixes = new TreeSet<>();
    private final Set<Ipv6Block> reservedExplicitly = new TreeSet<>();

    Ipv6Space(Ipv6Block block) {
        this.block = block;
    }

    Ipv6Space copy() {
        Ipv6Space copy = new Ipv6Space(block);
        copy.addresses.addAll(addresses);
        copy.prefixes.addAll(prefixes);
        copy.reservedForPrefixes.addAll(reservedForPrefixes);
        copy.reservedExplicitly.addAll(reservedExplicitly);
        return copy;
    }

    Ipv6Block block() {
        return block;
    }

    void reserve(Ipv6Block range, boolean forPrefixes) {
        (forPrefixes ? reservedForPrefixes : reservedExplicitly).add(range);
    }

    void release(Ipv6Block range) {
        reservedForPrefixes.remove(range);
        reservedExplicitly.remove(range);
    }

    /// @throws Ec2Refusal `InvalidParameterValue`
    void refuseUnusable(InetAddress address) {
        if (!block.contains(address)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Address " + Ipv6Block.text(address) + " does not fall within the subnet's range " + block);
        }
        for (int reserved = 0; reserved < RESERVED_FIRST; reserved++) {
            if (block.address(reserved).equals(address)) {
                throw new Ec2Refusal(
                        "InvalidParameterValue",
                        "Address " + Ipv6Block.text(address) + " is in the subnet's reserved address range");
            }
        }
        if (isTaken(address)) {
            throw new Ec2Refusal("InvalidIPAddress.InUse", "Address " + Ipv6Block.text(address) + " is in use.");
        }
    }

    /// @throws Ec2Refusal `InvalidParameterValue`
    void refuseUnusable(Ipv6Block prefix) {
        if (prefix.prefixBits() != PREFIX_BITS || !block.contains(prefix)) {
            throw Ec2Refusal.invalidValue("Ipv6Prefix", prefix.toString(), "Expecting a /80 of " + block);
        }
        if (!isWhole(prefix)) {
            throw new Ec2Refusal("InvalidParameterValue", "The prefix " + prefix + " is in use");
        }
    }

    private boolean isTaken(InetAddress address) {
        return addresses.contains(address) || prefixes.contains(Ipv6Block.containing(address, PREFIX_BITS));
    }

    private boolean isWhole(Ipv6Block prefix) {
        return !prefixes.contains(prefix) && addresses.stream().noneMatch(prefix::contains);
    }

    private static boolean isIn(Set<Ipv6Block> ranges, Ipv6Block part) {
        return ranges.stream().anyMatch(range -> range.overlaps(part));
    }

    void take(InetAddress address) {
        addresses.add(address);
    }

    void take(Ipv6Block prefix) {
        prefixes.add(prefix);
    }

    void give(InetAddress address) {
        addresses.remove(address);
    }

    void give(Ipv6Block prefix) {
        prefixes.remove(prefix);
    }

    /// Any free addresses; there are always some, the space being what it is.
    List<InetAddress> takeAny(int count, RandomGenerator random) {
        List<InetAddress> found = new ArrayList<>();
        while (found.size() < count) {
            InetAddress address = block.address(RESERVED_FIRST + random.nextLong(Long.MAX_VALUE - RESERVED_FIRST));
            Ipv6Block around = Ipv6Block.containing(address, PREFIX_BITS);
            if (!isTaken(address) && !isIn(reservedForPrefixes, around) && !isIn(reservedExplicitly, around)) {
                take(address);
                found.add(address);
            }
        }
        return found;
    }

    /// @throws Ec2Refusal `InsufficientCidrBlocks`
    List<Ipv6Block> takePrefixes(int count, RandomGenerator random) {
        List<Ipv6Block> found = new ArrayList<>();
        while (found.size() < count) {
            long first = random.nextLong(PREFIXES);
            Ipv6Block prefix = free(first, true);
            if (prefix == null) {
                prefix = free(first, false);
            }
            if (prefix == null) {
                found.forEach(this::give);
                throw Subnet.tooFewBlocks();
            }
            take(prefix);
            found.add(prefix);
        }
        return found;
    }

    /// The next whole prefix from a position on: of the reserved ranges, or of none.
    private @Nullable Ipv6Block free(long first, boolean reserved) {
        if (reserved && reservedForPrefixes.isEmpty()) {
            return null;
        }
        for (long step = 0; step < PREFIXES; step++) {
            long position = (first + step) % PREFIXES;
            Ipv6Block prefix = block.part(PREFIX_BITS, position);
            boolean fits = reserved
                    ? isIn(reservedForPrefixes, prefix)
                    : position != 0 && !isIn(reservedForPrefixes, prefix) && !isIn(reservedExplicitly, prefix);
            if (fits && isWhole(prefix)) {
                return prefix;
            }
        }
        return null;
    }
}
