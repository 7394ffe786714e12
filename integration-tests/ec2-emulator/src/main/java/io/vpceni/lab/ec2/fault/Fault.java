package io.vpceni.lab.ec2.fault;

import java.time.Duration;

/// A kind of fault. Durations are not negative; a range goes from its shorter to its longer end.
public sealed interface Fault {
    /// Its name on the command line, in JSON and in totals.
    String kind();

    /// What happens to a call to EC2.
    sealed interface OfCall extends Fault {}

    /// What happens to a request to a metadata service.
    sealed interface OfMetadata extends Fault {}

    /// EC2 refuses the call with this error code, before it does anything.
    record Refuse(String code) implements OfCall {
        public Refuse {
            if (!code.matches("[A-Za-z][A-Za-z0-9.]{0,79}")) {
                throw new IllegalArgumentException("code '" + code + "': want one such as RequestLimitExceeded");
            }
        }

        @Override
        public String kind() {
            return "refuse";
        }
    }

    /// The answer takes that long; what it tells of is done at some point of that time.
    record Slow(DurationRange span) implements OfCall {
        @Override
        public String kind() {
            return "slow";
        }
    }

    /// The connection dies without an answer, and nothing was done.
    record LoseRequest() implements OfCall {
        @Override
        public String kind() {
            return "lose-request";
        }
    }

    /// The connection dies without an answer, after all was done.
    record LoseAnswer() implements OfCall {
        @Override
        public String kind() {
            return "lose-answer";
        }
    }

    /// An assign call for several addresses or prefixes gives only some, at least one, and says which.
    ///
    /// @param percent 1 to 99, of what was asked for
    record Partial(int percent) implements OfCall {
        public Partial {
            if (percent < 1 || percent > 99) {
                throw new IllegalArgumentException("percent " + percent + ": want 1 to 99");
            }
        }

        @Override
        public String kind() {
            return "partial";
        }
    }

    /// Describe calls answer as they would have some time ago. What happened before the rule was there is
    /// not undone.
    record StaleView(Duration age) implements OfCall {
        public StaleView {
            DurationRange.refuseNegative(age);
        }

        @Override
        public String kind() {
            return "lag";
        }
    }

    /// From AttachNetworkInterface to `attached` it takes that long, not what the delays say.
    record AttachDelay(DurationRange span) implements OfCall {
        @Override
        public String kind() {
            return "attach-delay";
        }
    }

    /// From DetachNetworkInterface to `available` it takes that long, not what the delays say.
    record DetachDelay(DurationRange span) implements OfCall {
        @Override
        public String kind() {
            return "detach-delay";
        }
    }

    /// From `attached` to the device in the node it takes that much longer.
    record LinkDelay(DurationRange span) implements Fault {
        @Override
        public String kind() {
            return "link-delay";
        }
    }

    /// Another client of the account uses up this part of each token bucket.
    ///
    /// @param share 0 to 1
    record OtherClient(double share) implements Fault {
        public OtherClient {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share " + share + ": want 0 to 1");
            }
        }

        @Override
        public String kind() {
            return "other-client";
        }
    }

    /// The metadata service answers with this HTTP status; 401 only to what brings a token.
    ///
    /// @param status 400 to 599
    record ImdsStatus(int status) implements OfMetadata {
        public ImdsStatus {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status " + status + ": want 400 to 599");
            }
        }

        @Override
        public String kind() {
            return "imds-status";
        }
    }

    /// The metadata service takes a request and says nothing for that long, then hangs up.
    record ImdsTimeout(Duration silence) implements OfMetadata {
        public ImdsTimeout {
            DurationRange.refuseNegative(silence);
        }

        @Override
        public String kind() {
            return "imds-timeout";
        }
    }

    /// The metadata service hangs up on whoever asks.
    record ImdsDown() implements OfMetadata {
        @Override
        public String kind() {
            return "imds-down";
        }
    }

    /// The metadata service shows the instance as it was some time ago.
    record ImdsLag(Duration age) implements OfMetadata {
        public ImdsLag {
            DurationRange.refuseNegative(age);
        }

        @Override
        public String kind() {
            return "imds-lag";
        }
    }

    /// The metadata service goes on showing the instance as it was when the rule came.
    record ImdsStale() implements OfMetadata {
        @Override
        public String kind() {
            return "imds-stale";
        }
    }
}
