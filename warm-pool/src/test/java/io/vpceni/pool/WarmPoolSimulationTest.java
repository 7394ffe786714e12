package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: whatever the order of ADD, DEL, EC2's answers and time, no address has two owners or is reused while it
/// cools, ADDs are served in order and answered by their deadline, no limit is passed, and when the world calms down
/// the pool is at its target.
///
/// Method: one seed makes one history of 1,200 steps against the real [WarmPool]; [SimulatedNode] keeps naive books and
/// compares after every step. Everything runs on this thread.
///
/// Reproduce: ./mvnw -pl warm-pool -am test -Dtest=WarmPoolSimulationTest -Dsim.seed=SEED
/// -Dsurefire.failIfNoSpecifiedTests=false
class WarmPoolSimulationTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 1_200;

    static Stream<Long> seeds() {
        Long chosen = Long.getLong("sim.seed");
        return chosen == null ? LongStream.range(0, SEEDS).boxed() : Stream.of(chosen);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsEveryPromise(long seed) {
        SimulatedNode node = new SimulatedNode(seed);

        for (int step = 0; step < STEPS; step++) {
            node.step();
        }
        node.calmDown();
    }

    @Test
    void historiesContainEveryOutcome() {
        SimulatedNode node = new SimulatedNode(4);

        for (int step = 0; step < 5 * STEPS; step++) {
            node.step();
        }

        assertThat(node.assignedCount).as("assigned").isPositive();
        assertThat(node.refusedCount).as("refused").isPositive();
        assertThat(node.cancelledCount).as("cancelled").isPositive();
        assertThat(node.failedRequests).as("failed growth").isPositive();
        assertThat(node.served).as("repeated ADDs").isGreaterThan(node.assignedCount);
    }
}
