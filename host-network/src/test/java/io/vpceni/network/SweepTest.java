package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.1.5");
    private static final Rule TO_POD = Rule.to(ADDRESS, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD);
    private static final Rule FROM_POD = Rule.from(ADDRESS, 3, RouteTables.PRIORITY_FROM_POD);
    private static final Route HOST_ROUTE = Route.onLink(Cidr.parse("10.0.1.5/32"), 7, Route.TABLE_MAIN);

    @Test
    void rulesOfAnAddressThatNoRouteLeadsToAreLeftOver() {
        assertThat(Sweep.leftOver(List.of(), List.of(TO_POD, FROM_POD), Set.of(ADDRESS)))
                .containsExactly(TO_POD, FROM_POD);
    }

    @Test
    void rulesOfAnyRoutedAddressStayWhoeverItsLinkBelongsTo() {
        assertThat(Sweep.leftOver(List.of(HOST_ROUTE), List.of(TO_POD, FROM_POD), Set.of(ADDRESS)))
                .isEmpty();
    }

    @Test
    void rulesOfTheAwsVpcCnisOlderFormAreLeftOverToo() {
        Rule toBlock =
                new Rule(RouteTables.PRIORITY_FROM_POD, FROM_POD.from(), Optional.of(Cidr.parse("10.0.0.0/16")), 0, 3);
        Rule toHost =
                new Rule(RouteTables.PRIORITY_FROM_POD, FROM_POD.from(), Optional.of(Cidr.parse("10.9.9.9/32")), 0, 3);

        assertThat(Sweep.leftOver(List.of(), List.of(toBlock, toHost), Set.of(ADDRESS)))
                .containsExactly(toBlock);
    }

    @Test
    void rulesOfOtherAddressesAndOtherFormsStay() {
        Rule otherPriority = Rule.to(ADDRESS, Route.TABLE_MAIN, 700);

        assertThat(Sweep.leftOver(List.of(), List.of(TO_POD), Set.of(InetAddress.ofLiteral("10.0.1.6"))))
                .isEmpty();
        assertThat(Sweep.leftOver(List.of(), List.of(otherPriority), Set.of(ADDRESS)))
                .isEmpty();
    }

    @Test
    void anAddressThatIsRoutedOverAnUnknownLinkIsForeign() {
        assertThat(Sweep.foreign(List.of(), List.of(HOST_ROUTE), Set.of(ADDRESS)))
                .containsExactly(Map.entry(ADDRESS, ""));
        assertThat(Sweep.foreign(List.of(), List.of(), Set.of(ADDRESS))).isEmpty();
    }
}
