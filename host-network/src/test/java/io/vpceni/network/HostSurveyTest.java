package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who has an address, when links, host routes and rules go one without the other.
@Tag("root")
class HostSurveyTest {

    private static final Set<MacAddress> ENIS = Set.of(TestNode.PRIMARY, TestNode.SECONDARY);
    private static final InetAddress POD = InetAddress.ofLiteral("10.0.1.21");
    private static final InetAddress OTHER = InetAddress.ofLiteral("10.0.1.22");

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void aNodeWithAPod() throws IOException, InterruptedException {
        node = TestNode.open("hs");
        network = node.network(TestNode.settings());
        node.setUpEnis(network);
        node.namespace("a");
        node.wire(network, "a", POD.getHostAddress(), 0, 1);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void aPodWithoutRouteAndRulesHasItsAddressStill() throws IOException, InterruptedException {
        node.in("node", "ip route del 10.0.1.21; ip rule del pref 512; ip rule del pref 1536");

        HostSurvey survey = network.survey();

        assertThat(survey.pods()).extracting(WiredPodFound::address).containsExactly(POD);
        assertThat(survey.routedToPods(ENIS)).isEmpty();
        assertThat(survey.ruled()).isEmpty();
    }

    @Test
    void aPodWhoseAliasIsLostIsNotTakenForALinkThatWasCutShort() throws IOException, InterruptedException {
        String link = network.survey().pods().getFirst().hostInterface();
        node.in("node", "ip link set " + link + " alias \"\"");

        HostSurvey survey = network.survey();
        assertThat(survey.unwired()).isEmpty();
        assertThat(survey.foreign(Set.of(POD))).containsOnly(Map.entry(POD, link));

        node.in("node", "ip route del 10.0.1.21");
        assertThat(network.survey().unwired()).isEmpty();
    }

    /// An ENI's link among the pods' would have the filter drop what comes in by it.
    @Test
    void anEniThatSomebodyLedAPodsRouteToIsNoPod() throws IOException, InterruptedException {
        node.in("node", "ip route add 10.0.1.22 dev eth1");
        network.keep(network.survey(), List.of(TestNode.wiring("theirs", "10.0.1.22", 0, 1)));
        network.filterPods(network.survey());

        assertThat(node.in("node", "nft list set ip vpc-eni-pods adopted")).doesNotContain("elements");
    }

    @Test
    void whatRulesNameIsSeenWhenTheLinkIsGoneAndGoesWhenItIsSwept() throws IOException, InterruptedException {
        node.in("node", "ip link del " + network.survey().pods().getFirst().hostInterface());
        node.in("node", "ip rule add to 10.0.9.9 lookup main pref 513");

        HostSurvey survey = network.survey();
        assertThat(survey.pods()).isEmpty();
        assertThat(survey.routedToPods(ENIS)).isEmpty();
        assertThat(survey.ruled()).containsExactly(POD);

        assertThat(network.sweep(survey, Set.of(POD))).isEqualTo(2);
        assertThat(network.survey().ruled()).isEmpty();
        assertThat(node.in("node", "ip rule")).contains("to 10.0.9.9");
    }

    @Test
    void aRuleThatNamesABlockOrAnotherPriorityIsNoPods() throws IOException, InterruptedException {
        node.in(
                "node",
                "ip rule add to 10.0.1.0/28 lookup main pref 512; ip rule add from 10.0.1.30 lookup 7 pref 1500");

        assertThat(network.survey().ruled()).containsExactly(POD);
    }

    @Test
    void anAddressThatAHostRouteOverAnothersLinkLeadsToIsSeen() throws IOException, InterruptedException {
        node.in(
                "node",
                "ip link add eniaws type veth peer name theirs; ip link set theirs up; ip link set eniaws up; ip route add 10.0.1.22 dev eniaws");

        assertThat(network.survey().routedToPods(ENIS)).containsExactlyInAnyOrder(POD, OTHER);
    }

    @Test
    void hostRoutesOfTheNodeItselfAreNoPods() throws IOException, InterruptedException {
        node.in("node", "ip route add 10.0.0.1/32 dev eth0; ip route add 10.0.0.2/32 via 10.0.0.1 dev eth0");

        assertThat(network.survey().routedToPods(ENIS)).containsExactly(POD);
    }

    @Test
    void anAdoptedPodIsThereAsLongAsItsLinkIs() throws IOException, InterruptedException {
        node.in(
                "node",
                "ip link add eniaws type veth peer name theirs; ip link set theirs up; ip link set eniaws up; ip route add 10.0.1.22 dev eniaws");
        network.keep(network.survey(), List.of(TestNode.wiring("theirs", "10.0.1.22", 0, 1)));
        node.in("node", "ip route del 10.0.1.22");

        assertThat(network.nameless(network.survey()))
                .extracting(WiredPodFound::address)
                .containsExactly(OTHER);

        node.in("node", "ip link del eniaws");
        assertThat(network.nameless(network.survey())).isEmpty();
    }
}
