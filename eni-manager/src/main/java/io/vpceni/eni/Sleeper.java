package io.vpceni.eni;

import java.time.Duration;

/// The passing of time between two looks at something.
@FunctionalInterface
public interface Sleeper {

    /// Returns when that much time has passed.
    void of(Duration length) throws InterruptedException;
}
