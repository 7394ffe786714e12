package io.vpceni.network;

import java.io.IOException;

/// The node's network could not be changed as requested. The message names the step, the object and the errno.
public final class NetworkFailure extends IOException {

    private static final long serialVersionUID = 1L;

    /// What the caller can do about it. Logged and counted by this name.
    public enum Kind {
        /// The sandbox already has a link with that name. CNI requires an error; another try gives the
        /// same result.
        INTERFACE_EXISTS,
        /// The sandbox has no network namespace of its own: it is the node's. Nothing was changed.
        OWN_NAMESPACE,
        /// The name for our link belongs to a link of another program, which is left alone.
        FOREIGN_LINK,
        /// No link with the ENI's MAC address appeared in time.
        LINK_NOT_FOUND,
        /// Too many tasks are waiting; try again later.
        BUSY,
        /// The kernel refused.
        KERNEL,
        /// The wait ended early (interrupt, time limit, closed): the change may still happen. A wiring
        /// that nobody waits for may still happen and is then undone automatically.
        OUTCOME_UNKNOWN
    }

    private final Kind kind;
    private final String step;

    public NetworkFailure(Kind kind, String step, String detail) {
        super(step + ": " + detail);
        this.kind = kind;
        this.step = step;
    }

    NetworkFailure(Kind kind, String step, IOException cause) {
        super(step + ": " + cause.getMessage(), cause);
        this.kind = kind;
        this.step = step;
    }

    public Kind kind() {
        return kind;
    }

    /// The step that failed, for example `add the rule to the pod`.
    public String step() {
        return step;
    }
}
