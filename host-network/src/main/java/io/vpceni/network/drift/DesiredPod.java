package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.Optional;

/// What the kernel should hold for one pod.
///
/// @param name for people: `default/web-0`
/// @param linkIndex of the host end; while there is no such link nothing is wanted of this pod
/// @param own how our host end is known; empty: the AWS VPC CNI made it
/// @param route the host route
/// @param toPod rule 512
/// @param fromPod rule 1536; to the table main: there should be none, the pod's address is the primary ENI's
public record DesiredPod(
        String name, int linkIndex, InetAddress address, Optional<OwnLink> own, Route route, Rule toPod, Rule fromPod) {

    /// How a host end of ours is known.
    ///
    /// @param mac what the pod takes its gateway's MAC address to be; empty: not known
    /// @param mtu of the pod's end, in bytes
    public record OwnLink(String alias, int group, Optional<MacAddress> mac, int mtu) {}
}
