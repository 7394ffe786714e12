package io.vpceni.eni.imds;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tracks since when IMDS has not answered, and logs it once. Thread-safe.
///
/// Nothing stops without IMDS: while it does not answer, ipamd uses what it knows.
public final class ImdsHealth implements ImdsMeter {

    private static final Logger log = LoggerFactory.getLogger(ImdsHealth.class);

    /// A single lost answer is not reported.
    static final Duration SPOKEN_OF = Duration.ofSeconds(10);

    private final InstantSource time;

    private final ImdsMeter next;

    private @Nullable Instant badSince;

    private boolean spokenOf;

    /// @param next gets all events as well
    public ImdsHealth(InstantSource time, ImdsMeter next) {
        this.time = time;
        this.next = next;
    }

    /// Since when no request succeeded; empty when the last one did.
    public synchronized Optional<Instant> silentSince() {
        return Optional.ofNullable(badSince);
    }

    @Override
    public void answered(Path path, Outcome outcome, Duration took) {
        switch (outcome) {
            case OK, MISSING -> good();
            case REFUSED, FAILED, SILENT -> bad(outcome);
        }
        next.answered(path, outcome, took);
    }

    @Override
    public void held(Duration wait) {
        next.held(wait);
    }

    private synchronized void good() {
        if (spokenOf && badSince != null) {
            log.atInfo()
                    .addKeyValue(
                            "seconds",
                            Duration.between(badSince, time.instant()).toSeconds())
                    .log("The instance metadata service answers again");
        }
        badSince = null;
        spokenOf = false;
    }

    private synchronized void bad(Outcome outcome) {
        Instant now = time.instant();
        if (badSince == null) {
            badSince = now;
        } else if (!spokenOf && !now.isBefore(badSince.plus(SPOKEN_OF))) {
            spokenOf = true;
            log.atWarn()
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("since", badSince)
                    .log("The instance metadata service does not answer; ipamd goes on with what it read before");
        }
    }
}
