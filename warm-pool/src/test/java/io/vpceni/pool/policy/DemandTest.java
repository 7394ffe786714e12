package io.vpceni.pool.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandTest {

    private final PoolCountsFixture pool = new PoolCountsFixture();
    private final Demand demand = new Demand();

    @Test
    void keepsOneAndAHalfEnisWorthWhileItKnowsNothing() {
        pool.arrivals.busy(0, pool.now);

        assertThat(demand.target(pool.counts()).more()).isBetween(pool.eniAddresses, pool.eniAddresses * 3 / 2);
    }

    @Test
    void holdsABurstThatComesEachMinute() {
        for (int minute = 0; minute < 20; minute++) {
            pool.arrivals.busy(20, pool.now);
            pool.arrivals.busy(0, pool.now.plusSeconds(50));
            pool.now = pool.now.plusSeconds(60);
        }
        pool.arrivals.busy(0, pool.now);

        assertThat(demand.target(pool.holding(20, 0).counts()))
                .extracting(WarmTarget::more, WarmTarget::fewer)
                .containsExactly(0, 0);
    }

    @Test
    void letsABurstGoThatDoesNotComeBack() {
        for (int pod = 0; pod < 40; pod++) {
            pool.arrivals.arrived(pool.now);
        }
        pool.arrivals.busy(40, pool.now);
        pool.arrivals.busy(0, pool.now.plusSeconds(50));
        pool.now = pool.now.plus(Duration.ofMinutes(30));
        pool.arrivals.busy(0, pool.now);

        assertThat(demand.target(pool.holding(40, 0).counts()).fewer()).isGreaterThan(30);
    }

    @Test
    void asksForAsManyAsComeWhileEc2Answers() {
        for (int pod = 0; pod < 30; pod++) {
            pool.arrivals.arrived(pool.now.plusMillis(pod * 100L));
        }
        pool.now = pool.now.plusSeconds(2).plusMillis(900);

        assertThat(demand.target(pool.holding(30, 30).counts()).more()).isEqualTo(30);
    }

    @Test
    void saysWhy() {
        assertThat(demand.target(pool.holding(4, 4).counts()).because().text())
                .matches("busy 4; wanted \\d+: memory 0, momentum 4, reserve \\d+ at confidence \\d+ %");
    }
}
