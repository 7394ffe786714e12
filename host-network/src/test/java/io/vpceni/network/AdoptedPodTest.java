package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.network.drift.SilentDriftListener;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The DEL of a pod that the AWS VPC CNI wired: its link has that system's name and no alias.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class AdoptedPodTest {

    private static final String POD = "10.0.1.21";
    private static final String LINK = "eni18582a65b10"; // printf shop.cart-0 | sha1sum
    private static final List<String> FAMILIES = List.of("ip", "ip6", "arp");
    private static final PodWiring CART = new PodWiring(
            new AttachmentKey("aws-cni", "c1", "eth0"),
            new PodName("shop", "cart-0"),
            InetAddress.ofLiteral(POD),
            new DeviceSlot(0, 1));
    private static final PodUnwiring DEL = new PodUnwiring(
            new AttachmentKey("aws-cni", "c1", "eth0"), new PodName("shop", "cart-0"), InetAddress.ofLiteral(POD));

    private TestNode node;
    private HostNetwork network;
    private String before;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("ap");
        network = node.network(TestNode.settings());
        node.namespace("a");
        before = rulesAndRoutes();
        node.in("node", "ip link add " + LINK + " type veth peer name eth0 netns $(basename " + node.path("a") + ")");
        node.in("node", "ip link set " + LINK + " up; ip route add " + POD + " dev " + LINK + " scope link");
        node.in("node", "ip rule add to " + POD + " lookup main priority 512");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsRulesAndItsHostRouteGoAndItsLinkStays(boolean isKnown) throws IOException, InterruptedException {
        node.in("node", "ip rule add from " + POD + " lookup 7 priority 1536"); // of no ENI that is there now
        if (isKnown) {
            adopt(CART);
        } // else a second DEL, after a first one that failed half-way

        network.unwire(DEL);
        network.unwire(DEL);
        network.reapLinks();

        assertThat(rulesAndRoutes()).isEqualTo(before);
        assertThat(node.in("node", "ip -o link show dev " + LINK)).contains("UP");
    }

    @Test
    void aRuleForEachBlockOfTheVpcGoes() throws IOException, InterruptedException {
        for (int i = 0; i < 20; i++) {
            node.in("node", "ip rule add from " + POD + " to 10." + i + ".0.0/16 lookup 2 priority 1536");
        }
        adopt(CART);

        network.unwire(DEL);

        assertThat(rulesAndRoutes()).isEqualTo(before);
    }

    @Test
    void theAddressesNextPodKeepsItsRulesWhenTheDelComesLate() throws IOException, InterruptedException {
        adopt(CART);
        network.unwire(DEL);
        node.namespace("b");
        var _ = node.wire(network, "b", POD, 0, 1);
        String now = rulesAndRoutes();
        assertThat(now).contains("512:\tfrom all to " + POD, "1536:\tfrom " + POD);

        network.unwire(DEL);

        assertThat(rulesAndRoutes()).isEqualTo(now);
        assertThat(node.in("node", "ping -c 1 -W 5 " + POD)).contains(" 1 received");
    }

    @Test
    void aPodWhoseAddIsRepeatedIsOursAndItsNeighbourStaysAdopted() throws IOException, InterruptedException {
        node.namespace("b");
        node.in("node", "ip link add enib type veth peer name eth0 netns $(basename " + node.path("b") + ")");
        node.in("node", "ip link set enib up; ip route add 10.0.1.22 dev enib scope link");
        adopt(
                CART,
                new PodWiring(
                        new AttachmentKey("aws-cni", "c2", "eth0"),
                        new PodName("shop", "cart-1"),
                        InetAddress.ofLiteral("10.0.1.22"),
                        new DeviceSlot(0, 1)));
        for (String family : FAMILIES) {
            assertThat(adopted(family)).contains(LINK, "enib");
        }

        assertThat(node.wire(network, "a", CART).hostInterface()).isEqualTo(LINK);

        for (String family : FAMILIES) {
            assertThat(adopted(family)).contains("enib").doesNotContain(LINK);
        }
        assertThat(node.in("node", "nft list set ip vpc-eni-pods sources")).containsOnlyOnce(POD);
        assertThat(node.in("node", "ping -c 1 -W 5 " + POD)).contains(" 1 received");
    }

    @Test
    void aPodWhoseLinkIsMadeAnewLeavesNothingOfTheOldOne() throws IOException, InterruptedException {
        adopt(CART);
        String index =
                node.in("node", "cat /sys/class/net/" + LINK + "/ifindex").strip();
        node.in("node", "ip link del " + LINK);

        var _ = node.wire(network, "a", CART);

        for (String family : FAMILIES) {
            assertThat(adopted(family)).doesNotContain("elements");
        }
        assertThat(node.in("node", "nft list set ip vpc-eni-pods sources"))
                .containsOnlyOnce(POD)
                .doesNotContain(" " + index + " . ");
    }

    /// Its host route is lost while no ipamd runs; the record and the link's name tell whose the link is.
    @Test
    void aPodWithoutARouteIsKnownByItsLinksNameAtTheNextStart() throws IOException, InterruptedException {
        InetAddress address = InetAddress.ofLiteral(POD);
        node.in("a", "ip addr add " + POD + "/32 dev eth0; ip link set eth0 up; ip route add default dev eth0");
        String whole = rulesAndRoutes();
        node.in("node", "ip route del " + POD);
        HostNetwork next = node.network(TestNode.settings());
        HostSurvey survey = next.survey(List.of(TestNode.onRecord(CART)));
        next.keep(survey, List.of(CART));
        next.filterPods(survey);

        assertThat(survey.pods()).isEmpty();
        assertThat(survey.foreign(Set.of(address))).containsOnly(Map.entry(address, LINK));
        assertThat(next.sweep(survey, Set.of(address))).isZero();
        assertThat(next.nameless(next.survey()))
                .extracting(WiredPodFound::address)
                .containsExactly(address);
        assertThat(node.in("node", "nft list set ip vpc-eni-pods adopted")).contains(LINK);
        next.watchDrift(new SilentDriftListener(), System::nanoTime);
        FilteredNode.await(
                "the route is back", () -> node.in("node", "ip route").contains(POD + " dev " + LINK));
        node.in("node", "ip rule del from " + POD + " priority 1536"); // of its ENI, which the repair added
        assertThat(rulesAndRoutes()).isEqualTo(whole);
        assertThat(node.in("node", "ip -o link show dev " + LINK)).doesNotContain("alias");
    }

    /// EC2's first view lacks its address, so nobody knows its ENI: nothing is repaired, and nothing is swept
    /// either.
    @Test
    void aPodThatIsKnownByItsLinksNameStaysKnownWithoutAnEni() throws IOException, InterruptedException {
        node.in("node", "ip route del " + POD);
        String state = rulesAndRoutes();

        network.keep(network.survey(List.of(TestNode.onRecord(CART))), List.of());

        HostSurvey later = network.survey();
        assertThat(network.nameless(later)).extracting(WiredPodFound::address).containsExactly(CART.address());
        network.unwire(DEL);
        assertThat(network.nameless(network.survey())).isEmpty();
        assertThat(state).contains(POD);
    }

    /// Two sandboxes of one pod, of which the AWS VPC CNI's names tell nothing apart.
    @Test
    void aLinkThatMayBeOneOfTwoIsNobodysAndBothKeepTheirAddresses() throws IOException, InterruptedException {
        InetAddress other = InetAddress.ofLiteral("10.0.1.22");
        PodWiring twin = new PodWiring(
                new AttachmentKey("aws-cni", "c2", "eth0"), new PodName("shop", "cart-0"), other, new DeviceSlot(0, 1));
        node.in("node", "ip route del " + POD);
        String state = rulesAndRoutes();
        HostSurvey survey = network.survey(List.of(TestNode.onRecord(CART), TestNode.onRecord(twin)));

        network.keep(survey, List.of(CART, twin));

        assertThat(survey.named()).extracting(AliasedPod::certain).containsExactly(false, false);
        assertThat(survey.foreign(Set.of(CART.address(), other))).containsOnlyKeys(CART.address(), other);
        assertThat(network.sweep(survey, Set.of(CART.address(), other))).isZero();
        assertThat(rulesAndRoutes()).isEqualTo(state);
        assertThat(network.nameless(network.survey())).hasSize(2);
        network.unwire(DEL);
        assertThat(network.nameless(network.survey()))
                .extracting(WiredPodFound::address)
                .containsExactly(other);
        node.in("node", "ip link del " + LINK);
        assertThat(network.nameless(network.survey())).isEmpty();
    }

    private String adopted(String family) throws IOException, InterruptedException {
        return node.in("node", "nft list set " + family + " vpc-eni-pods adopted");
    }

    /// And what pods may send is checked from now on.
    private void adopt(PodWiring... pods) throws IOException {
        network.keep(network.survey(), List.of(pods));
        network.filterPods(network.survey());
    }

    private String rulesAndRoutes() throws IOException, InterruptedException {
        return node.in("node", "ip rule; ip route");
    }
}
