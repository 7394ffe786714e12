package io.vpceni.ipamd;

import io.vpceni.config.NetworkSettings;
import io.vpceni.ipamd.cni.NetnsSource;
import io.vpceni.netlink.NetnsFdReceiver;
import io.vpceni.network.HostNetwork;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.NodeKernel;

/// Gives the daemon its kernel: the node's, or a fake one for tests without root.
public interface KernelSource {
    /// The kernel of the network namespace that this process is in.
    KernelSource NODE = HostNetwork::open;

    NodeKernel open(NetworkSettings settings) throws NetworkFailure;

    /// Network namespaces of sandboxes, from the socket to which the plugin sends their descriptors.
    default NetnsSource sandboxes(NetnsFdReceiver receiver) {
        return receiver::claim;
    }
}
