package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A subnet of a zone, with IPv4 addresses and perhaps IPv6 ones.
public final class Subnet implements Resource {
    private final String id;
    private final Vpc vpc;
    private final Ipv4Space ipv4;
    private final @Nullable Ipv6Space ipv6;
    private final String zone;
    private final SortedMap<String, String> tags;

    Subnet(
            String id,
            Vpc vpc,
            Ipv4Block block,
            Optional<Ipv6Block> ipv6Block,
            String zone,
            SortedMap<String, String> tags) {
        this(id, vpc, new Ipv4Space(block), ipv6Block.map(Ipv6Space::new).orElse(null), zone, tags);
    }

    private Subnet(
            String id, Vpc vpc, Ipv4Space ipv4, @Nullable Ipv6Space ipv6, String zone, SortedMap<String, String> tags) {
        this.id = id;
        this.vpc = vpc;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.zone = zone;
        this.tags = tags;
    }

    Subnet copy() {
        return new Subnet(id, vpc, ipv4.copy(), ipv6 == null ? null : ipv6.copy(), zone, new TreeMap<>(tags));
    }

    Ipv4Space ipv4() {
        return ipv4;
    }

    /// @throws Ec2Refusal `InvalidParameterValue` if it has none
    Ipv6Space ipv6Space() {
        if (ipv6 == null) {
            throw new Ec2Refusal("InvalidParameterValue", "The subnet '" + id + "' has no IPv6 CIDR block");
        }
        return ipv6;
    }

    /// How many addresses an ENI could still get, by name at least.
    public int freeAddresses() {
        return ipv4.free();
    }

    /// How many prefixes an ENI could still get.
    public int freePrefixes() {
        return ipv4.freePrefixes();
    }

    static Ec2Refusal tooFewBlocks() {
        return new Ec2Refusal(
                "InsufficientCidrBlocks",
                "The specified subnet does not have enough free cidr blocks to satisfy the request.");
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
        return ipv4.block();
    }

    public Optional<Ipv6Block> ipv6Block() {
        return Optional.ofNullable(ipv6).map(Ipv6Space::block);
    }

    public String zone() {
        return zone;
    }
}
