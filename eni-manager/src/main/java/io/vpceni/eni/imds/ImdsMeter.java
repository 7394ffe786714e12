package io.vpceni.eni.imds;

import java.time.Duration;

/// Hears of every request to IMDS, for the metrics. Must answer at once; thread-safe.
public interface ImdsMeter {

    /// Hears nothing.
    ImdsMeter NONE = new ImdsMeter() {
        @Override
        public void answered(Path path, Outcome outcome, Duration took) {}

        @Override
        public void held(Duration wait) {}
    };

    /// One request ended.
    ///
    /// @param took until its end, without the budget's wait
    void answered(Path path, Outcome outcome, Duration took);

    /// A request waited because the node's budget for IMDS was used up.
    void held(Duration wait);

    /// What was asked for. A label value: there are few.
    enum Path {
        /// A session token.
        TOKEN,
        /// What does not change while the instance runs.
        INSTANCE,
        /// The list of interfaces, or something about one.
        INTERFACES,
        /// Whether the instance is about to end.
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
        /// 404: there is no such key now.
        MISSING,
        /// 401 or 403: no token, an old one, or IMDS is switched off.
        REFUSED,
        /// Any other status: too many requests, or it fails inside.
        FAILED,
        /// No answer in time.
        SILENT
    }
}
