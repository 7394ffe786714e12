package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownBlocksTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Cidr OWN = Cidr.parse("10.0.0.10/32");
    private static final Cidr ONE = Cidr.parse("10.0.0.11/32");
    private static final Cidr TWO = Cidr.parse("10.0.0.12/32");

    private final KnownBlocks known = new KnownBlocks(InetAddress.ofLiteral("10.0.0.10"), List.of(ONE), START);

    private static Instant after(int seconds) {
        return START.plus(Duration.ofSeconds(seconds));
    }

    @Test
    void whatEc2AssignsIsNewThoughAStaleViewShowedItBefore() {
        assertThat(known.assigned(List.of(ONE), after(5))).containsExactly(ONE);
    }

    @Test
    void anAnswerThatRepeatsItselfAndTheEnisOwnAddressTellsEachOnce() {
        assertThat(known.assigned(List.of(OWN, TWO, TWO), after(5))).containsExactly(TWO);
    }

    @Test
    void aListThatMustShowABlockAndLacksItIsTheEndOfIt() {
        known.lacked(List.of(), after(61), after(61));

        assertThat(known.listed(List.of(ONE), after(62), after(62)))
                .as("a list that may be older than its departure")
                .isEmpty();
        assertThat(known.listed(List.of(ONE), after(130), after(130))).containsExactly(ONE);
    }

    @Test
    void aListThatMayBeOlderThanABlockSaysNothingOfIt() {
        known.assigned(List.of(TWO), after(30));

        known.lacked(List.of(ONE), after(80), after(80));

        assertThat(known.listed(List.of(ONE, TWO), after(81), after(81))).isEmpty();
    }

    @Test
    void aBlockThatLeftIsNoNewsAsLongAsListsMayBeOlder() {
        known.left(List.of(ONE), after(10));

        assertThat(known.listed(List.of(ONE), after(60), after(61))).isEmpty();
        assertThat(known.assigned(List.of(ONE), after(62))).containsExactly(ONE);
    }
}
