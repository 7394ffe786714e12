package io.vpceni.ipamd;

import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.NodeStart;
import io.vpceni.ipamd.cni.KernelWires;
import io.vpceni.ipamd.owner.CloudWork;
import io.vpceni.network.EniLink;
import io.vpceni.network.HostNetwork;
import io.vpceni.network.HostSurvey;
import io.vpceni.network.NatRules;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.WiredPodFound;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.journal.KernelPod;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's own network: its ENIs' links, and what leaves under which address.
final class NodeNetwork implements CloudWork.Links, CloudWork.Sandboxes {
    private static final Logger log = LoggerFactory.getLogger(NodeNetwork.class);

    private final HostNetwork host;
    private final KernelWires wires;

    /// Keys under which the pool keeps addresses that pods of another CNI plugin have.
    private volatile Map<InetAddress, AttachmentKey> foreignHolders = Map.of();

    NodeNetwork(HostNetwork host, KernelWires wires) {
        this.host = host;
        this.wires = wires;
    }

    /// Everything that must be there before the first pod. Idempotent: a restart finds it made.
    ///
    /// @return the ENIs whose links are as they should be, the primary one first; a secondary ENI without a
    ///     link only costs a warning, for it must not keep the node down
    List<AttachedEni> setUp(NodeStart node) throws NetworkFailure {
        NodeIdentity identity = node.identity();
        host.setUpPrimary(link(node.primary()));
        wires.eniIsSetUp(node.primary());
        host.applyNat(new NatRules(identity.primaryAddress(), identity.vpcCidrs()));
        List<AttachedEni> done = new ArrayList<>(List.of(node.primary()));
        for (AttachedEni eni : node.enis().subList(1, node.enis().size())) {
            try {
                setUp(eni);
                done.add(eni);
            } catch (NetworkFailure e) {
                log.atWarn()
                        .addKeyValue("eni", eni.id())
                        .addKeyValue("reason", e.getMessage())
                        .log("An ENI gives no addresses until its link is set up");
            }
        }
        return done;
    }

    /// A secondary ENI. The links of those that are not for pods are left alone.
    @Override
    public void setUp(AttachedEni eni) throws NetworkFailure {
        if (eni.role() == EniRole.PODS || eni.role() == EniRole.EXCLUDED) {
            host.setUpEni(link(eni));
        }
        wires.eniIsSetUp(eni);
    }

    @Override
    public void takeDown(EniId eni) throws NetworkFailure {
        Optional<AttachedEni> gone = wires.eniIsGone(eni);
        if (gone.isPresent() && !gone.get().primary()) {
            host.takeDownEni(link(gone.get()));
        }
    }

    /// From now on looks at the kernel name these holders.
    void keepForeign(Map<InetAddress, AttachmentKey> holders) {
        foreignHolders = Map.copyOf(holders);
    }

    @Override
    public boolean isSetUp(EniId eni) {
        return wires.isSetUp(eni);
    }

    @Override
    public Map<InetAddress, AttachmentKey> held() throws NetworkFailure {
        HostSurvey survey = host.survey();
        Map<InetAddress, AttachmentKey> held = new HashMap<>();
        for (InetAddress address : survey.routed()) {
            held.put(address, foreignHolders.getOrDefault(address, KernelPod.foreignKey(address)));
        }
        for (WiredPodFound pod : survey.pods()) {
            AttachmentKey key = new AttachmentKey(pod.network(), pod.containerId(), pod.interfaceName());
            pod.addresses().forEach(address -> held.put(address, key));
        }
        return held;
    }

    private static EniLink link(AttachedEni eni) {
        return new EniLink(eni.mac(), eni.networkCard(), eni.deviceIndex(), eni.primaryAddress(), eni.subnet());
    }
}
