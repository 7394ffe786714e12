package io.vpceni.pool;

import io.vpceni.config.Cidr;

/// What EC2 gives to an ENI and takes back in one piece. Each takes one of the ENI's slots.
public enum BlockKind {
    /// A secondary private IPv4 address: a /32.
    ADDRESS(32, 4),
    /// An IPv4 prefix: a /28, all 16 addresses of which pods can have, the first and the last too.
    PREFIX(28, 4),
    /// An IPv6 prefix: a /80.
    IPV6_PREFIX(80, 16);

    private final int prefixBits;
    private final int octets;

    BlockKind(int prefixBits, int octets) {
        this.prefixBits = prefixBits;
        this.octets = octets;
    }

    /// The length of its network part in bits: 32, 28 or 80.
    public int prefixBits() {
        return prefixBits;
    }

    /// Addresses in one block that pods can have: 1, 16 or 2^48.
    public long addresses() {
        return 1L << (8 * octets - prefixBits);
    }

    /// @throws IllegalArgumentException when EC2 has no block of that size
    public static BlockKind of(Cidr block) {
        int octets = block.network().getAddress().length;
        for (BlockKind kind : values()) {
            if (kind.octets == octets && kind.prefixBits == block.prefixBits()) {
                return kind;
            }
        }
        throw new IllegalArgumentException(block + ": want a /32, an IPv4 /28 or an IPv6 /80");
    }
}
