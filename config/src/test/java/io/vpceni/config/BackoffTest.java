package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static final Backoff DOUBLING = Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(10));

    /// Whose `nextDouble` is 0.
    private static final RandomGenerator LOWEST = () -> 0;

    /// Whose `nextDouble` is a half.
    private static final RandomGenerator MIDDLE = () -> Long.MIN_VALUE;

    @Test
    void eachFailureInARowDoublesTheDelayUpToTheCap() {
        assertThat(IntStream.rangeClosed(1, 6).mapToObj(DOUBLING::delay).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void otherFactorsGrowSlower() {
        Backoff byHalf = Backoff.byHalf(Duration.ofSeconds(1), Duration.ofSeconds(3));

        assertThat(Stream.of(1, 2, 3, 4).map(byHalf::delay).map(Duration::toMillis))
                .containsExactly(1000L, 1500L, 2250L, 3000L);
    }

    @Test
    void anyNumberOfFailuresHasADelay() {
        assertThat(DOUBLING.delay(Integer.MAX_VALUE)).isEqualTo(DOUBLING.cap());
        assertThatIllegalArgumentException().isThrownBy(() -> DOUBLING.delay(0));
    }

    @Test
    void allDelaysTogether() {
        assertThat(DOUBLING.total(0)).isZero();
        assertThat(DOUBLING.total(5)).hasSeconds(1 + 2 + 4 + 8 + 10);
    }

    @Test
    void jitterSpreadsADelayToBothSides() {
        Backoff half = DOUBLING.withJitter(0.5);

        assertThat(half.delay(3, LOWEST)).hasSeconds(2);
        assertThat(half.delay(3, MIDDLE)).hasSeconds(4);
        assertThat(new SplittableRandom(1).doubles(1000).mapToObj(value -> half.delay(3, of(value))))
                .allMatch(delay -> delay.compareTo(Duration.ofSeconds(2)) >= 0)
                .allMatch(delay -> delay.compareTo(Duration.ofSeconds(6)) < 0)
                .anyMatch(delay -> delay.compareTo(Duration.ofSeconds(5)) > 0);
    }

    @Test
    void withoutJitterNoRandomNumberIsTaken() {
        RandomGenerator none = () -> {
            throw new AssertionError("a random number was taken");
        };

        assertThat(DOUBLING.delay(2, none)).hasSeconds(2);
    }

    @Test
    void anAdaptedDelayGrowsFromTheBaseToTheCap() {
        assertThat(DOUBLING.longerThan(Duration.ZERO)).hasSeconds(1);
        assertThat(DOUBLING.longerThan(Duration.ofSeconds(3))).hasSeconds(6);
        assertThat(DOUBLING.longerThan(Duration.ofSeconds(7))).hasSeconds(10);
    }

    @Test
    void theStateSaysWhenItMayBeTriedAgain() {
        Backoff.State once = Backoff.State.NONE.failed(DOUBLING, NOON);
        Backoff.State twice = once.failed(DOUBLING, NOON.plusSeconds(1));

        assertThat(once.retryAt()).contains(NOON.plusSeconds(1));
        assertThat(twice.retryAt()).contains(NOON.plusSeconds(3));
        assertThat(twice.failures()).isEqualTo(2);
        assertThat(twice.until(NOON.plusSeconds(2))).contains(NOON.plusSeconds(3));
        assertThat(twice.isActive(NOON.plusSeconds(3))).isFalse();
    }

    @Test
    void aSuccessEndsTheRow() {
        Backoff.State failed = Backoff.State.NONE.failed(DOUBLING, NOON).failed(DOUBLING, NOON);

        assertThat(failed.succeeded()).isEqualTo(Backoff.State.NONE);
        assertThat(failed.succeeded().failed(DOUBLING, NOON).retryAt()).contains(NOON.plusSeconds(1));
        assertThat(Backoff.State.NONE.isActive(NOON)).isFalse();
    }

    @Test
    void theStateTakesItsJitterFromTheCaller() {
        assertThat(Backoff.State.NONE
                        .failed(DOUBLING.withJitter(1), NOON, LOWEST)
                        .retryAt())
                .contains(NOON);
        assertThat(Backoff.State.NONE.failed(DOUBLING, NOON).withRetryAt(NOON).failures())
                .isEqualTo(1);
    }

    @Test
    void figuresThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.doubling(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.doubling(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 0.5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> DOUBLING.withJitter(1.5));
    }

    private static RandomGenerator of(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
