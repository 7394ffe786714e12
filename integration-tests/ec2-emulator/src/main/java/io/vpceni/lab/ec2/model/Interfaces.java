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

    public NetworkInterface create(InterfaceWish wish) {
        refuse(wish);
        Subnet subnet = wish.subnet();
        List<SecurityGroup> groups = wish.groups().isEmpty() ? state.groupsFor(subnet, List.of()) : wish.groups();
        NetworkInterface eni = new NetworkInterface(
                state.ids().next(ResourceKind.NETWORK_INTERFACE),
                subnet,
                wish.type(),
                state.ids().nextMacAddress(),
                wish.description(),
                groups,
                new TreeMap<>(wish.tags()));
        eni.connectionTracking(wish.connectionTracking());
        // First of all what can still be refused.
        new Ipv6Addresses(state).assign(eni, wish.addresses().ipv6());
        give(eni, wish.addresses());
        state.interfaces().add(eni);
        return eni;
    }

    static Ec2Refusal tooMany(int max) {
        return new Ec2Refusal(
                "NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached: " + max);
    }

    private void give(NetworkInterface eni, AddressWish wish) {
        Instant now = state.now();
        Ipv4Space space = eni.subnet().ipv4();
        InetAddress primary = wish.primary();
        wish.secondary().forEach(space::take); // the named ones first: chance must not take them
        if (primary != null) {
            space.take(primary);
        }
        for (Ipv4Block prefix : wish.prefixes()) {
            space.takePrefix(prefix);
            eni.add(prefix, now);
        }
        space.takePrefixes(wish.prefixCount(), state.ids().random()).forEach(prefix -> eni.add(prefix, now));
        eni.add(
                primary != null
                        ? primary
                        : space.takeAny(1, state.ids().random()).getFirst(),
                now);
        wish.secondary().forEach(address -> eni.add(address, now));
        space.takeAny(wish.secondaryCount(), state.ids().random()).forEach(address -> eni.add(address, now));
    }

    /// All that can be wrong with a wish, before anything is changed.
    void refuse(InterfaceWish wish) {
        AddressWish addresses = wish.addresses();
        Ipv4Space space = wish.subnet().ipv4();
        refuseTooManyGroups(wish.groups());
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
        refuseIpv6(wish.subnet(), addresses.ipv6());
    }

    private static void refuseIpv6(Subnet subnet, Ipv6Wish wish) {
        if (wish.slots() > 0) {
            Ipv6Space space = subnet.ipv6Space();
            wish.addresses().forEach(space::refuseUnusable);
            wish.prefixes().forEach(space::refuseUnusable);
        }
    }

    /// A trial run on a copy: prefixes and addresses take room from each other.
    private void refuseFewerFree(Ipv4Space space, AddressWish wish) {
        Ipv4Space trial = space.copy();
        RandomGenerator random = new SplittableRandom(0);
        InetAddress primary = wish.primary();
        wish.secondary().forEach(trial::take);
        if (primary != null) {
            trial.take(primary);
        }
        wish.prefixes().forEach(trial::takePrefix);
        List<Ipv4Block> _ = trial.takePrefixes(wish.prefixCount(), random);
        trial.refuseFewerFree(wish.secondaryCount() + (primary == null ? 1 : 0));
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
