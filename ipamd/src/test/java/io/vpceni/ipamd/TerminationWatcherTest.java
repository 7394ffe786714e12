package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.NodeIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TerminationWatcherTest implements Imds {
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void an_end_is_told_once_though_imds_was_silent_before() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        AtomicInteger times = new AtomicInteger();

        try (TerminationWatcher _ = TerminationWatcher.start(
                this,
                () -> {
                    times.incrementAndGet();
                    told.countDown();
                },
                Duration.ofMillis(1))) {
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(times).hasValue(1);
        assertThat(asked).hasValue(3);
    }

    @Override
    public boolean isEnding() throws ImdsFailure {
        if (asked.incrementAndGet() == 1) {
            throw new ImdsFailure(ImdsFailure.Kind.UNREACHABLE, "spot/instance-action", "no answer", null);
        }
        return asked.get() == 3;
    }

    @Override
    public NodeIdentity identity() {
        throw new UnsupportedOperationException("not asked here");
    }

    @Override
    public List<Cidr> vpcCidrs() {
        return List.of();
    }

    @Override
    public List<ImdsEni> enis() {
        throw new UnsupportedOperationException("not asked here");
    }
}
