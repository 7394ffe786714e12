package io.vpceni.eni.lifecycle;

import java.time.Instant;

/// What goes on when a call ends.
@FunctionalInterface
interface Callback {

    /// @param asked when the call was wanted: what happened later than that, it may not tell
    void take(CallOutcome outcome, Instant asked, Instant now);
}
