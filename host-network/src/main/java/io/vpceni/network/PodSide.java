package io.vpceni.network;

import static io.vpceni.network.PodWirer.host;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.Addresses;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.Neighbours;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import java.net.InetAddress;
import jnr.constants.platform.linux.Errno;

/// The sandbox's side of a wiring: a /32, and one neighbour, the gateway.
final class PodSide {

    static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");

    private PodSide() {}

    /// May be done again for what is wired already: what the sandbox has lost comes back.
    ///
    /// @param index of the link in the sandbox
    /// @param gatewayMac the host end's
    static void wire(NetlinkSocket pod, PodWiring wiring, int index, MacAddress gatewayMac) throws NetworkFailure {
        Address address =
                new Address(index, wiring.address(), host(wiring.address()).prefixBits(), 0, false);
        Route toGateway = Route.onLink(host(GATEWAY), index, Route.TABLE_MAIN);
        Route byGateway = Route.defaultVia(GATEWAY, index, Route.TABLE_MAIN);
        new Steps()
                .then("bring the pod's link up", Links.setUp(index))
                .then("give the pod its address", Addresses.add(address), Errno.EEXIST)
                .then("route the pod to its gateway", Routes.replace(toGateway))
                .then("route the pod by its gateway", Routes.replace(byGateway))
                .then("tell the pod its gateway's MAC", Neighbours.replacePermanent(GATEWAY, gatewayMac, index))
                .run(pod);
    }
}
