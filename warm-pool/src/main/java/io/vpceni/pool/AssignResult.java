package io.vpceni.pool;

/// What became of an ADD.
public sealed interface AssignResult {

    /// It has this address from now on.
    record Assigned(Assignment assignment) implements AssignResult {}

    /// It had this address already: the same key asked before. Whoever asked first answers for it.
    record AlreadyAssigned(Assignment assignment) implements AssignResult {}

    /// There was none before its deadline.
    ///
    /// @param reason why, and what to do about it: a sentence for the pod's event
    /// @param growing whether more are to come and nothing is known to be wrong: then `reason` does not say what to
    ///     do, for whoever watches EC2 may know more
    record NoAddress(String reason, boolean growing) implements AssignResult {

        public NoAddress(String reason) {
            this(reason, false);
        }
    }

    /// A DEL of the same key overtook it.
    record Cancelled() implements AssignResult {}
}
