package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StartRetryTest {
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics("1.2.3");
    private final CountDownLatch stop = new CountDownLatch(1);
    private final StartRetry retry = new StartRetry(stop, readiness, metrics);

    @Test
    void a_step_that_fails_is_tried_again_and_readyz_says_meanwhile_why() throws InterruptedException {
        List<String> said = new ArrayList<>();

        String found = retry.until(() -> {
            said.add(readiness.withoutPool().reason());
            if (said.size() == 1) {
                throw new IOException("IMDS does not answer");
            }
            return "node";
        });

        assertThat(found).isEqualTo("node");
        assertThat(said).containsExactly("ipamd is starting", "ipamd cannot start yet: IMDS does not answer");
        assertThat(metrics.render()).contains("nodeInit\"} 1");
    }

    @Test
    void a_stop_ends_the_trying() {
        stop.countDown();

        assertThatThrownBy(() -> retry.until(() -> {
                    throw new IOException("IMDS does not answer");
                }))
                .isInstanceOf(InterruptedException.class);
    }
}
