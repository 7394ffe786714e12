package io.vpceni.lab.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetAccountTest {

    private static final String ATTACH = "AttachNetworkInterface";

    private final Timeline timeline = new Timeline();
    private final FleetAccount account = new FleetAccount(timeline);

    @Test
    void aBucketGivesItsBurstAndThenItsRefill() {
        assertThat(admitted(60)).isEqualTo(50);
        pass(Duration.ofSeconds(4));
        assertThat(admitted(60)).isEqualTo(20);
        pass(Duration.ofHours(1));
        assertThat(admitted(60)).isEqualTo(50);
        assertThat(account.fleet()).containsEntry(ATTACH, new FleetAccount.RequestCount(180, 60));
    }

    @Test
    void actionsHaveBucketsOfTheirOwn() {
        assertThat(admitted(60)).isEqualTo(50);
        assertThat(account.admits("DescribeSubnets")).isTrue();
    }

    @Test
    void anotherClientTakesItsPartOfTheRefill() {
        assertThat(admitted(50)).isEqualTo(50);
        account.otherClient(0.5, 1);
        int served = 0;
        for (int second = 0; second < 400; second++) {
            pass(Duration.ofSeconds(1));
            served += admitted(20);
        }
        assertThat((double) served).isCloseTo(1_000, within(150.0));
        assertThat(account.other().asked()).isPositive();
    }

    @Test
    void theFloorIsThatOfTheSlowestBucket() {
        assertThat(FleetAccount.floor(Map.of(ATTACH, 150L, "AssignPrivateIpAddresses", 150L), 0))
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(FleetAccount.floor(Map.of(ATTACH, 5_000L), 0)).isEqualTo(Duration.ofSeconds(990));
        assertThat(FleetAccount.floor(Map.of(ATTACH, 5_000L), 0.5)).isEqualTo(Duration.ofMinutes(33));
        assertThat(FleetAccount.floor(Map.of(ATTACH, 20L), 0)).isEqualTo(Duration.ZERO);
    }

    private int admitted(int asked) {
        int admitted = 0;
        for (int i = 0; i < asked; i++) {
            admitted += account.admits(ATTACH) ? 1 : 0;
        }
        return admitted;
    }

    private void pass(Duration length) {
        boolean[] passed = {false};
        timeline.in(length, () -> passed[0] = true);
        while (!passed[0]) {
            assertThat(timeline.step(Timeline.START.plus(Duration.ofDays(1)))).isTrue();
        }
    }
}
