package io.vpceni.ipamd.observe;

import io.vpceni.pool.AddressState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Formats that all explanations share.
final class ExplanationText {
    private ExplanationText() {}

    /// The moment, and how long ago it was in hours, minutes and seconds.
    static String since(Instant since, Instant now) {
        Duration age = Duration.between(since, now).truncatedTo(ChronoUnit.SECONDS);
        return text(since) + " ("
                + (age.isNegative() ? Duration.ZERO : age)
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT) + ")";
    }

    /// To the second.
    static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String name(AddressState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
