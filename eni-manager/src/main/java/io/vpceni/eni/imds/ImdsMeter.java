package io.vpceni.eni.imds;

import java.time.Duration;

/// Is told of every request to IMDS, for the metrics. Must return at once; thread-safe.
public interface ImdsMeter {

    /// Does nothing.
    ImdsMeter NONE = new ImdsMeter() {
        @Override
        public void answered(Path path, Outcome outcome, Duration took) {}

        @Override
        public void held(Duration wait) {}
    };

    /// One request ended.
    ///
    /// @param took duration, without the wait for the request budget
    void answered(Path path, Outcome outcome, Duration took);

    /// A request waited because the node's budget for IMDS was used up.
    void held(Duration wait);

    /// The kind of request. A label value with few values.
    enum Path {
        /// A session token.
        TOKEN,
        /// Values that do not change while the instance runs.
        INSTANCE,
        /// The list of interfaces, or a value of one.
        INTERFACES,
        /// Whether the instance is being terminated.
        ENDING;

        static Path of(String key) {
            if (key.startsWith("network/")) {
                return INTERFACES;
            }
            return key.startsWith("spot/") || key.startsWith("autoscaling/") ? ENDING : INSTANCE;
        }
    }

    /// How it ended. A label value.
    enum Outcome {
        /// With a value.
        OK,
        /// 404: there is no such key.
        MISSING,
        /// 401 or 403: no token, an expired one, or IMDS is disabled.
        REFUSED,
        /// Any other status: too many requests, or a server error.
        FAILED,
        /// No answer in time.
        SILENT
    }
}
