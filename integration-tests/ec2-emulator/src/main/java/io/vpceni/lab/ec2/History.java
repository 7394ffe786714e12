package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.fault.FaultInjector;
import io.vpceni.lab.ec2.model.Ec2State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The account as it was, for views that lag behind. It is copied before a change, and only while something
/// lags.
///
/// Guarded by the account's lock.
final class History {
    private static final int STATES_MAX = 500;

    /// The account as it was from a change (or from the first one that is known of) until the next.
    private record PastState(Instant from, Instant until, Ec2State then) {
        boolean shows(Instant at) {
            return !at.isBefore(from) && at.isBefore(until);
        }

        boolean isNeeded(FaultInjector.Past past, Instant now) {
            return until.isAfter(now.minus(past.longest()))
                    || past.frozen().stream().anyMatch(this::shows);
        }
    }

    private final Ec2State state;
    private final FaultInjector faults;
    private final Deque<PastState> states = new ArrayDeque<>(); // by time, the oldest first

    History(Ec2State state, FaultInjector faults) {
        this.state = state;
        this.faults = faults;
    }

    /// Call it before the account changes.
    void keep() {
        FaultInjector.Past past = faults.past();
        Instant now = state.now();
        if (!past.isNeeded()) {
            states.clear();
            return;
        }
        Instant from = states.isEmpty() ? Instant.MIN : states.getLast().until();
        if (from.isBefore(now)) {
            states.addLast(new PastState(from, now, state.copyAt(() -> now)));
        }
        states.removeIf(old -> !old.isNeeded(past, now));
        while (states.size() > STATES_MAX) {
            states.removeFirst();
        }
    }

    /// A copy of the account as it was, in which time stands still; what was before the first thing kept is
    /// the first thing kept.
    Ec2State asOf(Instant then) {
        List<PastState> later =
                states.stream().filter(old -> then.isBefore(old.until())).toList();
        Ec2State nearest = Optional.of(later)
                .filter(some -> !some.isEmpty())
                .map(some -> some.getFirst().then())
                .orElse(state);
        Ec2State copy = nearest.copyAt(() -> then);
        copy.settle();
        return copy;
    }
}
