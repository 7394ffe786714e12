package io.vpceni.network;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import java.net.Inet4Address;
import java.net.InetAddress;

/// One sandbox to wire: its CNI key, its pod, its address, and the ENI that has the address.
///
/// @param key CNI's; its interface name is the link's name inside, 1 to 15 characters
/// @param pod may be unknown
/// @param address IPv4, a secondary address of the ENI
/// @param slot where the ENI is attached
/// @param defaultRoute whether the sandbox's packets leave by this interface
/// @param sources which source addresses the pod's packets may have
public record PodWiring(
        AttachmentKey key,
        PodName pod,
        InetAddress address,
        DeviceSlot slot,
        DefaultRoute defaultRoute,
        PodSources sources) {

    /// Maximum number of characters of network name, container id and interface name together: an alias of a
    /// link (`IFALIASZ` in `linux/if.h`: 256) holds them and an address.
    public static final int KEY_LENGTH_MAX = PodIdentity.KEY_LENGTH_MAX;

    public PodWiring {
        PodIdentity.check(key);
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not an IPv4 address; pods have IPv4 addresses only");
        }
    }

    /// With the default route unless another interface has it, and only its own address as source.
    public PodWiring(AttachmentKey key, PodName pod, InetAddress address, DeviceSlot slot) {
        this(key, pod, address, slot, DefaultRoute.IF_NONE, PodSources.OWN);
    }

    PodWiring with(PodSources others) {
        return new PodWiring(key, pod, address, slot, defaultRoute, others);
    }

    PodIdentity identity() {
        return new PodIdentity(key);
    }

    /// The alias of the host link.
    String alias() {
        return identity().alias(address, pod);
    }
}
