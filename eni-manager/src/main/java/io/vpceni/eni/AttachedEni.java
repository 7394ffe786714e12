package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.util.List;

/// An ENI of this node, with all that is needed to set its link up.
///
/// @param networkCard 0 for the first
/// @param deviceIndex on its card; 0 for the primary ENI
/// @param primary whether the instance was started with it
/// @param primaryAddress the ENI's own address; no pod gets it
/// @param secondaryAddresses in EC2's order, each once
/// @param subnet the block that its addresses come from
public record AttachedEni(
        EniId id,
        MacAddress mac,
        int networkCard,
        int deviceIndex,
        boolean primary,
        InetAddress primaryAddress,
        List<InetAddress> secondaryAddresses,
        Cidr subnet) {

    public AttachedEni {
        secondaryAddresses = List.copyOf(secondaryAddresses);
    }
}
