package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NoticeSinkTest {
    private final Metrics metrics = new Metrics("1.2.3");
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void every_taker_gets_every_notice_in_order() throws InterruptedException {
        BlockingQueue<String> second = new LinkedBlockingQueue<>();
        try (NoticeSink sink =
                new NoticeSink(metrics, List.of(one -> heard.add(one.text()), one -> second.add(one.text())))) {
            sink.accept(notice("1"));
            sink.accept(notice("2"));

            assertThat(List.of(next(heard), next(heard))).containsExactly("1", "2");
            assertThat(List.of(next(second), next(second))).containsExactly("1", "2");
        }
    }

    @Test
    void a_taker_that_hangs_holds_up_neither_the_sender_nor_the_others_and_what_it_misses_is_counted()
            throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        try (NoticeSink sink = new NoticeSink(
                metrics,
                List.of(
                        _ -> {
                            hung.countDown();
                            hangs.await();
                        },
                        one -> heard.add(one.text())))) {
            sink.accept(notice("first"));
            hung.await();
            for (int i = 0; i < NoticeSink.QUEUE_MAX + 3; i++) {
                sink.accept(notice("n" + i));
                if (i == 0) {
                    assertThat(next(heard)).isEqualTo("first");
                }
                assertThat(next(heard)).isEqualTo("n" + i);
            }
            assertThat(metrics.render()).contains("notices\"} 3");
            hangs.countDown();
        }
    }

    @Test
    void a_taker_that_throws_gets_the_next_notice_all_the_same() throws InterruptedException {
        try (NoticeSink sink = new NoticeSink(metrics, List.of(one -> {
            if (one.text().equals("bad")) {
                throw new IllegalStateException("a bug");
            }
            heard.add(one.text());
        }))) {
            sink.accept(notice("bad"));
            sink.accept(notice("good"));

            assertThat(next(heard)).isEqualTo("good");
        }
    }

    @Test
    void what_was_noticed_before_the_end_is_passed_on() {
        NoticeSink sink = new NoticeSink(metrics, List.of(one -> heard.add(one.text())));
        for (int i = 0; i < 100; i++) {
            sink.accept(notice("n" + i));
        }

        sink.close();

        assertThat(heard).hasSize(100);
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        String text = queue.poll(10, TimeUnit.SECONDS);
        return text == null ? "nothing came" : text;
    }

    private static Notice notice(String text) {
        return new Notice(Notice.Origin.POOL, "DISPUTED", true, text, List.of());
    }
}
