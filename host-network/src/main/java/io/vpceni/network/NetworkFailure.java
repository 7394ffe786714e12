package io.vpceni.network;

import java.io.IOException;

/// The node's network could not be shaped as asked. The message says at which step, about what, and with which errno.
public final class NetworkFailure extends IOException {

    private static final long serialVersionUID = 1L;

    /// What the caller can do about it. Logged and counted by this name.
    public enum Kind {
        /// The sandbox has a link of that name already: CNI wants an error, and a second try gives the same.
        INTERFACE_EXISTS,
        /// The sandbox has no network namespace of its own: it is the node's. Nothing was changed.
        OWN_NAMESPACE,
        /// A link of the name that is to be ours belongs to someone else; it is left alone.
        FOREIGN_LINK,
        /// No link with the ENI's MAC address appeared in time.
        LINK_NOT_FOUND,
        /// Too much is waiting already; try again later.
        BUSY,
        /// The kernel refused.
        KERNEL,
        /// The wait was cut short (interrupt, time limit, closed): what was asked may still happen.
        /// A wiring that nobody waits for may still happen and is then undone by itself.
        OUTCOME_UNKNOWN
    }

    private final Kind kind;
    private final String step;

    NetworkFailure(Kind kind, String step, String detail) {
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

    /// What was being done, as `add the rule to the pod`.
    public String step() {
        return step;
    }
}
