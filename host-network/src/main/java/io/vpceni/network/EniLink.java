package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;

/// One ENI, as the node's kernel should be configured for it.
///
/// @param mac identifies its link
/// @param networkCard 0 or more
/// @param deviceIndex 0 or more; card 0 device 0 is the primary ENI
/// @param address the ENI's primary address, inside `subnet`
/// @param subnet the subnet's block; its router has the first address after the network address
public record EniLink(MacAddress mac, int networkCard, int deviceIndex, InetAddress address, Cidr subnet) {

    public EniLink {
        if (networkCard < 0 || deviceIndex < 0) {
            throw new IllegalArgumentException("network card " + networkCard + ", device index " + deviceIndex);
        }
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
        return new DeviceSlot(networkCard, deviceIndex).isPrimary();
    }
}
