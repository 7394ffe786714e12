package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.config.PodName;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Route;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `eni18582a65b10` is what the AWS VPC CNI calls the link of pod `cart-0` in namespace `shop`
/// (`printf shop.cart-0 | sha1sum`).
class LinkNamesTest {

    private static final HostNames NAMES = new HostNames("eni");
    private static final String AWS_NAME = "eni18582a65b10";
    private static final RecordedPod CART = cart("c1", "10.0.1.21");
    private static final RecordedPod NEXT_CART = cart("c2", "10.0.1.22");
    private static final Link AWS_MADE = link(7, AWS_NAME, "", 0);

    private static RecordedPod cart(String container, String address) {
        return new RecordedPod(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", "cart-0"),
                InetAddress.ofLiteral(address));
    }

    private static Link link(int index, String name, String alias, int group) {
        return new Link(
                index,
                name,
                List.of(MacAddress.parse("02:00:00:00:00:07")),
                1500,
                true,
                "veth",
                2,
                OptionalInt.of(0),
                alias,
                group);
    }

    private static Link ofKey(int index, RecordedPod pod, int group) {
        return link(index, NAMES.ofKey(pod.identity()), "", group);
    }

    private static Route route(String address, int link) {
        return Route.onLink(Cidr.parse(address + "/32"), link, Route.TABLE_MAIN);
    }

    private static String aliasOf(RecordedPod pod) {
        return pod.identity().alias(pod.address(), pod.pod());
    }

    private static List<LinkNames.Named> find(List<Link> links, List<Route> routes, RecordedPod... records) {
        return new LinkNames(NAMES, links, routes).find(List.of(records));
    }

    @Test
    void aLinkOfTheAwsVpcCniWithoutARouteIsItsPods() {
        assertThat(find(List.of(AWS_MADE), List.of(), CART))
                .containsExactly(new LinkNames.Named(CART, AWS_MADE, false, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {LinkGroups.PODS, LinkGroups.ROUTING_PODS})
    void aLinkOfOursWithoutAliasAndRouteIsItsPods(int group) {
        Link first = link(7, AWS_NAME, "", group);
        Link second = ofKey(8, NEXT_CART, group);

        assertThat(find(List.of(first, second), List.of(), CART, NEXT_CART))
                .containsExactlyInAnyOrder(
                        new LinkNames.Named(CART, first, true, true),
                        new LinkNames.Named(NEXT_CART, second, true, true));
    }

    @Test
    void aNameOverTheKeyIsOursWhateverElseIsLost() {
        Link link = link(7, NAMES.ofKey(CART.identity()), "somebody", 0);

        assertThat(find(List.of(link), List.of(), CART)).containsExactly(new LinkNames.Named(CART, link, true, true));
    }

    @Test
    void aPodWhoseRouteIsLedOverAnEnisLinkIsKnown() {
        assertThat(find(List.of(AWS_MADE), List.of(route("10.0.1.21", 3)), CART))
                .hasSize(1);
    }

    @Test
    void whatAnAliasOrARouteTellsIsLeftOut() {
        Link aliased = link(7, AWS_NAME, aliasOf(CART), LinkGroups.PODS);
        Link moved = link(7, AWS_NAME, aliasOf(NEXT_CART), LinkGroups.PODS);

        assertThat(find(List.of(aliased), List.of(), CART)).isEmpty();
        assertThat(find(List.of(moved), List.of(), CART)).isEmpty();
        assertThat(find(List.of(AWS_MADE), List.of(route("10.0.1.21", 7)), CART))
                .isEmpty();
    }

    @Test
    void aLinkThatLeadsElsewhereOrWaitsForItsDeletionIsNobodys() {
        Link other = link(8, "eni0123456789a", "", 0);

        assertThat(find(List.of(AWS_MADE), List.of(route("10.0.1.99", 7)), CART))
                .isEmpty();
        assertThat(find(List.of(AWS_MADE, other), List.of(route("10.0.1.21", 8)), CART))
                .isEmpty();
        assertThat(find(List.of(link(7, AWS_NAME, "", LinkGroups.REAPED)), List.of(), CART))
                .isEmpty();
    }

    @Test
    void onlyAVethWhoseOtherEndIsElsewhereIsAPods() {
        List<MacAddress> macs = AWS_MADE.macs();
        Link bothHere = new Link(7, AWS_NAME, macs, 1500, true, "veth", 2, OptionalInt.empty(), "", 0);
        Link vlan = new Link(7, AWS_NAME, macs, 1500, true, "vlan", 2, OptionalInt.of(0), "", 0);

        assertThat(find(List.of(bothHere), List.of(), CART)).isEmpty();
        assertThat(find(List.of(vlan), List.of(), CART)).isEmpty();
    }

    @Test
    void aLinkThatSeveralSandboxesOfThePodPredictMayBeEachOfTheirs() {
        assertThat(find(List.of(AWS_MADE), List.of(), CART, NEXT_CART))
                .containsExactly(
                        new LinkNames.Named(CART, AWS_MADE, false, false),
                        new LinkNames.Named(NEXT_CART, AWS_MADE, false, false));
    }

    @Test
    void ofTwoRecordsWithOneAddressTheLaterOneCounts() {
        RecordedPod later = cart("c3", "10.0.1.21");

        assertThat(find(List.of(AWS_MADE), List.of(), CART, later))
                .containsExactly(new LinkNames.Named(later, AWS_MADE, false, true));
        assertThat(find(List.of(AWS_MADE), List.of(), cart("c1", "10.0.1.99"), CART))
                .containsExactly(new LinkNames.Named(CART, AWS_MADE, false, true));
    }

    @Test
    void aRouteTellsWhichOfSeveralALinkOfOursIs() {
        Link link = link(7, AWS_NAME, "", LinkGroups.PODS);

        assertThat(find(List.of(link), List.of(route("10.0.1.22", 7)), CART, NEXT_CART))
                .containsExactly(new LinkNames.Named(NEXT_CART, link, true, true));
    }
}
