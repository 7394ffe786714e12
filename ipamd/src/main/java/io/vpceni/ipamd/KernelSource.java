package io.vpceni.ipamd;

import io.vpceni.config.NetworkSettings;
import io.vpceni.ipamd.cni.NetnsSource;
import io.vpceni.netlink.NetnsFdReceiver;
import io.vpceni.network.HostNetwork;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.NodeKernel;

/// Where the daemon gets its kernel from: the node's, or a made-up one, with which it runs without root.
public interface KernelSource {
    /// The kernel of the network namespace that this process is in.
    KernelSource NODE = HostNetwork::open;

    NodeKernel open(NetworkSettings settings) throws NetworkFailure;

    /// Sandboxes of pods, by the socket that the plugin sends their descriptors to.
    default NetnsSource sandboxes(NetnsFdReceiver receiver) {
        return receiver::claim;
    }
}
