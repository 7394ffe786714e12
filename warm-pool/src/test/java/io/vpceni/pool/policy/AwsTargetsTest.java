package io.vpceni.pool.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsTargetsTest {

    @ParameterizedTest
    @CsvSource({
        // WARM_IP, MINIMUM_IP, held, used, more, fewer
        "5, 0,  0,  0, 5, 0",
        "5, 0,  5,  0, 0, 0",
        "5, 0, 25, 20, 0, 0",
        "5, 0, 25, 22, 2, 0",
        "5, 0, 25, 12, 0, 8",
        "5, 10, 10, 5, 0, 0",
        "5, 10, 10, 7, 2, 0",
        "5, 10, 25, 2, 0, 15",
        "0, 10,  4, 4, 6, 0",
        "0, 10, 12, 12, 0, 0",
        "0, 10, 14, 12, 0, 2",
    })
    void countsAddressesWhenAnIpTargetIsSet(int warm, int minimum, int held, int used, int more, int fewer) {
        WarmTarget target = PoolCountsFixture.targets(7, warm, minimum, 7, false)
                .target(new PoolCountsFixture().holding(held, used).counts());

        assertThat(target)
                .extracting(WarmTarget::more, WarmTarget::fewer, WarmTarget::unit)
                .containsExactly(more, fewer, WarmTarget.Unit.BLOCK);
    }

    @ParameterizedTest
    @CsvSource({
        // WARM_ENI of 14, held, used, more, fewer
        "1,  0,  0, 14, 0",
        "1, 14,  0,  0, 0",
        "1, 14,  1,  1, 0",
        "1, 28,  1,  0, 13",
        "1, 42, 14,  0, 14",
        "2, 28,  3,  3, 0",
        "0,  0,  0,  1, 0",
        "0, 14, 13,  0, 0",
        "0, 14, 14,  1, 0",
        "0, 14,  0,  0, 13",
    })
    void countsEnisOtherwise(int warmEnis, int held, int used, int more, int fewer) {
        WarmTarget target = PoolCountsFixture.targets(warmEnis, 0, 0, 9, false)
                .target(new PoolCountsFixture().holding(held, used).counts());

        assertThat(target)
                .extracting(WarmTarget::more, WarmTarget::fewer, WarmTarget::unit)
                .containsExactly(more, fewer, WarmTarget.Unit.ENI);
    }

    @ParameterizedTest
    @CsvSource({
        // WARM_PREFIX, used from, used to, held
        "1,  0,  0, 16",
        "1,  1, 16, 32",
        "1, 17, 32, 48",
        "2,  0,  0, 32",
        "2,  1, 16, 48",
        "0,  0, 15, 16",
        "0, 16, 31, 32",
    })
    void countsPrefixesWithPrefixDelegation(int target, int from, int to, int held) {
        PoolCountsFixture pool = new PoolCountsFixture().prefixes();
        Policy policy = PoolCountsFixture.targets(9, 0, 0, target, true);
        for (int used = 0; used <= to; used++) {
            pool.holding(pool.assigned + pool.assignable, used);
            int settled = pool.settle(policy, used, 500);
            if (used >= from) {
                assertThat(settled).as(used + " in use").isEqualTo(held);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // WARM_IP, MINIMUM_IP, used, held
        "5, 10,  0,  16",
        "5, 10, 11,  16",
        "5, 10, 12,  32",
        "7, 20,  0,  32",
        "1,  0, 15,  16",
        "1,  0, 16,  32",
        "0, 40, 10,  48",
    })
    void ipTargetsOverruleThePrefixTarget(int warm, int minimum, int used, int held) {
        PoolCountsFixture pool = new PoolCountsFixture().prefixes().holding(used, used);
        pool.idleBlocks = 0;

        // Whatever is held now is a whole number of prefixes.
        pool.holding(Math.ceilDiv(used, 16) * 16, used);

        assertThat(pool.settle(PoolCountsFixture.targets(1, warm, minimum, 9, true), used, 500))
                .isEqualTo(held);
    }

    @Test
    void prefixesThatAreNotWholeAndIdleAreNotSurplus() {
        PoolCountsFixture pool = new PoolCountsFixture().prefixes().holding(64, 4);
        pool.idleBlocks = 1; // four pods on three prefixes

        assertThat(PoolCountsFixture.targets(1, 0, 0, 1, true)
                        .target(pool.counts())
                        .fewer())
                .isZero();
    }

    @Test
    void coolingAddressesAreNotStock() {
        // The sixth of six pods that are replaced one for one within a cooldown.
        PoolCountsFixture pool = new PoolCountsFixture();
        pool.cooling = 5;
        pool.holding(25, 20);

        assertThat(PoolCountsFixture.targets(1, 5, 0, 0, false)
                        .target(pool.counts())
                        .more())
                .isEqualTo(5);
    }

    @Test
    void aCooldownThatEndsBeforeEc2WouldAnswerIsStock() {
        PoolCountsFixture pool = new PoolCountsFixture();
        pool.cooling = 5;
        pool.cooledSoon = 3;
        pool.holding(25, 20);

        assertThat(PoolCountsFixture.targets(1, 5, 0, 0, false)
                        .target(pool.counts())
                        .more())
                .isEqualTo(2);
    }

    @Test
    void whatIsOnItsWayIsNotAskedForAgainAndWhatIsWaitedForIs() {
        PoolCountsFixture pool = new PoolCountsFixture();
        pool.pending = 3;
        pool.waiting = 7;
        pool.holding(10, 10);

        assertThat(PoolCountsFixture.targets(1, 5, 0, 0, false)
                        .target(pool.counts())
                        .more())
                .isEqualTo(9);
    }

    @Test
    void nothingGoesThatAWaitingAddCouldNeedOrThatStandsInForWhatIsNotHereYet() {
        PoolCountsFixture pool = new PoolCountsFixture();
        pool.pending = 10;
        pool.waiting = 2;
        pool.holding(9, 0);

        assertThat(PoolCountsFixture.targets(1, 5, 0, 0, false)
                        .target(pool.counts())
                        .fewer())
                .isEqualTo(2);
    }

    @Test
    void noPolicyAsksBeyondThePodsThatTheNodeMayRun() {
        PoolCountsFixture pool = new PoolCountsFixture();
        pool.podsMax = 12;
        pool.pending = 1;
        pool.holding(9, 9);

        for (PolicyName name : PolicyName.values()) {
            PoolSettings settings =
                    new PoolSettings(1, 5, 20, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 12, name);
            assertThat(Policies.of(settings).target(pool.counts()).more())
                    .as(name.name())
                    .isEqualTo(2);
        }
    }

    @Test
    void aPolicyIsFoundByItsName() {
        for (PolicyName name : PolicyName.values()) {
            PoolSettings settings =
                    new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 0, name);
            assertThat(Policies.of(settings).name()).isEqualToIgnoringCase(name.name());
        }
    }
}
