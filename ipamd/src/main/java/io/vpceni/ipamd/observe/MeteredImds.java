package io.vpceni.ipamd.observe;

import io.vpceni.eni.imds.ImdsMeter;
import java.time.Duration;
import java.util.Locale;

/// Counts requests to IMDS in the metrics.
///
/// @param metrics where they are counted
public record MeteredImds(Metrics metrics) implements ImdsMeter {
    @Override
    public void answered(Path path, Outcome outcome, Duration took) {
        metrics.imdsRequest(label(path), label(outcome));
    }

    @Override
    public void held(Duration wait) {
        metrics.imdsHeld();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
