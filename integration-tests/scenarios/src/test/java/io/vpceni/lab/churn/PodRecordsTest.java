package io.vpceni.lab.churn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PodRecordsTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.5");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final PodRecords ledger = new PodRecords(Duration.ofSeconds(5));

    @Test
    void findsAnAddressThatTwoHave() {
        ledger.given(ADDRESS, "a", 0);
        ledger.given(ADDRESS, "b", SECOND);

        assertThat(ledger.findings()).singleElement().asString().contains("10.0.0.5", "b", "though a has it");
    }

    @Test
    void findsAnAddressThatDidNotRest() {
        ledger.given(ADDRESS, "a", 0);
        ledger.deleting(ADDRESS, "a", SECOND);
        ledger.given(ADDRESS, "b", 3 * SECOND);

        assertThat(ledger.findings()).singleElement().asString().contains("2000 ms after the DEL");
    }

    @Test
    void isContentWithOneThatRested() {
        ledger.given(ADDRESS, "a", 0);
        ledger.deleting(ADDRESS, "a", SECOND);
        ledger.given(ADDRESS, "b", 6 * SECOND);

        assertThat(ledger.findings()).isEmpty();
        assertThat(ledger.holders()).containsEntry(ADDRESS, "b");
    }

    @Test
    void saysNothingOfASpoiledAddressUntilItsTimeIsOver() {
        ledger.given(ADDRESS, "a", 0);
        ledger.spoil(ADDRESS, 10 * SECOND);
        ledger.given(ADDRESS, "b", SECOND);
        ledger.given(ADDRESS, "c", 2 * SECOND);

        assertThat(ledger.findings()).isEmpty();
        assertThat(ledger.isSpoiled(ADDRESS, 9 * SECOND)).isTrue();
        assertThat(ledger.isSpoiled(ADDRESS, 10 * SECOND)).isFalse();
    }
}
