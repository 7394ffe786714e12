package io.vpceni.eni.life;

import java.time.Instant;

/// What goes on when a call ends.
@FunctionalInterface
interface Reply {

    /// @param asked when the call was wanted: what happened later than that, it may not tell
    void take(Outcome outcome, Instant asked, Instant now);
}
