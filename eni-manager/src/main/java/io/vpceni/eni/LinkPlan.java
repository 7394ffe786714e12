package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// An ENI whose link is to be set up, attached or about to be: EC2's view, as far as it is known.
///
/// @param mac null when EC2 names none that can be read: IMDS tells it
/// @param slot where it is attached
/// @param role what it is there for
/// @param primaryAddress the ENI's own address
/// @param subnet the block that its addresses come from; null when it is not known yet: IMDS tells it
public record LinkPlan(
        EniId id,
        @Nullable MacAddress mac,
        DeviceSlot slot,
        EniRole role,
        InetAddress primaryAddress,
        @Nullable Cidr subnet) {

    /// The same with another role.
    public LinkPlan withRole(EniRole other) {
        return new LinkPlan(id, mac, slot, other, primaryAddress, subnet);
    }
}
