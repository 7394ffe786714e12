package io.vpceni.lab.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PoolMode;
import io.vpceni.lab.fleet.FleetPlan.Habit;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {

    private static final NodeLimits M5_LARGE = new NodeLimits(3, 10);
    private static final FleetPlan TWENTY = FleetPlan.of(20, M5_LARGE, PoolMode.ADDRESSES, 1);

    @ParameterizedTest
    @EnumSource(Habit.class)
    void twentyNodesGetWarmWithinFullBuckets(Habit habit) {
        FleetResult result = Fleet.run(TWENTY.withHabit(habit));

        assertThat(result.warm()).isEqualTo(20);
        assertThat(result.lastWarmAfter()).isLessThan(Duration.ofSeconds(30));
        assertThat(result.throttledShare()).isZero();
        assertThat(result.calls()).containsEntry("AttachNetworkInterface", new FleetAccount.RequestCount(20, 0));
        assertThat(result.calls()).containsEntry("AssignPrivateIpAddresses", new FleetAccount.RequestCount(20, 0));
    }

    @Test
    void prefixesNeedNoFurtherEni() {
        FleetResult result = Fleet.run(FleetPlan.of(20, M5_LARGE, PoolMode.PREFIXES, 1));

        assertThat(result.warm()).isEqualTo(20);
        assertThat(result.calls()).doesNotContainKey("AttachNetworkInterface");
    }

    @Test
    void theSameSeedMakesTheSameRun() {
        FleetPlan plan = TWENTY.withNodes(120).withOther(0.5);

        assertThat(Fleet.run(plan)).isEqualTo(Fleet.run(plan));
        assertThat(Fleet.run(plan).throttledShare()).isPositive();
    }

    @Test
    void nodesThatAreToldTheirShareAreHardlyThrottledAndCloseToTheFloor() {
        FleetResult told = Fleet.run(TWENTY.withNodes(300).withHabit(Habit.TOLD));

        assertThat(told.warm()).isEqualTo(300);
        assertThat(told.throttledShare()).isLessThan(0.001);
        assertThat(told.lastWarmAfter())
                .isLessThan(told.floor().multipliedBy(6).dividedBy(5).plusSeconds(7));
    }

    @Test
    void nodesThatKnowNothingOfEachOtherGetWarmToo() {
        FleetResult ours = Fleet.run(TWENTY.withNodes(300));

        assertThat(ours.warm()).isEqualTo(300);
        assertThat(ours.lastWarmAfter()).isLessThan(ours.floor().multipliedBy(3));
    }
}
