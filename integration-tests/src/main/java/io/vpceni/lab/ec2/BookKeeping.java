package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.model.Attachment;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Instance;
import io.vpceni.lab.ec2.model.Ipv4Block;
import io.vpceni.lab.ec2.model.Ipv6Block;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.PrivateAddress;
import io.vpceni.lab.ec2.model.SecurityGroup;
import io.vpceni.lab.ec2.model.Subnet;
import java.time.Instant;
import java.util.Collections;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes the [Books] of an account.
final class BookKeeping {
    private BookKeeping() {}

    static Books of(Ec2State state) {
        Instant now = state.now();
        return new Books(
                now,
                state.interfaces().all().stream().map(eni -> eni(eni, now)).toList(),
                state.instances().all().stream()
                        .map(instance -> instance(instance, now))
                        .toList(),
                state.subnets().all().stream().map(BookKeeping::subnet).toList());
    }

    private static Books.Eni eni(NetworkInterface eni, Instant now) {
        return new Books.Eni(
                eni.id(),
                eni.subnet().id(),
                eni.macAddress(),
                eni.description(),
                eni.type().text(),
                eni.status(),
                Stream.concat(eni.addresses().stream().map(PrivateAddress::address), eni.ipv6Addresses().stream())
                        .toList(),
                Stream.concat(
                                eni.prefixes().stream().map(Ipv4Block::toString),
                                eni.ipv6Prefixes().stream().map(Ipv6Block::toString))
                        .toList(),
                eni.groups().stream().map(SecurityGroup::id).toList(),
                Collections.unmodifiableSortedMap(new TreeMap<>(eni.tags())),
                eni.attachment().map(tie -> tie(tie, now)));
    }

    private static Books.Tie tie(Attachment tie, Instant now) {
        return new Books.Tie(
                tie.id(),
                tie.instance().id(),
                tie.networkCard(),
                tie.deviceIndex(),
                tie.status(now),
                tie.deleteOnTermination());
    }

    private static Books.Machine instance(Instance instance, Instant now) {
        return new Books.Machine(
                instance.id(),
                instance.tags().getOrDefault("Name", ""),
                instance.type().name(),
                instance.subnet().id(),
                instance.state(now).text());
    }

    private static Books.Net subnet(Subnet subnet) {
        return new Books.Net(
                subnet.id(), subnet.block().toString(), subnet.zone(), subnet.freeAddresses(), subnet.freePrefixes());
    }
}
