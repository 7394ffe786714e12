package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.NetworkSettings;
import io.vpceni.config.RandomizeSnat;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NatRulesetTest {

    private static final String EMPTIED =
            "{\"nftables\":[{\"add\":{\"table\":{\"family\":\"ip\",\"name\":\"vpc-eni\"}}},"
                    + "{\"delete\":{\"table\":{\"family\":\"ip\",\"name\":\"vpc-eni\"}}}";

    @Test
    void withNothingToDoTheTableIsRemoved() {
        assertThat(ruleset(true, false, RandomizeSnat.PRNG)).isEqualTo(EMPTIED + "]}");
    }

    @Test
    void theOldTableGoesInTheTransactionThatBringsTheNew() {
        assertThat(ruleset(false, true, RandomizeSnat.PRNG))
                .startsWith(EMPTIED + ",{\"add\":{\"table\":{\"family\":\"ip\",\"name\":\"vpc-eni\"}}}");
    }

    @Test
    void withExternalTranslationMarksAreOnlyRestored() {
        assertThat(ruleset(true, true, RandomizeSnat.PRNG))
                .contains("\"node-port\"")
                .contains("\"key\":{\"meta\":{\"key\":\"mark\"}}")
                .doesNotContain("snat", "\"kept\"");
    }

    @Test
    void blocksInsideOthersAreLeftOutOfTheSet() {
        assertThat(ruleset(false, true, RandomizeSnat.PRNG))
                .contains("\"name\":\"kept\",\"type\":\"ipv4_addr\",\"flags\":[\"interval\"],\"elem\":["
                        + "{\"prefix\":{\"addr\":\"10.0.0.0\",\"len\":16}},"
                        + "{\"prefix\":{\"addr\":\"192.168.0.0\",\"len\":16}}]");
    }

    @Test
    void sourcePortsAreChosenAsTheSettingSays() {
        assertThat(ruleset(false, true, RandomizeSnat.PRNG))
                .contains("{\"snat\":{\"addr\":\"10.0.0.10\",\"flags\":[\"fully-random\"]}}");
        assertThat(ruleset(false, true, RandomizeSnat.HASHRANDOM))
                .contains("{\"snat\":{\"addr\":\"10.0.0.10\",\"flags\":[\"random\"]}}");
        assertThat(ruleset(false, true, RandomizeSnat.NONE)).contains("{\"snat\":{\"addr\":\"10.0.0.10\"}}");
    }

    private static String ruleset(boolean external, boolean nodePort, RandomizeSnat randomize) {
        return NatRuleset.replacement(
                new NetworkSettings(
                        "eni",
                        9001,
                        9001,
                        external,
                        List.of(Cidr.parse("10.0.4.0/24"), Cidr.parse("192.168.0.0/16")),
                        randomize,
                        0x80,
                        nodePort),
                new NatRules(InetAddress.ofLiteral("10.0.0.10"), List.of(Cidr.parse("10.0.0.0/16"))),
                2);
    }
}
