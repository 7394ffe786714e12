package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.Optional;

/// The desired state of the kernel for one pod.
///
/// @param name for people: `default/web-0`
/// @param linkIndex of the host end; while there is no such link, nothing is desired for this pod
/// @param own how our host end is recognized; empty: the AWS VPC CNI made it
/// @param route the host route
/// @param toPod rule 512
/// @param fromPod rule 1536; to the table main: there should be none, because the pod's address is on the primary
///     ENI
public record DesiredPod(
        String name, int linkIndex, InetAddress address, Optional<OwnLink> own, Route route, Rule toPod, Rule fromPod) {

    /// How a host end of ours is recognized.
    ///
    /// @param mac the MAC address that the pod uses for its gateway; empty: not known
    /// @param mtu of the pod's end, in bytes
    public record OwnLink(String alias, int group, Optional<MacAddress> mac, int mtu) {}
}
