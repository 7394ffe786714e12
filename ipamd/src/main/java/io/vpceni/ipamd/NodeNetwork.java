package io.vpceni.ipamd;

import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.NodeStart;
import io.vpceni.ipamd.cni.KernelWires;
import io.vpceni.network.EniLink;
import io.vpceni.network.HostNetwork;
import io.vpceni.network.NatRules;
import io.vpceni.network.NetworkFailure;

/// The node's own network: its ENIs' links, and what leaves under which address.
final class NodeNetwork {
    private final HostNetwork host;
    private final KernelWires wires;

    NodeNetwork(HostNetwork host, KernelWires wires) {
        this.host = host;
        this.wires = wires;
    }

    /// Everything that must be there before the first pod. Idempotent: a restart finds it made.
    void setUp(NodeStart node) throws NetworkFailure {
        NodeIdentity identity = node.identity();
        host.setUpPrimary(link(node.primary()));
        wires.eniIsSetUp(node.primary());
        host.applyNat(new NatRules(identity.primaryAddress(), identity.vpcCidrs()));
        for (AttachedEni eni : node.enis()) {
            if (!eni.primary()) {
                setUp(eni);
            }
        }
    }

    /// A secondary ENI.
    void setUp(AttachedEni eni) throws NetworkFailure {
        host.setUpEni(link(eni));
        wires.eniIsSetUp(eni);
    }

    private static EniLink link(AttachedEni eni) {
        return new EniLink(eni.mac(), eni.networkCard(), eni.deviceIndex(), eni.primaryAddress(), eni.subnet());
    }
}
