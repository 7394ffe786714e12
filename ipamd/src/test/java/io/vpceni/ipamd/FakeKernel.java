package io.vpceni.ipamd;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.network.EniLink;
import io.vpceni.network.HostSurvey;
import io.vpceni.network.Leftover;
import io.vpceni.network.NatRules;
import io.vpceni.network.NetworkFailure;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// A kernel that remembers what it was asked for, in order, and fails where a test wants it to.
public final class FakeKernel implements NodeKernel {
    private static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:01:01");
    private static final MacAddress POD_MAC = MacAddress.parse("02:00:00:00:01:02");

    /// As `setUpEni 02:aa:00:00:00:02`.
    public final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /// Words of [#asked] whose requests fail.
    public final Set<String> refuses = Collections.synchronizedSet(new HashSet<>());

    public NetworkFailure.Kind refusal = NetworkFailure.Kind.KERNEL;

    /// What a survey shows.
    public HostSurvey survey = HostSurvey.of(List.of(), List.of(), List.of(), "eni");

    /// What other plugins left.
    public List<Leftover> leftovers = List.of();

    /// ENIs by which nothing leaves.
    public final Set<MacAddress> lost = new HashSet<>();

    private void ask(String what, Object about) throws NetworkFailure {
        asked.add((what + " " + about).strip());
        if (refuses.contains(what)) {
            throw new NetworkFailure(refusal, what, "the test refuses it");
        }
    }

    @Override
    public WiredPod wire(PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        ask("wire", wiring.address().getHostAddress());
        return new WiredPod("eni0", InetAddress.ofLiteral("169.254.1.1"), HOST_MAC, POD_MAC, 9001, true);
    }

    @Override
    public List<String> check(PodExpectation expected, NetnsFd netns) throws NetworkFailure {
        ask("check", expected.address().getHostAddress());
        return List.of();
    }

    @Override
    public void unwire(PodUnwiring unwiring) throws NetworkFailure {
        ask("unwire", unwiring.address().getHostAddress());
    }

    @Override
    public void setUpPrimary(EniLink primary) throws NetworkFailure {
        ask("setUpPrimary", primary.mac());
    }

    @Override
    public void setUpEni(EniLink eni) throws NetworkFailure {
        ask("setUpEni", eni.mac());
    }

    @Override
    public void takeDownEni(EniLink eni) throws NetworkFailure {
        ask("takeDownEni", eni.mac());
    }

    @Override
    public void applyNat(NatRules rules) throws NetworkFailure {
        ask("applyNat", "");
    }

    @Override
    public Optional<String> lost(MacAddress eni) {
        return lost.contains(eni) ? Optional.of("its link is down") : Optional.empty();
    }

    @Override
    public HostSurvey survey() throws NetworkFailure {
        ask("survey", "");
        return survey;
    }

    @Override
    public HostSurvey survey(List<RecordedPod> records) throws NetworkFailure {
        ask("surveyAtStart", records.size());
        return survey;
    }

    @Override
    public List<WiredPodFound> nameless(HostSurvey survey) {
        return List.of();
    }

    @Override
    public int sweep(HostSurvey survey, Set<InetAddress> ownAddresses) throws NetworkFailure {
        ask(
                "sweep",
                ownAddresses.stream().map(InetAddress::getHostAddress).sorted().toList());
        return ownAddresses.size();
    }

    @Override
    public void keep(HostSurvey survey, List<PodWiring> pods) {
        asked.add("keep " + pods.size());
    }

    @Override
    public void filterPods(HostSurvey survey) throws NetworkFailure {
        ask("filterPods", "");
    }

    @Override
    public void removeLink(String hostInterface) throws NetworkFailure {
        ask("removeLink", hostInterface);
    }

    @Override
    public List<Leftover> leftovers() throws NetworkFailure {
        ask("leftovers", "");
        return leftovers;
    }

    @Override
    public boolean removeAwsRules() throws NetworkFailure {
        ask("removeAwsRules", "");
        return true;
    }

    @Override
    public void watchDrift(DriftListener listener, LongSupplier nanos) throws NetworkFailure {
        ask("watchDrift", "");
    }

    @Override
    public ForeignDatagrams.Seen foreignDatagrams() {
        return new ForeignDatagrams.Seen(0, 0);
    }

    @Override
    public List<PodDrops> podDrops() throws NetworkFailure {
        ask("podDrops", "");
        return List.of();
    }

    @Override
    public void close() {
        asked.add("close");
    }
}
