package io.vpceni.lab.ec2.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The faults of one call to EC2.
///
/// @param before how long it waits until something is done
/// @param after how long the answer takes then
/// @param refusalCode of the refusal instead
/// @param loss what is lost on the way
/// @param percent of what an assign call asks for that is given: 1 to 100
/// @param age of the view that a Describe call answers from
/// @param attachDelay and `detachDelay` replace EC2's own
/// @param rules the names of those that hit
public record CallFaults(
        Duration before,
        Duration after,
        Optional<String> refusalCode,
        Loss loss,
        int percent,
        Duration age,
        Optional<Duration> attachDelay,
        Optional<Duration> detachDelay,
        List<String> rules) {
    /// What is lost.
    public enum Loss {
        NOTHING,
        /// The request: nothing is done.
        REQUEST,
        /// The answer: all is done.
        ANSWER
    }

    public CallFaults {
        rules = List.copyOf(rules);
    }

    /// No fault.
    public static CallFaults none() {
        return new Draft().build();
    }

    /// Collects the faults of a call one by one. Of two of a kind the worse one counts.
    static final class Draft {
        private Duration before = Duration.ZERO;
        private Duration after = Duration.ZERO;
        private Optional<String> refusalCode = Optional.empty();
        private Loss loss = Loss.NOTHING;
        private int percent = 100;
        private Duration age = Duration.ZERO;
        private Optional<Duration> attachDelay = Optional.empty();
        private Optional<Duration> detachDelay = Optional.empty();

        void slow(Duration until, Duration then) {
            before = before.plus(until);
            after = after.plus(then);
        }

        void refuse(String code) {
            refusalCode = Optional.of(refusalCode.orElse(code));
        }

        void lose(Loss what) {
            loss = loss == Loss.REQUEST ? loss : what;
        }

        void partial(int given) {
            percent = Math.min(percent, given);
        }

        void lag(Duration old) {
            age = longer(age, old);
        }

        void attach(Duration delay) {
            attachDelay = Optional.of(longer(attachDelay.orElse(Duration.ZERO), delay));
        }

        void detach(Duration delay) {
            detachDelay = Optional.of(longer(detachDelay.orElse(Duration.ZERO), delay));
        }

        CallFaults build(List<String> rules) {
            return new CallFaults(before, after, refusalCode, loss, percent, age, attachDelay, detachDelay, rules);
        }

        CallFaults build() {
            return build(List.of());
        }
    }

    static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
