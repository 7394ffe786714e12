package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Instant;
import java.util.Comparator;

/// A call that waits to be sent.
///
/// @param submittedAt first submission; retries keep it
/// @param turn sort key: submission plus [PriorityRules#deferBy]; the earliest is sent first
/// @param attempts number of the attempt that comes next; 1 or more
/// @param notBefore end of its retry delay
record QueuedCall(
        long call,
        Ec2Call<?> what,
        Priority priority,
        Instant submittedAt,
        Instant turn,
        int attempts,
        Instant notBefore) {

    static final Comparator<QueuedCall> BY_TURN =
            Comparator.comparing(QueuedCall::turn).thenComparingLong(QueuedCall::call);

    static final Comparator<QueuedCall> BY_READY_TIME =
            Comparator.comparing(QueuedCall::notBefore).thenComparingLong(QueuedCall::call);

    QueuedCall again(Instant from) {
        return new QueuedCall(call, what, priority, submittedAt, turn, attempts + 1, from);
    }
}
