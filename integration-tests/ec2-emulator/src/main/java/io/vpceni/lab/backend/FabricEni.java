package io.vpceni.lab.backend;

import java.net.InetAddress;
import java.util.List;

/// An ENI that is attached to an instance, with what the network needs of it.
///
/// @param macAddress six octets, lower case, colons
/// @param deviceIndex 0 for the primary ENI
/// @param addresses all addresses that lead to the ENI, its primary address first, those of its prefixes last; never
///     empty
public record FabricEni(
        String eniId,
        String macAddress,
        String subnetId,
        String instanceId,
        int networkCard,
        int deviceIndex,
        List<InetAddress> addresses) {
    public FabricEni {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(eniId + " has no address");
        }
    }

    /// Whether the instance was started with it.
    public boolean isPrimary() {
        return networkCard == 0 && deviceIndex == 0;
    }
}
