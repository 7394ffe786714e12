package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An ENI as EC2 describes it: EC2's view, whole.
///
/// @param subnetId null when EC2 names none
/// @param mac null when EC2 names none, or none that can be read
/// @param primaryAddress the ENI's own address; null when it has none (type `efa-only`)
/// @param blocks secondary addresses, then prefixes, in EC2's order, each once
/// @param interfaceType EC2's word, as in `interface`, `trunk` or `efa`
/// @param tags key to value
/// @param description what EC2's console shows; "" for none
/// @param groups ids of its security groups, in EC2's order
/// @param attachment null when it is attached to nothing
public record Ec2Eni(
        EniId id,
        @Nullable SubnetId subnetId,
        @Nullable MacAddress mac,
        @Nullable InetAddress primaryAddress,
        List<Cidr> blocks,
        String interfaceType,
        Map<String, String> tags,
        String description,
        List<String> groups,
        @Nullable EniAttachment attachment) {

    public Ec2Eni {
        LinkedHashSet<Cidr> distinct = new LinkedHashSet<>(blocks);
        if (primaryAddress != null) {
            distinct.remove(Cidr.containing(primaryAddress, primaryAddress.getAddress().length * Byte.SIZE));
        }
        blocks = List.copyOf(distinct);
        tags = Map.copyOf(tags);
        groups = List.copyOf(groups);
    }

    /// What it is there for. The node's primary ENI is ours whatever its tags say.
    public EniRole role() {
        return switch (interfaceType) {
            case "trunk" -> EniRole.TRUNK;
            case "efa", "efa-only" -> EniRole.EFA;
            default -> "true".equals(tags.get(EniLabels.NO_MANAGE)) && !isPrimary() ? EniRole.UNMANAGED : EniRole.PODS;
        };
    }

    /// Whether an instance was started with it.
    public boolean isPrimary() {
        return attachment != null && attachment.slot().isPrimary();
    }

    /// The same ENI with other blocks.
    public Ec2Eni withBlocks(List<Cidr> other) {
        return new Ec2Eni(
                id, subnetId, mac, primaryAddress, other, interfaceType, tags, description, groups, attachment);
    }

    /// The same ENI with other tags.
    public Ec2Eni withTags(Map<String, String> other) {
        return new Ec2Eni(
                id, subnetId, mac, primaryAddress, blocks, interfaceType, other, description, groups, attachment);
    }

    /// The same ENI, attached to something else or to nothing.
    Ec2Eni withAttachment(@Nullable EniAttachment other) {
        return new Ec2Eni(id, subnetId, mac, primaryAddress, blocks, interfaceType, tags, description, groups, other);
    }

    /// The same ENI with another MAC.
    Ec2Eni withMac(@Nullable MacAddress other) {
        return new Ec2Eni(
                id, subnetId, other, primaryAddress, blocks, interfaceType, tags, description, groups, attachment);
    }
}
