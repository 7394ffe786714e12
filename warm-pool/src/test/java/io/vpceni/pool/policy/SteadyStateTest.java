package io.vpceni.pool.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where each policy comes to rest with that many addresses in use, when they rise one by one and when they fall one by
/// one from 27. Three ENIs with nine addresses each, for Azure as many as it likes.
class SteadyStateTest {

    private static final int CAPACITY = 27;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            WARM_ENI=1             | 0 9/9, 1 18/18, 9 18/18, 10 27/27, 27 27/27
            WARM_IP=5 MIN=10       | 0 10/10, 5 10/10, 8 13/13, 9 14/14, 15 20/20, 20 25/25, 24 27/27
            WARM_IP=1              | 0 1/1, 1 2/2, 5 6/6, 16 17/17, 20 21/21, 27 27/27
            cilium 8 0 0           | 0 8/8, 1 9/9, 5 13/13, 8 16/16, 10 18/18, 16 24/24, 20 27/27
            cilium 2 10 3          | 0 13/13, 10 13/13, 12 17/17, 15 17/20, 16 21/21, 20 25/25, 24 27/27
            azure                  | 0 16/16, 8 16/16, 9 32/32, 24 32/32, 27 48/48
            """)
    void restsWhereTheReferenceDoes(String policy, String rests) {
        for (String rest : rests.split(", ", -1)) {
            int used = Integer.parseInt(rest.split(" ", -1)[0]);

            assertThat(rising(named(policy), used) + "/" + falling(named(policy), used))
                    .as(policy + " with " + used + " in use")
                    .isEqualTo(rest.split(" ", -1)[1]);
        }
    }

    private static Policy named(String text) {
        return switch (text) {
            case "WARM_ENI=1" -> PoolCountsFixture.targets(1, 0, 0, 0, false);
            case "WARM_IP=5 MIN=10" -> PoolCountsFixture.targets(1, 5, 10, 0, false);
            case "WARM_IP=1" -> PoolCountsFixture.targets(1, 1, 0, 0, false);
            case "cilium 8 0 0" -> new Cilium(8, 0, 0);
            case "cilium 2 10 3" -> new Cilium(2, 10, 3);
            case "azure" -> new Azure();
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static int rising(Policy policy, int used) {
        PoolCountsFixture pool = pool();
        int capacity = capacity(policy);
        int total = pool.settle(policy, 0, capacity);
        for (int now = 1; now <= used; now++) {
            pool.holding(total, now);
            total = pool.settle(policy, now, capacity);
        }
        return total;
    }

    private static int falling(Policy policy, int used) {
        PoolCountsFixture pool = pool();
        int capacity = capacity(policy);
        int total = capacity;
        for (int now = CAPACITY; now >= used; now--) {
            pool.holding(total, now);
            total = pool.settle(policy, now, capacity);
        }
        return total;
    }

    private static int capacity(Policy policy) {
        return policy instanceof Azure ? 48 : CAPACITY;
    }

    private static PoolCountsFixture pool() {
        PoolCountsFixture pool = new PoolCountsFixture();
        pool.eniAddresses = 9;
        return pool;
    }
}
