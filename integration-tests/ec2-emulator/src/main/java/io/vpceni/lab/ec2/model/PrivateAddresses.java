package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The rules of secondary private addresses and of prefixes.
public final class PrivateAddresses {
    private static final int UNATTACHED_MAX = 50; // no instance type takes more

    private final Ec2State state;

    public PrivateAddresses(Ec2State state) {
        this.state = state;
    }

    /// Any free addresses.
    ///
    /// @return those that are new on the ENI
    public List<InetAddress> assignAny(NetworkInterface eni, int count) {
        refuseTooMany(eni, count);
        List<InetAddress> added = eni.subnet().ipv4().takeAny(count, state.ids().random());
        Instant now = state.now();
        added.forEach(address -> eni.add(address, now));
        return added;
    }

    /// Any free prefixes of 16 addresses.
    ///
    /// @return those that are new on the ENI
    public List<Ipv4Block> assignPrefixes(NetworkInterface eni, int count) {
        eni.attachment()
                .ifPresent(attachment -> refusePrefixesOn(attachment.instance().type()));
        refuseTooMany(eni, count);
        List<Ipv4Block> added =
                eni.subnet().ipv4().takePrefixes(count, state.ids().random());
        Instant now = state.now();
        added.forEach(prefix -> eni.add(prefix, now));
        return added;
    }

    /// Certain prefixes, all of them or none. One that is there already is not new.
    ///
    /// @return those that are new on the ENI
    public List<Ipv4Block> assignPrefixes(NetworkInterface eni, List<Ipv4Block> wanted) {
        eni.attachment()
                .ifPresent(attachment -> refusePrefixesOn(attachment.instance().type()));
        List<Ipv4Block> added = wanted.stream()
                .distinct()
                .filter(prefix -> !eni.prefixes().contains(prefix))
                .toList();
        added.forEach(prefix -> eni.subnet().ipv4().refuseUnusable(prefix));
        refuseTooMany(eni, added.size());
        Instant now = state.now();
        for (Ipv4Block prefix : added) {
            eni.subnet().ipv4().takePrefix(prefix);
            eni.add(prefix, now);
        }
        return added;
    }

    /// All of them or none.
    public void unassignPrefixes(NetworkInterface eni, List<Ipv4Block> prefixes) {
        List<Ipv4Block> distinct = prefixes.stream().distinct().toList();
        if (!eni.prefixes().containsAll(distinct)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue", "Some of " + distinct + " are not assigned to interface " + eni.id());
        }
        Instant now = state.now();
        for (Ipv4Block prefix : distinct) {
            eni.remove(prefix, now);
            eni.subnet().ipv4().givePrefix(prefix);
        }
    }

    /// Prefixes are a thing of Nitro.
    static void refusePrefixesOn(InstanceType type) {
        if (!type.isNitro()) {
            throw new Ec2Refusal("UnsupportedOperation", "Instance type " + type.name() + " does not support prefixes");
        }
    }

    /// Certain addresses; with `reassign` also such as are secondary on another ENI of the subnet, which
    /// then loses them.
    ///
    /// @return those that are new on the ENI
    public List<InetAddress> assign(NetworkInterface eni, List<InetAddress> wanted, boolean reassign) {
        List<InetAddress> added =
                wanted.stream().distinct().filter(address -> !eni.has(address)).toList();
        added.forEach(address -> refuseUnassignable(eni, address, reassign));
        refuseTooMany(eni, added.size());
        Instant now = state.now();
        for (InetAddress address : added) {
            holder(eni.subnet(), address).ifPresent(other -> {
                other.remove(address, now);
                other.subnet().ipv4().give(address);
            });
            eni.subnet().ipv4().take(address);
            eni.add(address, now);
        }
        return added;
    }

    private void refuseUnassignable(NetworkInterface eni, InetAddress address, boolean reassign) {
        eni.subnet().ipv4().refuseUnusable(address);
        Optional<NetworkInterface> holder = holder(eni.subnet(), address);
        if (holder.isEmpty()) {
            if (eni.subnet().ipv4().isTaken(address)) {
                throw new Ec2Refusal(
                        "InvalidParameterValue", "[" + address.getHostAddress() + "] belongs to a prefix in use");
            }
            return;
        }
        if (holder.get().primaryAddress().equals(address)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Address " + address.getHostAddress() + " is the primary address of interface "
                            + holder.get().id());
        }
        if (!reassign) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "[" + address.getHostAddress() + "] is already assigned to interface "
                            + holder.get().id());
        }
    }

    private Optional<NetworkInterface> holder(Subnet subnet, InetAddress address) {
        return state.interfaces().all().stream()
                .filter(eni -> eni.subnet() == subnet && eni.has(address))
                .findFirst();
    }

    public void unassign(NetworkInterface eni, List<InetAddress> addresses) {
        List<InetAddress> distinct = addresses.stream().distinct().toList();
        for (InetAddress address : distinct) {
            if (!eni.has(address)) {
                throw new Ec2Refusal(
                        "InvalidParameterValue",
                        "Some of " + texts(distinct) + " are not assigned to interface " + eni.id());
            }
            if (eni.primaryAddress().equals(address)) {
                throw new Ec2Refusal(
                        "InvalidParameterValue",
                        "Primary address " + address.getHostAddress() + " of interface " + eni.id()
                                + " cannot be unassigned");
            }
        }
        Instant now = state.now();
        for (InetAddress address : distinct) {
            eni.remove(address, now);
            eni.subnet().ipv4().give(address);
        }
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    private static void refuseTooMany(NetworkInterface eni, int more) {
        int max = eni.attachment()
                .map(attachment -> attachment.instance().type().addressesPerEni())
                .orElse(UNATTACHED_MAX);
        if (eni.slots() + more > max) {
            throw limitExceeded(max);
        }
    }

    static Ec2Refusal limitExceeded(int max) {
        return new Ec2Refusal(
                "PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit: at most " + max);
    }
}
