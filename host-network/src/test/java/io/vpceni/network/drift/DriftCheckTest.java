package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.FoundRule;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.LinkState;
import io.vpceni.netlink.Links.Ipv4Setting;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DriftCheckTest {

    private static final InetAddress POD = InetAddress.ofLiteral("10.0.1.21");
    private static final MacAddress POD_MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress ENI_MAC = MacAddress.parse("02:00:00:00:00:02");
    private static final Rule TO_POD = Rule.to(POD, Route.TABLE_MAIN, 512);
    private static final Rule FROM_POD = Rule.from(POD, 3, 1536);
    private static final Rule FROM_ENI = Rule.from(InetAddress.ofLiteral("10.0.1.10"), 3, 32765);
    private static final Rule MARK = Rule.marked(0x80, Route.TABLE_MAIN, 1024);
    private static final Rule MAIN = new Rule(32766, Optional.empty(), Optional.empty(), 0, Route.TABLE_MAIN);
    private static final Route TO_LINK = Route.onLink(Cidr.parse("10.0.1.21/32"), 7, Route.TABLE_MAIN);
    private static final Route TO_ROUTER = Route.onLink(Cidr.parse("10.0.1.1/32"), 3, 3);
    private static final Route BY_ROUTER = Route.defaultVia(InetAddress.ofLiteral("10.0.1.1"), 3, 3);
    private static final Address ENI_ADDRESS = new Address(3, InetAddress.ofLiteral("10.0.1.10"), 24, 0, true);
    private static final LinkState POD_LINK = link(7, "enia", POD_MAC, 1400, true, true, "ours", 5, 1, 0);
    private static final LinkState ENI_LINK =
            link(3, "eth1", ENI_MAC, 9001, true, true, "", DesiredEni.GROUP_OF_SECONDARIES, 1, 2);

    private static final DesiredPod WANTED_POD = new DesiredPod(
            "shop/web-0",
            7,
            POD,
            Optional.of(new DesiredPod.OwnLink("ours", 5, Optional.of(POD_MAC), 1400)),
            TO_LINK,
            TO_POD,
            FROM_POD);
    private static final DesiredState WANTED = new DesiredState(
            List.of(WANTED_POD),
            List.of(new DesiredEni(
                    ENI_MAC,
                    3,
                    "eth1",
                    9001,
                    Optional.of(ENI_ADDRESS),
                    List.of(TO_ROUTER, BY_ROUTER),
                    List.of(FROM_ENI))),
            List.of(MARK),
            true);

    private static final DesiredState POD_ONLY = new DesiredState(List.of(WANTED_POD), List.of(), List.of(), false);
    private static final DesiredState ENI_ONLY = new DesiredState(List.of(), WANTED.enis(), List.of(), false);
    private static final DesiredState NOTHING = new DesiredState(List.of(), List.of(), List.of(), false);

    private final List<LinkState> links = new ArrayList<>(List.of(POD_LINK, ENI_LINK));
    private final List<Address> addresses = new ArrayList<>(List.of(ENI_ADDRESS));
    private final List<Route> routes = new ArrayList<>(List.of(TO_LINK, TO_ROUTER, BY_ROUTER));
    private final List<FoundRule> rules =
            new ArrayList<>(List.of(ours(TO_POD), ours(FROM_POD), ours(FROM_ENI), ours(MARK), ours(MAIN)));

    @Test
    void nothingIsDoneWhenAllIsAsItShouldBe() {
        assertThat(repairs(WANTED)).isEmpty();
    }

    @Test
    void thatNoRuleLooksUpTheTableMainIsOnlySaid() {
        rules.removeIf(found -> found.rule().equals(MAIN));

        assertThat(repairs(WANTED)).containsExactly("rule_main []");
    }

    @Test
    void whatIsForeignIsNotTouched() {
        rules.add(new FoundRule(Rule.from(POD, 99, 700), 3));
        rules.add(new FoundRule(Rule.to(InetAddress.ofLiteral("10.0.1.99"), Route.TABLE_MAIN, 512), 0));
        routes.add(Route.onLink(Cidr.parse("10.0.1.99/32"), 9, Route.TABLE_MAIN));
        routes.add(Route.onLink(Cidr.parse("10.9.0.0/16"), 3, 3));
        addresses.add(new Address(3, InetAddress.ofLiteral("10.0.1.98"), 32, 0, false));
        links.add(link(9, "enib", POD_MAC, 1400, false, false, "", 0, 0, 0));

        assertThat(repairs(WANTED)).isEmpty();
    }

    @Test
    void theMtuOfAPodsHostEndIsThatOfThePodsEnd() {
        links.set(0, link(7, "enia", POD_MAC, 600, true, true, "ours", 5, 1, 0));

        assertThat(repairs(WANTED)).containsExactly("pod_link [RTM_SETLINK link 7 mtu 1400 up]");
    }

    @Test
    void lostRulesAreAdded() {
        rules.retainAll(List.of(ours(MAIN)));

        assertThat(repairs(WANTED))
                .containsExactly(
                        "rule_from_eni [RTM_NEWRULE " + FROM_ENI + "]",
                        "rule_to_pod [RTM_NEWRULE " + TO_POD + "]",
                        "rule_from_pod [RTM_NEWRULE " + FROM_POD + "]",
                        "rule_mark [RTM_NEWRULE " + MARK + "]");
    }

    @Test
    void aRuleOfNoProtocolIsReplacedByOneOfOurs() {
        rules.set(0, new FoundRule(TO_POD, FoundRule.PROTOCOL_NOBODY));

        assertThat(repairs(WANTED))
                .containsExactly("rule_protocol [RTM_NEWRULE " + TO_POD + ", RTM_DELRULE " + TO_POD + "]");
    }

    @Test
    void anotherRuleInThePlaceOfAPodsRuleGoes() {
        Rule wrong = Rule.from(POD, 99, 1536);
        rules.addFirst(ours(wrong));

        assertThat(repairs(WANTED)).containsExactly("rule_from_pod [RTM_DELRULE " + wrong + "]");
    }

    @Test
    void aPodOfThePrimaryEniHasNoRuleFromIt() {
        DesiredPod primary = new DesiredPod(
                "shop/web-0", 7, POD, WANTED_POD.own(), TO_LINK, TO_POD, Rule.from(POD, Route.TABLE_MAIN, 1536));

        assertThat(repairs(new DesiredState(List.of(primary), WANTED.enis(), List.of(MARK), true)))
                .containsExactly("rule_from_pod [RTM_DELRULE " + FROM_POD + "]");
    }

    @Test
    void theRuleForMarkedPacketsGoesWhenNothingIsMarked() {
        assertThat(repairs(new DesiredState(WANTED.pods(), WANTED.enis(), List.of(MARK), false)))
                .containsExactly("rule_mark [RTM_DELRULE " + MARK + "]");
    }

    /// A link that is taken down loses its routes without a word; the dump may still have shown them.
    @Test
    void aLinkThatIsDownComesUpAndItsRoutesComeBackWhateverTheDumpShows() {
        links.set(0, link(7, "enia", POD_MAC, 1400, false, false, "ours", 5, 1, 0));
        links.set(1, link(3, "eth1", ENI_MAC, 9001, false, false, "", DesiredEni.GROUP_OF_SECONDARIES, 1, 2));

        assertThat(repairs(WANTED))
                .containsExactly(
                        "eni_link [RTM_SETLINK link 3 up]",
                        "pod_link [RTM_SETLINK link 7 up]",
                        "eni_route [RTM_NEWROUTE " + TO_ROUTER + "]",
                        "eni_route [RTM_NEWROUTE " + BY_ROUTER + "]",
                        "pod_route [RTM_NEWROUTE " + TO_LINK + "]");
    }

    @Test
    void aPodWhoseLinkIsGoneIsLeftAlone() {
        links.removeFirst();
        routes.clear();
        routes.addAll(List.of(TO_ROUTER, BY_ROUTER));
        rules.removeFirst();

        assertThat(repairs(WANTED)).isEmpty();
    }

    @Test
    void aHostEndHasItsMacGroupAliasAndForwardingAgain() {
        links.set(0, link(7, "enia", ENI_MAC, 1400, true, true, "else", 0, 0, 0));

        assertThat(repairs(WANTED))
                .containsExactly(
                        "pod_link [RTM_SETLINK link 7 address " + POD_MAC + ", RTM_SETLINK link 7 group 5, "
                                + "RTM_SETLINK link 7 alias]",
                        "pod_settings [RTM_SETLINK link 7 {FORWARDING=1, PROXY_ARP=1}]");
    }

    @Test
    void theHostEndOfAnotherPluginKeepsItsNameplate() {
        links.set(0, link(7, "enia", ENI_MAC, 1400, true, true, "", 0, 1, 0));
        DesiredPod adopted = new DesiredPod("shop/web-0", 7, POD, Optional.empty(), TO_LINK, TO_POD, FROM_POD);

        assertThat(repairs(new DesiredState(List.of(adopted), WANTED.enis(), List.of(MARK), true)))
                .isEmpty();
    }

    @Test
    void anEnisLinkHasItsMtuAndSettingsAgain() {
        links.set(1, link(3, "eth1", ENI_MAC, 1500, true, true, "", DesiredEni.GROUP_OF_SECONDARIES, 1, 1));

        assertThat(repairs(WANTED))
                .hasSize(2)
                .anyMatch(repair -> repair.startsWith("eni_mtu [RTM_SETLINK link 3 mtu 9001 up"))
                .anyMatch(repair -> repair.startsWith("eni_settings [RTM_SETLINK link 3 {"));
    }

    @Test
    void anEniHasItsAddressAgainAndMayHaveItInAnotherForm() {
        addresses.set(0, new Address(3, ENI_ADDRESS.address(), 32, 0, false));
        assertThat(repairs(WANTED)).isEmpty();

        addresses.clear();
        assertThat(repairs(WANTED)).containsExactly("eni_address [RTM_NEWADDR 10.0.1.10/24 dev 3]");
    }

    @Test
    void aPodsAddressGoesFromAnEnisLinkAndIsOnlySaidOfAnother() {
        links.add(link(12, "dummy0", POD_MAC, 1500, true, true, "", 0, 0, 0));
        addresses.add(new Address(3, POD, 32, 0, false));
        addresses.add(new Address(12, POD, 32, 0, false));

        assertThat(repairs(WANTED))
                .containsExactly("pod_address_on_node [RTM_DELADDR 10.0.1.21/32 dev 3]", "pod_address_on_node []");
    }

    @Test
    void onlyWhatWasWantedBeforeAndIsAfterALookCounts() {
        DesiredState later = new DesiredState(List.of(), WANTED.enis(), List.of(MARK), true);

        assertThat(WANTED.and(later)).isEqualTo(later);
        assertThat(later.and(WANTED)).isEqualTo(later);
    }

    @Test
    void anEventMattersWhenItsLinkIsOtherwiseThanWanted() {
        LinkState down = link(7, "enia", POD_MAC, 1400, false, false, "ours", 5, 1, 0);
        assertThat(DriftCheck.differs(POD_ONLY, POD_LINK)).isFalse();
        assertThat(DriftCheck.differs(POD_ONLY, down)).isTrue();
        assertThat(DriftCheck.differs(NOTHING, down)).isFalse();
        assertThat(DriftCheck.differs(ENI_ONLY, ENI_LINK)).isFalse();
        assertThat(DriftCheck.differs(
                        ENI_ONLY,
                        link(3, "eth1", ENI_MAC, 1500, true, true, "", DesiredEni.GROUP_OF_SECONDARIES, 1, 2)))
                .isTrue();
    }

    @Test
    void anEventMattersWhenASettingOfItsLinkIsOtherwiseThanWanted() {
        assertThat(DriftCheck.differs(POD_ONLY, Map.of(Ipv4Setting.FORWARDING, 0)))
                .isTrue();
        assertThat(DriftCheck.differs(POD_ONLY, Map.of(Ipv4Setting.FORWARDING, 1, Ipv4Setting.RP_FILTER, 1)))
                .isFalse();
        assertThat(DriftCheck.differs(ENI_ONLY, Map.of(Ipv4Setting.RP_FILTER, 1)))
                .isTrue();
        assertThat(DriftCheck.differs(ENI_ONLY, Map.of())).isFalse();
        assertThat(DriftCheck.differs(NOTHING, Map.of(Ipv4Setting.FORWARDING, 0)))
                .isFalse();
    }

    private List<String> repairs(DesiredState wanted) {
        return DriftCheck.of(wanted, new ActualState(links, addresses, routes, rules)).stream()
                .map(repair -> repair.kind().label() + " " + repair.requests())
                .toList();
    }

    private static FoundRule ours(Rule rule) {
        return new FoundRule(rule, FoundRule.PROTOCOL_KERNEL);
    }

    private static LinkState link(
            int index,
            String name,
            MacAddress mac,
            int mtu,
            boolean up,
            boolean carrier,
            String alias,
            int group,
            int forwarding,
            int reversePath) {
        return new LinkState(
                new Link(index, name, List.of(mac), mtu, up, "veth", 0, OptionalInt.of(0), alias, group),
                carrier,
                Map.of(Ipv4Setting.FORWARDING, forwarding, Ipv4Setting.RP_FILTER, reversePath));
    }
}
