package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.MacAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkWaitTest {

    private static final MacAddress LOST = MacAddress.parse("02:00:00:00:00:0c");
    private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:0d");

    private final LinkWait links = new LinkWait(Duration.ofMillis(1), 3);
    private int looks;

    @Test
    void oneThatComesIsTaken() throws NetworkFailure {
        assertThat(links.<String>await(LOST, () -> ++looks == 2 ? Optional.of("eth1") : Optional.empty()))
                .isEqualTo("eth1");
    }

    @Test
    void oneThatDidNotComeIsOnlyLookedForAfterwards() {
        assertThat(looksFor(LOST)).isEqualTo(3);
        assertThat(looksFor(LOST)).isEqualTo(1);
        assertThat(looksFor(OTHER)).isEqualTo(3);
    }

    @Test
    void afterItCameOrWasDetachedItIsWaitedForAgain() throws NetworkFailure {
        assertThat(looksFor(LOST)).isEqualTo(3);
        assertThat(links.<String>await(LOST, () -> Optional.of("eth1"))).isEqualTo("eth1");
        assertThat(looksFor(LOST)).isEqualTo(3);

        links.forget(LOST);
        assertThat(looksFor(LOST)).isEqualTo(3);
    }

    private int looksFor(MacAddress mac) {
        looks = 0;
        assertThatThrownBy(() -> links.await(mac, () -> {
                    looks++;
                    return Optional.empty();
                }))
                .isInstanceOfSatisfying(
                        NetworkFailure.class, e -> assertThat(e.kind()).isEqualTo(NetworkFailure.Kind.LINK_NOT_FOUND));
        return looks;
    }
}
