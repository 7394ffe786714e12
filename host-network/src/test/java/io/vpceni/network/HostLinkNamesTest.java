package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What host links are called, and that nothing depends on it. `eni18582a65b10` is what the AWS VPC CNI calls the link
/// of pod `cart-0` in namespace `shop` (`printf shop.cart-0 | sha1sum`).
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class HostLinkNamesTest {

    private static final String AWS_NAME = "eni18582a65b10";
    private static final String FIRST = "10.0.1.21";
    private static final String SECOND = "10.0.1.22";

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("hn");
        network = node.network(TestNode.settings());
        node.namespace("a");
        node.namespace("b");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void aPodsLinkHasTheNameThatTheAwsVpcCniGivesIt() throws IOException, InterruptedException {
        assertThat(node.wire(network, "a", cart("a", "eth0", FIRST)).hostInterface())
                .isEqualTo(AWS_NAME);
        assertThat(node.in("node", "ip -o link show dev " + AWS_NAME))
                .contains("alias vpc-eni/1 vpc-eni a eth0 10.0.1.21 shop/cart-0");
    }

    @Test
    void aLinkOfAWiredPodThatHasLostItsAliasMakesNoWay() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", cart("a", "eth0", FIRST));
        node.in("node", "ip link set " + AWS_NAME + " alias \"\"");

        var _ = node.wire(network, "b", cart("b", "eth0", SECOND));

        pingFromNode(FIRST);
        pingFromNode(SECOND);
    }

    @Test
    void aNewSandboxOfThePodBeforeTheOldOnesDelHasTheSecondNameFirst() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", cart("a", "eth0", FIRST));

        WiredPod second = node.wire(network, "b", cart("b", "eth0", SECOND));

        String name = second.hostInterface();
        assertThat(name)
                .isEqualTo(new HostNames("eni").ofKey(new PodIdentity(new AttachmentKey("vpc-eni", "b", "eth0"))));
        pingFromNode(FIRST);
        pingFromNode(SECOND);
        network.reapLinks();
        assertThat(node.in("node", "ip link show dev " + name)).doesNotContain("altname");
        network.unwire(unwiring("a", FIRST));
        network.reapLinks();
        assertThat(node.in("node", "ip link show dev " + AWS_NAME)).contains(name, "altname " + AWS_NAME);
        pingFromNode(SECOND);
        assertThat(node.wire(network, "b", cart("b", "eth0", SECOND))).isEqualTo(second);
        assertThat(network.recover()).extracting(WiredPodFound::hostInterface).containsExactly(name);
        network.unwire(unwiring("b", SECOND));
        network.reapLinks();
        assertThat(node.in("node", "ip -o link; ip rule; ip route")).doesNotContain("eni", SECOND);
    }

    @Test
    void aNameThatCameFreeByItselfIsGivenAtTheNextLook() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", cart("a", "eth0", FIRST));
        WiredPod second = node.wire(network, "b", cart("b", "eth0", SECOND));
        node.in("node", "ip link del " + first.hostInterface()); // as the end of its namespace does

        int _ = network.sweep(network.survey(), Set.of());

        assertThat(node.in("node", "ip link show dev " + second.hostInterface()))
                .contains("altname " + AWS_NAME);
    }

    @Test
    void aNameThatCameFreeByItselfIsGivenAtTheDel() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", cart("a", "eth0", FIRST));
        WiredPod second = node.wire(network, "b", cart("b", "eth0", SECOND));
        node.in("node", "ip link del " + first.hostInterface()); // as the end of its namespace does

        network.unwire(unwiring("a", FIRST));

        assertThat(node.in("node", "ip link show dev " + second.hostInterface()))
                .contains("altname " + AWS_NAME);
    }

    @Test
    void aSandboxThatLostItsAddressGetsNoName() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", cart("a", "eth0", FIRST));
        WiredPod second = node.wire(network, "b", cart("b", "eth0", SECOND));
        node.namespace("c");
        var _ = node.wire(network, "c", SECOND, 0, 1); // the DEL of b never came

        network.unwire(unwiring("a", FIRST));
        network.reapLinks();

        assertThat(node.in("node", "ip link show dev " + second.hostInterface()))
                .doesNotContain("altname");
    }

    @Test
    void aLaterLifeGivesTheNameToo() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", cart("a", "eth0", FIRST));
        WiredPod second = node.wire(network, "b", cart("b", "eth0", SECOND));
        HostNetwork later = node.network(TestNode.settings());
        later.keep(later.survey(), List.of(cart("a", "eth0", FIRST), cart("b", "eth0", SECOND)));

        later.unwire(unwiring("a", FIRST));
        later.reapLinks();

        assertThat(node.in("node", "ip link show dev " + second.hostInterface()))
                .contains("altname " + AWS_NAME);
    }

    @Test
    void aNameThatAnEarlierLifeGaveIsWantedNoMoreAndOneOfAnotherLinkIs() throws IOException, InterruptedException {
        node.in("node", "ip link add one type veth peer name two; ip link property add dev one altname " + AWS_NAME);
        int one = index("one");
        int two = index("two");
        AltNames names = new AltNames();
        names.want(one, AWS_NAME);
        names.want(two, AWS_NAME);

        try (NetlinkSocket host = Netns.call(node.path("node"), NetlinkSocket::open)) {
            names.give(host);

            assertThat(names.isWanted(one)).isFalse();
            assertThat(names.isWanted(two)).isTrue();
            node.in("node", "ip link property del dev one altname " + AWS_NAME);
            names.give(host);
        }
        assertThat(names.isWanted(two)).isFalse();
        assertThat(node.in("node", "ip link show dev two")).contains("altname " + AWS_NAME);
    }

    private int index(String link) throws IOException, InterruptedException {
        return Integer.parseInt(
                node.in("node", "cat /sys/class/net/" + link + "/ifindex").strip());
    }

    @Test
    void aLinkOfTheAwsVpcCniKeepsItsName() throws IOException, InterruptedException {
        node.in("node", "ip link add " + AWS_NAME + " type veth peer name other");

        WiredPod ours = node.wire(network, "a", cart("a", "eth0", FIRST));
        network.reapLinks();

        assertThat(ours.hostInterface()).isNotEqualTo(AWS_NAME);
        pingFromNode(FIRST);
        network.unwire(unwiring("a", FIRST));
        network.reapLinks();
        assertThat(node.in("node", "ip -o link")).contains(AWS_NAME).doesNotContain(ours.hostInterface());
    }

    @Test
    void aPodThatComesBackRightAfterItsDelHasItsNameAgain() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", cart("a", "eth0", FIRST));
        network.unwire(unwiring("a", FIRST)); // the link is there for half a second more

        assertThat(node.wire(network, "b", cart("b", "eth0", SECOND)).hostInterface())
                .isEqualTo(AWS_NAME);
        pingFromNode(SECOND);
    }

    @Test
    void aFurtherInterfaceAndAPodWithoutANameHaveTheKeysName() throws IOException, InterruptedException {
        HostNames names = new HostNames("eni");
        PodWiring further = cart("a", "net1", FIRST);
        PodWiring nameless = new PodWiring(
                new AttachmentKey("vpc-eni", "b", "eth0"),
                PodName.UNKNOWN,
                InetAddress.ofLiteral(SECOND),
                new DeviceSlot(0, 1));

        assertThat(node.wire(network, "a", further).hostInterface()).isEqualTo(names.ofKey(further.identity()));
        assertThat(node.wire(network, "b", nameless).hostInterface()).isEqualTo(names.ofKey(nameless.identity()));
        network.reapLinks();
        assertThat(node.in("node", "ip link")).doesNotContain("altname");
    }

    @Test
    void anUnwiringFindsTheLinkWhateverItIsCalled() throws IOException, InterruptedException {
        for (boolean isKnown : List.of(true, false)) {
            var _ = node.wire(network, "a", cart("a", "eth0", FIRST));
            WiredPod second = node.wire(network, "b", cart("b", "eth0", SECOND));
            HostNetwork later = node.network(TestNode.settings());
            if (isKnown) {
                later.keep(later.survey(), List.of(cart("a", "eth0", FIRST), cart("b", "eth0", SECOND)));
            }

            later.unwire(unwiring("b", SECOND));
            later.reapLinks();

            assertThat(node.in("node", "ip -o link; ip rule; ip route"))
                    .contains(AWS_NAME, FIRST)
                    .doesNotContain(second.hostInterface(), SECOND);
            later.unwire(unwiring("a", FIRST));
            later.reapLinks();
            assertThat(node.in("node", "ip -o link; ip rule; ip route")).doesNotContain("eni", FIRST);
        }
    }

    private static PodWiring cart(String container, String interfaceName, String address) {
        return new PodWiring(
                new AttachmentKey("vpc-eni", container, interfaceName),
                new PodName("shop", "cart-0"),
                InetAddress.ofLiteral(address),
                new DeviceSlot(0, 1));
    }

    private static PodUnwiring unwiring(String container, String address) {
        return new PodUnwiring(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", "cart-0"),
                InetAddress.ofLiteral(address));
    }

    private void pingFromNode(String address) throws IOException, InterruptedException {
        assertThat(node.in("node", "ping -c 1 -W 5 " + address)).contains(" 1 received");
    }
}
