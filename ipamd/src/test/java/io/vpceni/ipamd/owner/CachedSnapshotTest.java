package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachedSnapshotTest {
    private final AtomicLong nanos = new AtomicLong(Duration.ofHours(1).toNanos());
    private final AtomicInteger asked = new AtomicInteger();
    private CompletableFuture<String> failure = new CompletableFuture<>();
    private final CachedSnapshot<String> view = new CachedSnapshot<>("first", this::look, nanos::get);

    private CompletableFuture<String> look() {
        int number = asked.incrementAndGet();
        return failure.isDone() ? failure : CompletableFuture.completedFuture("seen " + number);
    }

    @Test
    void the_owner_is_asked_at_once_for_the_first_reader() {
        assertThat(view.get()).isEqualTo("seen 1");
    }

    @Test
    void many_readers_at_once_are_one_question_to_the_owner() {
        for (int i = 0; i < 30; i++) {
            assertThat(view.get()).isEqualTo("seen 1");
        }

        nanos.addAndGet(Duration.ofMillis(21).toNanos());
        assertThat(view.get()).isEqualTo("seen 2");
        assertThat(asked).hasValue(2);
    }

    @Test
    void an_owner_that_fails_is_no_old_answer() {
        assertThat(view.get()).isEqualTo("seen 1");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        failure = CompletableFuture.failedFuture(new IllegalStateException("the pool's owner has stopped"));

        assertThatThrownBy(view::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the pool's owner has stopped");
    }

    @Test
    void a_reader_that_is_interrupted_stays_interrupted() {
        failure = new CompletableFuture<>();
        CachedSnapshot<String> silent = new CachedSnapshot<>("first", CompletableFuture::new, nanos::get);
        Thread.currentThread().interrupt();

        assertThatThrownBy(silent::get).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
