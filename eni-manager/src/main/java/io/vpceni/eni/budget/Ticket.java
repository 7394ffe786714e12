package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.life.Priority;
import java.time.Instant;
import java.util.Comparator;

/// A call at the desk.
///
/// @param submittedAt when it was handed in; it keeps that when it is tried again
/// @param place when it would have come if it had nobody to let pass: the earliest goes first
/// @param attempts how often it left, or will have left once it has left this time
/// @param notBefore it rests until then
record Ticket(
        long call,
        Ec2Call what,
        Priority priority,
        Instant submittedAt,
        Instant place,
        int attempts,
        Instant notBefore) {

    static final Comparator<Ticket> FIRST_IN_LINE =
            Comparator.comparing(Ticket::place).thenComparingLong(Ticket::call);

    static final Comparator<Ticket> FIRST_RESTED =
            Comparator.comparing(Ticket::notBefore).thenComparingLong(Ticket::call);

    Ticket again(Instant from) {
        return new Ticket(call, what, priority, submittedAt, place, attempts + 1, from);
    }
}
