package io.vpceni.eni;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits as long as the clock on the wall. Fits virtual threads: waiting holds no carrier thread.
public final class SystemSleeper implements Sleeper {

    @Override
    public void of(Duration length) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        if (never.await(length.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("nobody opens this latch");
        }
    }
}
