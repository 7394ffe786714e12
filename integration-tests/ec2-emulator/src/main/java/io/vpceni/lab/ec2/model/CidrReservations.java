package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Optional;
import java.util.SortedMap;

/// The rules of reserving ranges of a subnet. What is in use in a range stays in use.
public final class CidrReservations {
    private final Ec2State state;

    public CidrReservations(Ec2State state) {
        this.state = state;
    }

    /// @param cidr an IPv4 or IPv6 block of the subnet
    public CidrReservation create(
            Subnet subnet, String cidr, boolean forPrefixes, String description, SortedMap<String, String> tags) {
        Optional<Ipv4Block> ipv4 = cidr.contains(":") ? Optional.empty() : Optional.of(ipv4(subnet, cidr));
        Optional<Ipv6Block> ipv6 = cidr.contains(":") ? Optional.of(ipv6(subnet, cidr)) : Optional.empty();
        CidrReservation made = new CidrReservation(
                state.ids().next(ResourceKind.CIDR_RESERVATION), subnet, ipv4, ipv6, forPrefixes, description, tags);
        if (forPrefixes) {
            refuseSmallerThanAPrefix(made);
        }
        for (CidrReservation other : state.reservations().all()) {
            if (other.subnet().vpc().id().equals(subnet.vpc().id()) && other.overlaps(made)) {
                throw new Ec2Refusal(
                        "InvalidParameterValue",
                        "Reservation CIDR " + cidr + " has overlap with existing reserved CIDR block");
            }
        }
        made.put();
        state.reservations().add(made);
        return made;
    }

    public void delete(CidrReservation reservation) {
        reservation.lift();
        state.reservations().remove(reservation);
    }

    private static Ipv4Block ipv4(Subnet subnet, String cidr) {
        try {
            Ipv4Block range = Ipv4Block.parse(cidr);
            if (subnet.block().contains(range)) {
                return range;
            }
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal) invalid(subnet, cidr).initCause(e);
        }
        throw invalid(subnet, cidr);
    }

    private static Ipv6Block ipv6(Subnet subnet, String cidr) {
        try {
            Ipv6Block range = Ipv6Block.parse(cidr);
            if (subnet.ipv6Block().filter(block -> block.contains(range)).isPresent()) {
                return range;
            }
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal) invalid(subnet, cidr).initCause(e);
        }
        throw invalid(subnet, cidr);
    }

    private static Ec2Refusal invalid(Subnet subnet, String cidr) {
        return Ec2Refusal.invalidValue("cidr", cidr, "Expecting a CIDR block within subnet " + subnet.id());
    }

    private static void refuseSmallerThanAPrefix(CidrReservation made) {
        boolean tooSmall = made.ipv4()
                        .filter(range -> range.prefixBits() > Ipv4Space.PREFIX_BITS)
                        .isPresent()
                || made.ipv6()
                        .filter(range -> range.prefixBits() > Ipv6Space.PREFIX_BITS)
                        .isPresent();
        if (tooSmall) {
            throw Ec2Refusal.invalidValue("cidr", made.cidr(), "It has no room for a prefix");
        }
    }
}
