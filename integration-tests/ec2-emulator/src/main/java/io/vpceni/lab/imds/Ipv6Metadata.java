package io.vpceni.lab.imds;

import java.util.List;

/// What the metadata service shows of an ENI's IPv6 side; what is empty has no entry there.
public record Ipv6Metadata(
        List<String> addresses, List<String> prefixes, List<String> subnetBlocks, List<String> vpcBlocks) {
    public static final Ipv6Metadata NONE = new Ipv6Metadata(List.of(), List.of(), List.of(), List.of());

    public Ipv6Metadata {
        addresses = List.copyOf(addresses);
        prefixes = List.copyOf(prefixes);
        subnetBlocks = List.copyOf(subnetBlocks);
        vpcBlocks = List.copyOf(vpcBlocks);
    }
}
