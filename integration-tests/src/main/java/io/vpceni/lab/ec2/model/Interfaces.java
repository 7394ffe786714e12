package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

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
        Instant now = state.now();
        List<SecurityGroup> groups = wish.groups().isEmpty() ? state.groupsFor(subnet, List.of()) : wish.groups();
        SortedMap<String, String> tags = new TreeMap<>(wish.tags());
        NetworkInterface eni = new NetworkInterface(
                state.ids().next(ResourceKind.NETWORK_INTERFACE),
                subnet,
                state.ids().nextMacAddress(),
                wish.description(),
                groups,
                tags);
        AddressWish addresses = wish.addresses();
        InetAddress primary = addresses.primary();
        addresses.secondary().forEach(subnet::take); // the named ones first: chance must not take them
        subnet.takePrefixes(addresses.prefixCount(), state.ids().random()).forEach(eni::add);
        if (primary != null) {
            subnet.take(primary);
        } else {
            primary = subnet.takeAny(1, state.ids().random()).getFirst();
        }
        eni.add(primary, now);
        addresses.secondary().forEach(address -> eni.add(address, now));
        subnet.takeAny(addresses.secondaryCount(), state.ids().random()).forEach(address -> eni.add(address, now));
        state.interfaces().add(eni);
        return eni;
    }

    /// All that can be wrong with a wish, before anything is changed.
    void refuse(InterfaceWish wish) {
        AddressWish addresses = wish.addresses();
        refuseTooManyGroups(wish.groups());
        Set<InetAddress> named = new HashSet<>();
        InetAddress primary = addresses.primary();
        if (primary != null) {
            refuseNamed(wish.subnet(), primary, named);
        }
        addresses.secondary().forEach(address -> refuseNamed(wish.subnet(), address, named));
        if (addresses.slots() > ADDRESSES_MAX) {
            throw PrivateAddresses.limitExceeded(ADDRESSES_MAX);
        }
        wish.subnet().refuseFewerPrefixes(addresses.prefixCount());
        wish.subnet().refuseFewerFree(addresses.count() + addresses.prefixCount() * Subnet.PREFIX_SIZE);
    }

    private static void refuseNamed(Subnet subnet, InetAddress address, Set<InetAddress> named) {
        subnet.refuseUnusable(address);
        if (!named.add(address)) {
            throw Ec2Refusal.invalidValue("PrivateIpAddresses", address.getHostAddress(), "It is named twice");
        }
        if (subnet.isTaken(address)) {
            throw new Ec2Refusal("InvalidIPAddress.InUse", "Address " + address.getHostAddress() + " is in use.");
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
