package io.vpceni.lab.ec2.model;

import java.util.Optional;
import java.util.SortedMap;

/// A range of a subnet from which EC2 gives no single address by itself.
///
/// @param ipv4 the range, or [#ipv6]
/// @param forPrefixes EC2 takes prefixes from it; else nothing that is not asked for by name
public record CidrReservation(
        String id,
        Subnet subnet,
        Optional<Ipv4Block> ipv4,
        Optional<Ipv6Block> ipv6,
        boolean forPrefixes,
        String description,
        SortedMap<String, String> tags)
        implements Resource {
    @Override
    public ResourceKind kind() {
        return ResourceKind.CIDR_RESERVATION;
    }

    public String cidr() {
        return ipv4.map(Ipv4Block::toString)
                .or(() -> ipv6.map(Ipv6Block::toString))
                .orElseThrow();
    }

    /// EC2's word for what it is for.
    public String type() {
        return forPrefixes ? "prefix" : "explicit";
    }

    boolean overlaps(CidrReservation other) {
        return ipv4.filter(range -> other.ipv4.filter(range::overlaps).isPresent())
                        .isPresent()
                || ipv6.filter(range -> other.ipv6.filter(range::overlaps).isPresent())
                        .isPresent();
    }

    void put() {
        ipv4.ifPresent(range -> subnet.ipv4().reserve(range, forPrefixes));
        ipv6.ifPresent(range -> subnet.ipv6Space().reserve(range, forPrefixes));
    }

    void lift() {
        ipv4.ifPresent(range -> subnet.ipv4().release(range));
        ipv6.ifPresent(range -> subnet.ipv6Space().release(range));
    }
}
