package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import java.util.List;

/// An ENI of this node, with all that is needed to set its link up.
///
/// @param slot where it is attached
/// @param primary whether the instance was started with it
/// @param role what it is there for: only those for pods are set up, grown and taken away
/// @param primaryAddress the ENI's own address; no pod gets it
/// @param blocks secondary addresses and prefixes, in EC2's order, each once
/// @param subnet the block that its addresses come from
public record AttachedEni(
        EniId id,
        MacAddress mac,
        DeviceSlot slot,
        boolean primary,
        EniRole role,
        InetAddress primaryAddress,
        List<Cidr> blocks,
        Cidr subnet) {

    public AttachedEni {
        blocks = List.copyOf(blocks);
    }

    /// The blocks that are secondary addresses of their own.
    public List<InetAddress> secondaryAddresses() {
        return blocks.stream()
                .filter(block -> BlockKind.of(block) == BlockKind.ADDRESS)
                .map(Cidr::network)
                .toList();
    }
}
