package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.addressIn;
import static io.vpceni.pool.PoolFixture.key;
import static io.vpceni.pool.PoolFixture.noticesIn;
import static io.vpceni.pool.PoolFixture.requestsOfNoticesIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Prefixes, IPv6, caps, cards and ENIs that take no pods.
class BlockKindsTest {

    private static final Cidr FIRST = Cidr.parse("10.0.0.16/28");
    private static final Cidr SECOND = Cidr.parse("10.0.0.32/28");

    private static PoolSettings prefixes(int warmIp, int warmPrefix, int podsMax) {
        return new PoolSettings(
                1, warmIp, 0, 0, Duration.ofSeconds(30), PoolMode.PREFIXES, warmPrefix, podsMax, PolicyName.AWS);
    }

    private static PoolSettings ipv6() {
        return new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), PoolMode.IPV6, 0, 0, PolicyName.AWS);
    }

    private static PoolFixture node(PoolSettings settings, Cidr... blocks) {
        PoolFixture node = new PoolFixture(settings, 2, 5);
        node.send(new Message.EniFound(node.eni(PRIMARY, 0), List.of(blocks)));
        node.tick();
        return node;
    }

    @Test
    void allSixteenAddressesOfAPrefixServePods() {
        PoolFixture node = node(prefixes(0, 0, 16), FIRST);
        Set<InetAddress> given = new HashSet<>();
        for (int pod = 0; pod < 16; pod++) {
            given.add(addressIn(node.add("c" + pod)));
        }

        assertThat(given).hasSize(16).contains(FIRST.network(), InetAddress.ofLiteral("10.0.0.31"));
    }

    @Test
    void theFullestPrefixIsFilledFirst() {
        PoolFixture node = node(prefixes(20, 0, 0), FIRST, SECOND);
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, InetAddress.ofLiteral("10.0.0.40"), PRIMARY),
                Optional.empty()));

        assertThat(SECOND.contains(addressIn(node.add("new")))).isTrue();
    }

    @Test
    void growthIsInPrefixes() {
        PoolFixture node = node(prefixes(20, 0, 0));

        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.PREFIX, 2));
    }

    @Test
    void whereNoPrefixFitsFewerAreAskedForAndThenSingleAddressesAtOnce() {
        PoolFixture node = node(prefixes(20, 0, 0));
        node.asked.clear();

        node.send(new Message.RequestFailed(1, AllocationError.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks"));
        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(2, PRIMARY, BlockKind.PREFIX, 1));
        node.asked.clear();

        List<Effect> effects =
                node.send(new Message.RequestFailed(2, AllocationError.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks"));
        assertThat(noticesIn(effects)).containsExactly(PoolNotice.Kind.PREFIXES_OFF);
        assertThat(requestsOfNoticesIn(effects)).containsExactly(2L);
        assertThat(node.asked.getFirst()).isEqualTo(new Effect.AssignBlocks(3, PRIMARY, BlockKind.ADDRESS, 4));
    }

    @Test
    void afterARestPrefixesAreTriedAgainAndIdleSingleAddressesGo() {
        PoolFixture node = node(prefixes(2, 0, 0));
        node.send(new Message.RequestFailed(1, AllocationError.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks"));
        node.asked.clear();
        node.send(new Message.BlocksAdded(2, PRIMARY, List.of(single("10.0.0.1"), single("10.0.0.2"))));
        assertThat(node.asked).as("two are enough for now").isEmpty();

        node.after(Duration.ofMinutes(2));
        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(3, PRIMARY, BlockKind.PREFIX, 1));
        List<Effect> effects = node.send(new Message.BlocksAdded(3, PRIMARY, List.of(FIRST)));

        assertThat(noticesIn(effects)).containsExactly(PoolNotice.Kind.PREFIXES_ON);
        assertThat(requestsOfNoticesIn(effects)).containsExactly(3L);
        assertThat(node.states().subList(0, 2)).containsOnly("quarantined");
    }

    @Test
    void aLiveNodeThatChangesToPrefixesDrainsItsSingleAddresses() {
        PoolFixture node = new PoolFixture(prefixes(1, 0, 0), 2, 5);
        node.send(new Message.EniFound(node.eni(PRIMARY, 0), List.of(single("10.0.0.1"), single("10.0.0.2"))));
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, InetAddress.ofLiteral("10.0.0.1"), PRIMARY),
                Optional.empty()));
        node.tick();
        node.send(new Message.BlocksAdded(1, PRIMARY, List.of(FIRST)));

        assertThat(node.states().subList(0, 2)).containsExactly("assigned", "quarantined");
        assertThat(FIRST.contains(addressIn(node.add("new")))).isTrue();
    }

    @Test
    void theCapHoldsWhereAWholePrefixWouldPassIt() {
        PoolFixture node = node(prefixes(20, 0, 20));

        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.PREFIX, 1));
        node.asked.clear();
        node.send(new Message.BlocksAdded(1, PRIMARY, List.of(FIRST)));
        assertThat(node.asked)
                .as("a smaller chunk")
                .contains(new Effect.AssignBlocks(2, PRIMARY, BlockKind.ADDRESS, 3));
    }

    @Test
    void belowACapThatForbidsAPrefixSingleAddressesMakeUpWhatIsMissing() {
        PoolFixture node = new PoolFixture(prefixes(0, 2, 52), 3, 20);
        List<Cidr> blocks = new ArrayList<>();
        blocks.add(FIRST);
        for (int number = 64; number < 82; number++) {
            blocks.add(single("10.0.0." + number));
        }
        node.send(new Message.EniFound(node.eni(PRIMARY, 0), blocks));
        List<Cidr> more = new ArrayList<>();
        for (int number = 82; number < 90; number++) {
            more.add(single("10.0.0." + number));
        }
        node.send(new Message.EniFound(node.eni(new EniId("eni-1"), 1), more));
        for (int pod = 0; pod < 11; pod++) {
            node.send(new Message.Restored(
                    new Assignment(
                            key("c" + pod), PodName.UNKNOWN, InetAddress.ofLiteral("10.0.0." + (64 + pod)), PRIMARY),
                    Optional.empty()));
        }
        node.tick();

        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, new EniId("eni-1"), BlockKind.ADDRESS, 1));
    }

    @Test
    void theCapHoldsWhereAWholeEniWouldPassIt() {
        PoolSettings capped =
                new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 6, PolicyName.AWS);
        PoolFixture node = new PoolFixture(capped, 3, 5).withPrimary();
        node.settle();
        for (int pod = 0; pod < 8; pod++) {
            node.add("c" + pod);
            node.settle();
        }

        assertThat(node.snapshot().addresses()).hasSize(6);
    }

    @Test
    void anAnswerThatWasLostKeepsItsRoomBelowTheCap() {
        PoolSettings capped =
                new PoolSettings(1, 4, 0, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 4, PolicyName.AWS);
        PoolFixture node = new PoolFixture(capped, 1, 9).withPrimary();
        node.tick();
        node.asked.clear();
        node.send(new Message.RequestFailed(1, AllocationError.OUTCOME_UNKNOWN, "timed out"));
        node.after(Duration.ofMinutes(1));
        assertThat(node.asked).as("it may have brought four").isEmpty();

        node.after(Lag.TWICE.multipliedBy(2));
        assertThat(node.asked).hasSize(1);
    }

    @Test
    void anIpv6PrefixIsAskedForOnceAndServesFromItsSecondAddressOn() {
        PoolFixture node = node(ipv6());
        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.IPV6_PREFIX, 1));
        node.asked.clear();
        node.send(new Message.BlocksAdded(1, PRIMARY, List.of(Cidr.parse("2001:db8:0:1:a::/80"))));

        assertThat(addressIn(node.add("a"))).isEqualTo(InetAddress.ofLiteral("2001:db8:0:1:a::1"));
        assertThat(addressIn(node.add("b"))).isEqualTo(InetAddress.ofLiteral("2001:db8:0:1:a::2"));
        assertThat(node.asked).isEmpty();
        assertThat(node.snapshot().assignable()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void anIpv6AddressIsNotUsedAgainBeforeAllOthers() {
        PoolFixture node = node(ipv6(), Cidr.parse("2001:db8:0:1:a::/80"));
        node.add("a");
        node.del("a");
        node.after(Duration.ofSeconds(31));

        assertThat(addressIn(node.add("b"))).isEqualTo(InetAddress.ofLiteral("2001:db8:0:1:a::2"));
    }

    @Test
    void aRestoredIpv6AddressIsSteppedOver() {
        PoolFixture node = node(ipv6(), Cidr.parse("2001:db8:0:1:a::/80"));
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, InetAddress.ofLiteral("2001:db8:0:1:a::1"), PRIMARY),
                Optional.empty()));

        assertThat(addressIn(node.add("b"))).isEqualTo(InetAddress.ofLiteral("2001:db8:0:1:a::2"));
    }

    @Test
    void everyCardHasItsOwnLimit() {
        PoolFixture node = new PoolFixture(PoolFixture.addresses(5, 0), new NodeLimits(List.of(1, 2), 3));
        node.send(new Message.EniFound(new Eni(PRIMARY, DeviceSlot.PRIMARY, true, 2), PoolFixture.blocksOf(1, 2)));
        node.tick();

        assertThat(node.asked)
                .containsExactly(
                        new Effect.AddEni(1, 1, BlockKind.ADDRESS, 2), new Effect.AddEni(2, 1, BlockKind.ADDRESS, 1));
    }

    @ParameterizedTest
    @EnumSource(value = EniRole.class, names = "PODS", mode = EnumSource.Mode.EXCLUDE)
    void anEniOfAnotherRoleTakesNoPodsAndGrowsNotButTakesAPlace(EniRole role) {
        PoolFixture node = new PoolFixture(PoolFixture.addresses(2, 0), 2, 2).withPrimary();
        node.send(new Message.EniFound(
                new Eni(new EniId("eni-1"), new DeviceSlot(0, 1), false, 1, role), PoolFixture.blocksOf(1)));
        node.add("a");

        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 1));
    }

    @Test
    void aBlockOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> BlockKind.of(Cidr.parse("10.0.0.0/24")))
                .hasMessage("10.0.0.0/24: want a /32, an IPv4 /28 or an IPv6 /80");
    }

    private static Cidr single(String address) {
        return Cidr.containing(InetAddress.ofLiteral(address), 32);
    }
}
