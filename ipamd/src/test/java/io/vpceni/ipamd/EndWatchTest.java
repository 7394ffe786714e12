package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

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

class EndWatchTest {

    private final AtomicInteger asked = new AtomicInteger();

    private final AtomicInteger told = new AtomicInteger();

    private final CountDownLatch heard = new CountDownLatch(1);

    @Test
    void theEndIsToldOnceThoughImdsWasSilentBefore() throws InterruptedException {
        EndWatch watch = EndWatch.start(endingAt(3), this::ends, Duration.ofMillis(1));

        assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
        watch.close();

        assertThat(told).hasValue(1);
        assertThat(asked).hasValue(3);
    }

    @Test
    void aWatchThatIsClosedTellsNothing() {
        EndWatch watch = EndWatch.start(endingAt(2), this::ends, Duration.ofHours(1));

        watch.close();

        assertThat(told).hasValue(0);
    }

    private void ends() {
        told.incrementAndGet();
        heard.countDown();
    }

    /// Fails, then says no, then yes.
    private Imds endingAt(int question) {
        return new Imds() {
            @Override
            public NodeIdentity identity() {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<ImdsEni> enis() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isEnding() throws ImdsFailure {
                int number = asked.incrementAndGet();
                if (number == 1) {
                    throw new ImdsFailure(ImdsFailure.Kind.UNREACHABLE, "spot/", "no answer", null);
                }
                return number >= question;
            }
        };
    }
}
