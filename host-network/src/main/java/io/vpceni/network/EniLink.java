package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;

/// An ENI as the node's kernel should be configured for it: the kernel's view.
///
/// @param mac identifies its link
/// @param slot where it is attached
/// @param address the ENI's primary address, inside `subnet`
/// @param subnet the subnet's block; its router has the first address after the network address
public record EniLink(MacAddress mac, DeviceSlot slot, InetAddress address, Cidr subnet) {

    public EniLink {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not an IPv4 address; ENIs are set up for IPv4 only");
        }
        if (!subnet.contains(address)) {
            throw new IllegalArgumentException(address.getHostAddress() + " is not in " + subnet);
        }
    }

    /// Whether it is the primary ENI.
    public boolean isPrimary() {
        return slot.isPrimary();
    }
}
