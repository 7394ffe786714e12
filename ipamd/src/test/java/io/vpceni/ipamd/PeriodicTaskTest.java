package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicInteger done = new AtomicInteger();

    @Test
    void aBugCostsOneRoundOnly() throws InterruptedException {
        CountDownLatch third = new CountDownLatch(3);
        try (PeriodicTask rounds = rounds(SOON, PeriodicTask.Ending.FINISHED, () -> {
            third.countDown();
            throw new IllegalStateException("a bug");
        })) {
            assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(rounds.isAlive()).isTrue();
        }
    }

    @Test
    void aRoundCanBeTheLast() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        PeriodicTask rounds = rounds(SOON, PeriodicTask.Ending.FINISHED, () -> {
            second.countDown();
            return done.incrementAndGet() < 2;
        });
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        rounds.close();

        assertThat(done).hasValue(2);
    }

    @Test
    void closingInterruptsARoundThatWaits() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        PeriodicTask rounds = rounds(SOON, PeriodicTask.Ending.INTERRUPTED, () -> {
            begun.countDown();
            return never.await(1, TimeUnit.HOURS);
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        rounds.close();

        assertThat(rounds.isAlive()).isFalse();
    }

    @Test
    void closingWaitsForARoundThatMustNotBeCutOff() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        PeriodicTask rounds = rounds(SOON, PeriodicTask.Ending.FINISHED, () -> {
            begun.countDown();
            go.await();
            done.incrementAndGet();
            return true;
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Thread closing = Thread.ofVirtual().start(rounds::close);
        go.countDown();
        closing.join();

        assertThat(done).hasValue(1);
        assertThat(rounds.isAlive()).isFalse();
    }

    private static PeriodicTask rounds(Duration every, PeriodicTask.Ending ending, PeriodicTask.Round round) {
        return new PeriodicTask(Thread.ofVirtual().name("rounds"), every, LONG, ending, round).start();
    }
}
