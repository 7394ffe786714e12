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

/// Writes the [GroundTruth] of an account.
final class GroundTruthWriter {
    private GroundTruthWriter() {}

    static GroundTruth of(Ec2State state) {
        Instant now = state.now();
        return new GroundTruth(
                now,
                state.interfaces().all().stream().map(eni -> eni(eni, now)).toList(),
                state.instances().all().stream()
                        .map(instance -> instance(instance, now))
                        .toList(),
                state.subnets().all().stream().map(GroundTruthWriter::subnet).toList());
    }

    private static GroundTruth.EniState eni(NetworkInterface eni, Instant now) {
        return new GroundTruth.EniState(
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
                eni.attachment().map(attachment -> attachment(attachment, now)));
    }

    private static GroundTruth.AttachmentView attachment(Attachment attachment, Instant now) {
        return new GroundTruth.AttachmentView(
                attachment.id(),
                attachment.instance().id(),
                attachment.networkCard(),
                attachment.deviceIndex(),
                attachment.status(now),
                attachment.deleteOnTermination());
    }

    private static GroundTruth.Machine instance(Instance instance, Instant now) {
        return new GroundTruth.Machine(
                instance.id(),
                instance.tags().getOrDefault("Name", ""),
                instance.type().name(),
                instance.subnet().id(),
                instance.state(now).text());
    }

    private static GroundTruth.Net subnet(Subnet subnet) {
        return new GroundTruth.Net(
                subnet.id(), subnet.block().toString(), subnet.zone(), subnet.freeAddresses(), subnet.freePrefixes());
    }
}
