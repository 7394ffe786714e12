package io.vpceni.ipamd;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.NodeStart;
import io.vpceni.ipamd.cni.NetlinkPodDatapath;
import io.vpceni.ipamd.owner.EniEffectExecutor;
import io.vpceni.network.EniLink;
import io.vpceni.network.HostSurvey;
import io.vpceni.network.NatRules;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.NodeKernel;
import io.vpceni.network.WiredPodFound;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.journal.KernelPod;
import io.vpceni.pool.journal.KernelPodState;
import io.vpceni.pool.journal.LeftOverRules;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's own network: the links of its ENIs, and the SNAT rules.
final class NodeNetwork implements EniEffectExecutor.Kernel {
    private static final Logger log = LoggerFactory.getLogger(NodeNetwork.class);

    private final NodeKernel host;
    private final NetlinkPodDatapath wires;
    private final NodeDiscovery inquiry;

    /// Keys under which the pool holds the addresses of pods of another CNI plugin.
    private volatile Map<InetAddress, AttachmentKey> foreignHolders = Map.of();

    private final LeftOverRules leftOverRules = new LeftOverRules();

    /// Addresses with left-over rules, found by the last check, in a form that is not deleted.
    private volatile Set<InetAddress> unswept = Set.of();

    private final VpcBlocks vpc;

    /// @param inquiry reads from IMDS what EC2 did not return
    /// @param vpc the VPC; rules of its addresses are checked
    NodeNetwork(NodeKernel host, NetlinkPodDatapath wires, NodeDiscovery inquiry, VpcBlocks vpc) {
        this.host = host;
        this.wires = wires;
        this.inquiry = inquiry;
        this.vpc = vpc;
    }

    /// Sets up everything that pods need. Idempotent.
    ///
    /// @return the ENIs whose links are set up, the primary one first; a secondary ENI without a link is logged
    ///     and left out, so that it does not keep the node from starting
    List<AttachedEni> setUp(NodeStart node) throws NetworkFailure, InterruptedException {
        NodeIdentity identity = node.identity();
        vpc.learn(identity.vpcCidrs());
        host.setUpPrimary(link(node.primary()));
        wires.eniIsSetUp(node.primary().id(), link(node.primary()));
        useBlocks(identity, identity.vpcCidrs());
        List<AttachedEni> done = new ArrayList<>(List.of(node.primary()));
        List<AttachedEni> others = node.enis().subList(1, node.enis().size());
        done.addAll(ParallelEniSetup.setUp(others, eni -> setUp(eni.id(), eni.role(), link(eni))));
        return done;
    }

    /// Replaces the VPC's blocks in the SNAT rules, in one transaction, so that no packet meets a partial rule set.
    void useBlocks(NodeIdentity identity, List<Cidr> blocks) throws NetworkFailure {
        host.applyNat(new NatRules(identity.primaryAddress(), blocks));
    }

    /// IMDS has what EC2 did not return, some seconds later.
    @Override
    public void setUp(LinkPlan plan) throws IOException, InterruptedException {
        MacAddress mac = plan.mac();
        Cidr subnet = plan.subnet();
        if (isForPods(plan.role()) && (mac == null || subnet == null)) {
            ImdsEni listed = inquiry.listed(plan.id());
            mac = mac == null ? listed.mac() : mac;
            subnet = subnet == null ? listed.subnet() : subnet;
        }
        if (mac != null && subnet != null) {
            EniLink link = new EniLink(mac, plan.slot(), plan.primaryAddress(), subnet);
            setUp(plan.id(), plan.role(), link);
            Optional<String> lost = host.lost(mac);
            if (lost.isPresent()) {
                throw new IOException(lost.get());
            }
        }
    }

    /// Links of ENIs that are not for pods are not changed.
    private void setUp(EniId eni, EniRole role, EniLink link) throws NetworkFailure {
        if (isForPods(role) && !link.isPrimary()) {
            host.setUpEni(link);
        }
        wires.eniIsSetUp(eni, link);
    }

    @Override
    public void takeDown(EniId eni) throws NetworkFailure {
        Optional<EniLink> gone = wires.eniIsGone(eni);
        if (gone.isPresent() && !gone.get().isPrimary()) {
            host.takeDownEni(gone.get());
        }
    }

    private static boolean isForPods(EniRole role) {
        return role == EniRole.PODS || role == EniRole.EXCLUDED;
    }

    /// From now on views of the kernel contain these holders.
    void keepForeign(Map<InetAddress, AttachmentKey> holders) {
        foreignHolders = Map.copyOf(holders);
    }

    @Override
    public Map<InetAddress, AttachmentKey> held() throws NetworkFailure {
        return asLook(host.survey()).held(foreignHolders);
    }

    /// A rule without a sandbox would keep its address from all pods, and misroute packets when another node
    /// has the address. Those that two checks in a row have found are deleted.
    @Override
    public Map<InetAddress, AttachmentKey> look() throws NetworkFailure {
        HostSurvey survey = host.survey();
        KernelPodState look = asLook(survey);
        Set<InetAddress> leftOver = vpc.having(seen(look));
        sweep(survey, leftOver); // also when there are none: it cleans up more than rules
        return look.held(foreignHolders);
    }

    /// A failure is repeated at the next check; the pool gets the view of the kernel in any case.
    private void sweep(HostSurvey survey, Set<InetAddress> addresses) {
        try {
            int swept = host.sweep(survey, addresses);
            if (swept > 0) {
                log.atWarn()
                        .addKeyValue("addresses", addresses)
                        .addKeyValue("rules", swept)
                        .log("Deleted rules of addresses that no pod has");
            } else if (!addresses.isEmpty() && !addresses.equals(unswept)) {
                log.atWarn()
                        .addKeyValue("addresses", addresses)
                        .log(
                                "Rules with priority 512 or 1536 name addresses that no pod has, in a form that ipamd does "
                                        + "not delete; no pod gets these addresses meanwhile: delete the rules with `ip rule del`");
            }
            unswept = swept > 0 ? Set.of() : addresses;
        } catch (NetworkFailure e) {
            log.atWarn()
                    .addKeyValue("addresses", addresses)
                    .addKeyValue("reason", e.getMessage())
                    .log("Rules of addresses that no pod has could not be deleted; ipamd tries again within a minute");
        }
    }

    private Set<InetAddress> seen(KernelPodState look) {
        synchronized (leftOverRules) { // two checks overlap only when one takes a minute
            return leftOverRules.seen(look);
        }
    }

    /// The sandboxes whose link is there, by address. A rule that is left over counts for nothing here.
    Map<InetAddress, AttachmentKey> live() throws NetworkFailure {
        Map<InetAddress, AttachmentKey> live = new HashMap<>();
        withLinks(host.survey()).forEach(pod -> live.put(pod.address(), pod.key()));
        return live;
    }

    private List<KernelPod> withLinks(HostSurvey survey) {
        return Stream.concat(survey.pods().stream(), host.nameless(survey).stream())
                .map(NodeNetwork::asKernelPod)
                .toList();
    }

    private KernelPodState asLook(HostSurvey survey) {
        List<KernelPod> pods = withLinks(survey);
        return new KernelPodState(pods, survey.routedToPods(wires.macs()), survey.ruled());
    }

    /// A pod's host link, as the pool needs it for its view of the kernel.
    static KernelPod asKernelPod(WiredPodFound pod) {
        return new KernelPod(pod.key(), pod.pod(), pod.address());
    }

    private static EniLink link(AttachedEni eni) {
        return new EniLink(eni.mac(), eni.slot(), eni.primaryAddress(), eni.subnet());
    }
}
