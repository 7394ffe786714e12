package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A subnet and which of its addresses are taken. The first four addresses and the last belong to the VPC.
public final class Subnet implements Resource {
    private static final int RESERVED_FIRST = 4; // network, router, DNS, future use
    private static final int RESERVED_LAST = 1; // broadcast

    private static final int PREFIX_BITS = 28;
    static final int PREFIX_SIZE = 16;

    private final String id;
    private final Vpc vpc;
    private final Ipv4Block block;
    private final String zone;
    private final SortedMap<String, String> tags;
    private final Set<InetAddress> taken = new HashSet<>();

    Subnet(String id, Vpc vpc, Ipv4Block block, String zone, SortedMap<String, String> tags) {
        this.id = id;
        this.vpc = vpc;
        this.block = block;
        this.zone = zone;
        this.tags = tags;
    }

    Subnet copy() {
        Subnet copy = new Subnet(id, vpc, block, zone, new TreeMap<>(tags));
        copy.taken.addAll(taken);
        return copy;
    }

    /// How many addresses an ENI could still get.
    public int freeAddresses() {
        return (int) (block.size() - RESERVED_FIRST - RESERVED_LAST - taken.size());
    }

    /// @throws Ec2Refusal `InvalidParameterValue` if no ENI can ever have the address
    void refuseUnusable(InetAddress address) {
        if (!block.contains(address)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Address " + address.getHostAddress() + " does not fall within the subnet's address range "
                            + block);
        }
        long offset = block.offset(address);
        if (offset < RESERVED_FIRST || offset >= block.size() - RESERVED_LAST) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Address " + address.getHostAddress() + " is in the subnet's reserved address range");
        }
    }

    boolean isTaken(InetAddress address) {
        return taken.contains(address);
    }

    void take(InetAddress address) {
        refuseUnusable(address);
        if (!taken.add(address)) {
            throw new IllegalStateException(address + " is taken already");
        }
    }

    void give(InetAddress address) {
        if (!taken.remove(address)) {
            throw new IllegalStateException(address + " is not taken");
        }
    }

    /// @throws Ec2Refusal `InsufficientFreeAddressesInSubnet`
    void refuseFewerFree(int count) {
        if (freeAddresses() < count) {
            throw new Ec2Refusal(
                    "InsufficientFreeAddressesInSubnet",
                    "The specified subnet does not have enough free addresses to satisfy the request.");
        }
    }

    /// Takes free addresses, scattered as EC2 scatters them.
    List<InetAddress> takeAny(int count, RandomGenerator random) {
        refuseFewerFree(count);
        long usable = block.size() - RESERVED_FIRST - RESERVED_LAST;
        List<InetAddress> found = new ArrayList<>();
        while (found.size() < count) {
            InetAddress address = block.address(RESERVED_FIRST + random.nextLong(usable));
            while (taken.contains(address)) {
                long next = block.offset(address) + 1 - RESERVED_FIRST;
                address = block.address(RESERVED_FIRST + next % usable);
            }
            take(address);
            found.add(address);
        }
        return found;
    }

    /// @throws Ec2Refusal `InsufficientCidrBlocks`
    void refuseFewerPrefixes(int count) {
        if (count > 0 && freePrefixes().size() < count) {
            throw new Ec2Refusal(
                    "InsufficientCidrBlocks",
                    "The specified subnet does not have enough free cidr blocks to satisfy the request.");
        }
    }

    /// How many prefixes an ENI could still get.
    public int freePrefixCount() {
        return freePrefixes().size();
    }

    /// Takes free aligned blocks of 16 addresses, scattered as EC2 scatters them.
    List<Ipv4Block> takePrefixes(int count, RandomGenerator random) {
        refuseFewerPrefixes(count);
        List<Ipv4Block> free = freePrefixes();
        List<Ipv4Block> found = new ArrayList<>();
        while (found.size() < count) {
            Ipv4Block prefix = free.remove(random.nextInt(free.size()));
            prefix.addresses().forEach(this::take);
            found.add(prefix);
        }
        return found;
    }

    void give(Ipv4Block prefix) {
        prefix.addresses().forEach(this::give);
    }

    /// The aligned blocks of 16 no address of which is taken or reserved.
    private List<Ipv4Block> freePrefixes() {
        List<Ipv4Block> free = new ArrayList<>();
        for (long first = 0; first + PREFIX_SIZE <= block.size(); first += PREFIX_SIZE) {
            boolean reserved = first < RESERVED_FIRST || first + PREFIX_SIZE > block.size() - RESERVED_LAST;
            Ipv4Block prefix = Ipv4Block.containing(block.address(first), PREFIX_BITS);
            if (!reserved && prefix.addresses().stream().noneMatch(taken::contains)) {
                free.add(prefix);
            }
        }
        return free;
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SUBNET;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public SortedMap<String, String> tags() {
        return tags;
    }

    public Vpc vpc() {
        return vpc;
    }

    public Ipv4Block block() {
        return block;
    }

    public String zone() {
        return zone;
    }
}
