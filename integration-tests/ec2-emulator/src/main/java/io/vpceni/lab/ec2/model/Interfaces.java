package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The rules of creating, changing and deleting an ENI.
public final class Interfaces {
    private static final int GROUPS_MAX = 5; // of an ENI
    private static final int ADDRESSES_MAX = 50; // of an ENI that no instance type limits yet: no type takes more

    private final Ec2State state;

    public Interfaces(Ec2State state) {
        this.state = state;
    }

    public NetworkInterface create(InterfaceSpecification specification) {
        refuse(specification);
        Subnet subnet = specification.subnet();
        List<SecurityGroup> groups =
                specification.groups().isEmpty() ? state.groupsFor(subnet, List.of()) : specification.groups();
        NetworkInterface eni = new NetworkInterface(
                state.ids().next(ResourceKind.NETWORK_INTERFACE),
                subnet,
                specification.type(),
                state.ids().nextMacAddress(),
                specification.description(),
                groups,
                new TreeMap<>(specification.tags()));
        eni.connectionTracking(specification.connectionTracking());
        // First of all what can still be refused.
        new Ipv6Addresses(state).assign(eni, specification.addresses().ipv6());
        give(eni, specification.addresses());
        state.interfaces().add(eni);
        return eni;
    }

    static Ec2Refusal tooMany(int max) {
        return new Ec2Refusal(
                "NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached: " + max);
    }

    private void give(NetworkInterface eni, AddressSpecification specification) {
        Instant now = state.now();
        Ipv4Space space = eni.subnet().ipv4();
        InetAddress primary = specification.primary();
        specification.secondary().forEach(space::take); // the named ones first: chance must not take them
        if (primary != null) {
            space.take(primary);
        }
        for (Ipv4Block prefix : specification.prefixes()) {
            space.takePrefix(prefix);
            eni.add(prefix, now);
        }
        space.takePrefixes(specification.prefixCount(), state.ids().random()).forEach(prefix -> eni.add(prefix, now));
        eni.add(
                primary != null
                        ? primary
                        : space.takeAny(1, state.ids().random()).getFirst(),
                now);
        specification.secondary().forEach(address -> eni.add(address, now));
        space.takeAny(specification.secondaryCount(), state.ids().random()).forEach(address -> eni.add(address, now));
    }

    /// Checks a specification before anything is changed.
    void refuse(InterfaceSpecification specification) {
        AddressSpecification addresses = specification.addresses();
        Ipv4Space space = specification.subnet().ipv4();
        refuseTooManyGroups(specification.groups());
        if (state.interfaces().all().size() >= state.enisMax()) {
            throw tooMany(state.enisMax());
        }
        Set<InetAddress> named = new HashSet<>();
        InetAddress primary = addresses.primary();
        if (primary != null) {
            refuseNamed(space, primary, named);
        }
        addresses.secondary().forEach(address -> refuseNamed(space, address, named));
        addresses.prefixes().forEach(prefix -> refuseNamed(space, prefix, named));
        if (addresses.slots() > ADDRESSES_MAX) {
            throw PrivateAddresses.limitExceeded(ADDRESSES_MAX);
        }
        if (addresses.prefixCount() > 0) {
            space.refuseFewerPrefixes(addresses.prefixCount());
        }
        refuseFewerFree(space, addresses);
        refuseIpv6(specification.subnet(), addresses.ipv6());
    }

    private static void refuseIpv6(Subnet subnet, Ipv6Specification specification) {
        if (specification.slots() > 0) {
            Ipv6Space space = subnet.ipv6Space();
            specification.addresses().forEach(space::refuseUnusable);
            specification.prefixes().forEach(space::refuseUnusable);
        }
    }

    /// A trial run on a copy: prefixes and addresses take room from each other.
    private void refuseFewerFree(Ipv4Space space, AddressSpecification specification) {
        Ipv4Space trial = space.copy();
        RandomGenerator random = new SplittableRandom(0);
        InetAddress primary = specification.primary();
        specification.secondary().forEach(trial::take);
        if (primary != null) {
            trial.take(primary);
        }
        specification.prefixes().forEach(trial::takePrefix);
        List<Ipv4Block> _ = trial.takePrefixes(specification.prefixCount(), random);
        trial.refuseFewerFree(specification.secondaryCount() + (primary == null ? 1 : 0));
    }

    private static void refuseNamed(Ipv4Space space, InetAddress address, Set<InetAddress> named) {
        space.refuseUnusable(address);
        if (!named.add(address)) {
            throw Ec2Refusal.invalidValue("PrivateIpAddresses", address.getHostAddress(), "It is named twice");
        }
        if (space.isTaken(address)) {
            throw new Ec2Refusal("InvalidIPAddress.InUse", "Address " + address.getHostAddress() + " is in use.");
        }
    }

    private static void refuseNamed(Ipv4Space space, Ipv4Block prefix, Set<InetAddress> named) {
        space.refuseUnusable(prefix);
        if (!prefix.addresses().stream().allMatch(named::add)) {
            throw Ec2Refusal.invalidValue("Ipv4Prefix", prefix.toString(), "A part of it is named twice");
        }
    }

    /// A deleted ENI must be `available`. EC2 answers the unspecific InvalidParameterValue here.
    public void delete(NetworkInterface eni) {
        if (eni.attachment().isPresent()) {
            throw new Ec2Refusal("InvalidParameterValue", "Network interface '" + eni.id() + "' is currently in use.");
        }
        state.discard(eni);
    }

    public void changeGroups(NetworkInterface eni, List<SecurityGroup> groups) {
        refuseTooManyGroups(groups);
        eni.groups(groups);
    }

    private static void refuseTooManyGroups(List<SecurityGroup> groups) {
        if (groups.size() > GROUPS_MAX) {
            throw new Ec2Refusal(
                    "SecurityGroupsPerInterfaceLimitExceeded",
                    "The maximum number of security groups per interface is " + GROUPS_MAX);
        }
    }
}
