package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import java.util.ArrayDeque;
import java.util.Deque;

/// The way back, step by step: last step first, every step runs, later failures are suppressed ones of the first.
final class Undo {

    /// One step back.
    @FunctionalInterface
    interface Step {
        void run() throws NetlinkFailure;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    void push(Step step) {
        steps.push(step);
    }

    /// Goes back. What fails on the way is added to the failure that it goes back for.
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
