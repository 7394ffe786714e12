package io.vpceni.config;

/// What the node requests from EC2.
public enum PoolMode {
    /// Secondary private IPv4 addresses.
    ADDRESSES,
    /// IPv4 prefixes of 16 addresses; single addresses where a subnet has no contiguous prefix.
    PREFIXES,
    /// One IPv6 prefix on an ENI.
    IPV6
}
