package io.vpceni.distribution;

import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.ipamd.KernelSource;
import io.vpceni.ipamd.cni.NetnsSource;
import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.NetnsFdReceiver;
import io.vpceni.network.EniLink;
import io.vpceni.network.HostSurvey;
import io.vpceni.network.Leftover;
import io.vpceni.network.NatRules;
import io.vpceni.network.NodeKernel;
import io.vpceni.network.PodDrops;
import io.vpceni.network.PodExpectation;
import io.vpceni.network.PodUnwiring;
import io.vpceni.network.PodWiring;
import io.vpceni.network.RecordedPod;
import io.vpceni.network.WiredPod;
import io.vpceni.network.WiredPodFound;
import io.vpceni.network.drift.DriftListener;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/// A kernel that does nothing and says that it is done. Sandboxes are this process's own network namespace.
final class TrainingKernel implements NodeKernel, KernelSource {
    private static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:01:01");
    private static final MacAddress POD_MAC = MacAddress.parse("02:00:00:00:01:02");
    private static final int MTU = 9001;

    private final CountDownLatch secondEni = new CountDownLatch(1);

    /// Open until the link of a second ENI is set up.
    CountDownLatch secondEni() {
        return secondEni;
    }

    @Override
    public NodeKernel open(NetworkSettings settings) {
        return this;
    }

    @Override
    public NetnsSource sandboxes(NetnsFdReceiver receiver) {
        return (_, _) -> {
            try {
                return Optional.of(NetnsFd.open(Path.of("/proc/self/ns/net")));
            } catch (NetlinkFailure e) {
                throw new IllegalStateException("the training run cannot open its own network namespace", e);
            }
        };
    }

    @Override
    public WiredPod wire(PodWiring wiring, NetnsFd netns) {
        return new WiredPod("eni0", WiredPod.GATEWAY, HOST_MAC, POD_MAC, MTU, true);
    }

    @Override
    public List<String> check(PodExpectation expected, NetnsFd netns) {
        return List.of();
    }

    @Override
    public void unwire(PodUnwiring unwiring) {}

    @Override
    public void setUpPrimary(EniLink primary) {}

    @Override
    public void setUpEni(EniLink eni) {
        secondEni.countDown();
    }

    @Override
    public void takeDownEni(EniLink eni) {}

    @Override
    public void applyNat(NatRules rules) {}

    @Override
    public Optional<String> lost(MacAddress eni) {
        return Optional.empty();
    }

    @Override
    public HostSurvey survey() {
        return HostSurvey.of(List.of(), List.of(), List.of(), "eni");
    }

    @Override
    public HostSurvey survey(List<RecordedPod> records) {
        return survey();
    }

    @Override
    public List<WiredPodFound> nameless(HostSurvey survey) {
        return List.of();
    }

    @Override
    public int sweep(HostSurvey survey, Set<InetAddress> ownAddresses) {
        return 0;
    }

    @Override
    public void keep(HostSurvey survey, List<PodWiring> pods) {}

    @Override
    public void filterPods(HostSurvey survey) {}

    @Override
    public void removeLink(String hostInterface) {}

    @Override
    public List<Leftover> leftovers() {
        return List.of();
    }

    @Override
    public boolean removeAwsRules() {
        return false;
    }

    @Override
    public void watchDrift(DriftListener listener, LongSupplier nanos) {}

    @Override
    public ForeignDatagrams.Seen foreignDatagrams() {
        return new ForeignDatagrams.Seen(0, 0);
    }

    @Override
    public List<PodDrops> podDrops() {
        return List.of();
    }

    @Override
    public void close() {}
}
