package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import java.util.ArrayDeque;
import java.util.Deque;

/// Undo steps: the last step runs first, and every step runs. Later failures are added to the first as suppressed
/// ones.
final class Undo {

    /// One undo step.
    @FunctionalInterface
    interface Step {
        void run() throws NetlinkFailure;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    void push(Step step) {
        steps.push(step);
    }

    /// Runs the undo steps. Their failures are added to the failure that caused the undo.
    void because(Throwable failure) {
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (NetlinkFailure e) {
                failure.addSuppressed(e);
            }
        }
    }
}
