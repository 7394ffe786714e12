package io.vpceni.lab.ec2.model;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Copies an account, so that later changes to the one are not seen in the other.
final class StateCopy {
    private final Ec2State from;
    private final Ec2State to;
    private final Map<String, Subnet> subnets = new TreeMap<>();
    private final Map<String, Instance> instances = new TreeMap<>();

    /// @param to empty
    StateCopy(Ec2State from, Ec2State to) {
        this.from = from;
        this.to = to;
    }

    void fill() {
        from.vpcs()
                .all()
                .forEach(vpc ->
                        to.vpcs().add(new Vpc(vpc.id(), vpc.block(), vpc.ipv6Block(), new TreeMap<>(vpc.tags()))));
        from.securityGroups().all().forEach(this::add);
        for (Subnet subnet : from.subnets().all()) {
            Subnet copy = subnet.copy();
            subnets.put(copy.id(), copy);
            to.subnets().add(copy);
        }
        from.reservations().all().forEach(this::add);
        for (Instance instance : from.instances().all()) {
            Instance copy = instance.copy();
            instances.put(copy.id(), copy);
            to.instances().add(copy);
        }
        from.interfaces().all().forEach(this::add);
    }

    private void add(SecurityGroup group) {
        to.securityGroups()
                .add(new SecurityGroup(
                        group.id(), group.vpc(), group.name(), group.description(), new TreeMap<>(group.tags())));
    }

    /// The copied subnet keeps it free already.
    private void add(CidrReservation reservation) {
        to.reservations()
                .add(new CidrReservation(
                        reservation.id(),
                        Objects.requireNonNull(subnets.get(reservation.subnet().id())),
                        reservation.ipv4(),
                        reservation.ipv6(),
                        reservation.forPrefixes(),
                        reservation.description(),
                        new TreeMap<>(reservation.tags())));
    }

    private void add(NetworkInterface eni) {
        NetworkInterface copy =
                eni.copy(Objects.requireNonNull(subnets.get(eni.subnet().id())));
        eni.attachment()
                .ifPresent(attachment -> copy.attach(attachment.copy(Objects.requireNonNull(
                        instances.get(attachment.instance().id())))));
        to.interfaces().add(copy);
    }
}
