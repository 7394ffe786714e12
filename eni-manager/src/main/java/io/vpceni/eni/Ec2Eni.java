package io.vpceni.eni;

import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ENI as EC2 describes it.
///
/// @param subnetId as in `subnet-0a1b2c3d4e5f60718`
/// @param mac null when EC2 names none, or none that can be read
/// @param primaryAddress the ENI's own address
/// @param secondaryAddresses in EC2's order, each once
/// @param attachment null when it is attached to nothing
public record Ec2Eni(
        EniId id,
        String subnetId,
        @Nullable MacAddress mac,
        InetAddress primaryAddress,
        List<InetAddress> secondaryAddresses,
        @Nullable EniAttachment attachment) {

    public Ec2Eni {
        LinkedHashSet<InetAddress> distinct = new LinkedHashSet<>(secondaryAddresses);
        distinct.remove(primaryAddress);
        secondaryAddresses = List.copyOf(distinct);
    }
}
