package io.vpceni.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a step throws is told, whatever it is.
@Timeout(60)
class StepExecutorTest {
    private final BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();

    @Test
    void anUncheckedExceptionIsToldAsACheckedOneIs() throws IOException, InterruptedException {
        try (StepExecutor steps = new StepExecutor("steps", failures::add)) {
            steps.execute(() -> {
                throw new IOException("no connection");
            });
            steps.execute(() -> {
                throw new IllegalStateException("no such block");
            });
            steps.executeAfter(Duration.ofNanos(1), () -> {
                throw new IllegalArgumentException("not now");
            });

            assertThat(failures.take()).hasMessage("no connection");
            assertThat(failures.take()).hasMessage("no such block");
            assertThat(failures.take()).hasMessage("not now");
        }
    }
}
