package io.vpceni.network;

import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Nftables;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import io.vpceni.network.drift.DesiredEni;
import io.vpceni.network.drift.DesiredPod;
import io.vpceni.network.drift.DesiredState;
import io.vpceni.network.drift.DriftCheck;
import io.vpceni.network.drift.DriftSubject;
import io.vpceni.network.firewall.ForwardDrop;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The desired state of the node's kernel, from the wired pods and the configured ENIs.
final class NodeDrift implements DriftSubject {

    private final NetworkSettings settings;
    private final WiredPods wired;
    private final SetUpEnis enis;
    private final OwnTables tables;
    private final KernelThreads<Nftables> nftables;
    private final OwnChanges own;
    private final NodeFirewall firewall;
    private final Map<DesiredPod, WiredPods.Entry> entries = new HashMap<>();

    NodeDrift(
            NetworkSettings settings,
            WiredPods wired,
            SetUpEnis enis,
            OwnTables tables,
            KernelThreads<Nftables> nftables,
            OwnChanges own,
            NodeFirewall firewall) {
        this.settings = settings;
        this.wired = wired;
        this.enis = enis;
        this.tables = tables;
        this.nftables = nftables;
        this.own = own;
        this.firewall = firewall;
    }

    @Override
    public DesiredState wanted() {
        List<DesiredPod> pods = new ArrayList<>();
        entries.clear();
        for (WiredPods.Entry entry : wired.all()) {
            DesiredPod pod = pod(entry);
            pods.add(pod);
            entries.put(pod, entry);
        }
        return with(pods, enis.all());
    }

    @Override
    public DesiredState wantedOn(int linkIndex) {
        return with(
                wired.on(linkIndex).map(this::pod).stream().toList(),
                enis.all().stream().filter(eni -> eni.linkIndex() == linkIndex).toList());
    }

    private DesiredState with(List<DesiredPod> pods, List<DesiredEni> all) {
        List<Rule> marks = all.isEmpty() ? List.of() : EniSetup.marked(settings);
        return new DesiredState(pods, all, marks, EniSetup.needsMark(settings));
    }

    private DesiredPod pod(WiredPods.Entry entry) {
        PodWiring wiring = entry.wiring();
        InetAddress address = wiring.address();
        Optional<DesiredPod.OwnLink> link = entry.adopted()
                ? Optional.empty()
                : Optional.of(new DesiredPod.OwnLink(
                        wiring.alias(), LinkGroups.of(wiring.sources()), entry.gatewayMac(), entry.mtu()));
        String name = wiring.pod().name().isEmpty()
                ? wiring.key().containerId() + " " + wiring.key().interfaceName()
                : wiring.pod() + " " + wiring.key().interfaceName();
        return new DesiredPod(
                name,
                entry.linkIndex(),
                address,
                link,
                Route.onLink(PodWirer.host(address), entry.linkIndex(), Route.TABLE_MAIN),
                Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD),
                Rule.from(address, RouteTables.of(wiring.slot()), RouteTables.PRIORITY_FROM_POD));
    }

    /// What differs on the node for one pod, in words. Changes nothing.
    List<String> differences(NetlinkSocket node, WiredPods.Entry entry) throws NetworkFailure {
        return PodWirer.at("read the node's state", () -> DriftCheck.differences(pod(entry), node));
    }

    @Override
    public boolean isOwn(KernelEvent event) {
        return own.isOwn(event);
    }

    @Override
    public boolean whileWanted(DesiredPod pod, Work work) throws IOException {
        WiredPods.Entry entry = entries.get(pod);
        return entry != null
                && wired.whileWired(
                        entry,
                        () -> PodWirer.at("repair", () -> {
                            work.run();
                            return true;
                        }));
    }

    @Override
    public boolean whileWanted(DesiredEni eni, Work work) throws NetlinkFailure {
        return enis.whileSetUp(eni, work);
    }

    @Override
    public List<String> repairTables() throws NetworkFailure {
        return nftables.call("compare the nftables tables", tables::repair);
    }

    @Override
    public List<ForwardDrop> forwardDrops() throws NetworkFailure {
        return nftables.call("read the node's firewall", firewall::look);
    }
}
