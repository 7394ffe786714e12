package io.vpceni.ipamd.owner;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Notice;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the pool owner's events to the log and the metrics. A journal that cannot be written is counted each time and
/// logged once a minute. Confined to the owner's thread.
public final class PoolEventLog implements PoolLoop.Reports {
    private static final Logger log = LoggerFactory.getLogger(PoolLoop.class);
    private static final Duration LOG_EVERY = Duration.ofMinutes(1);

    private final Metrics metrics;
    private final Readiness readiness;
    private final Consumer<Notice> notices;
    private final Path journal;
    private @Nullable Instant loggedAt;
    private long failures;

    /// @param notices gets the notices for operators
    /// @param journal its path
    public PoolEventLog(Metrics metrics, Readiness readiness, Consumer<Notice> notices, Path journal) {
        this.metrics = metrics;
        this.readiness = readiness;
        this.notices = notices;
        this.journal = journal;
    }

    @Override
    public void noticed(PoolNotice notice) {
        notices.accept(Notice.of(notice));
    }

    @Override
    public void unwritten(IOException cause, Instant now) {
        metrics.journalError();
        unwritable(cause, now);
    }

    @Override
    public void unwritable(IOException cause, Instant now) {
        failures++;
        String question = cause instanceof FileAlreadyExistsException ? "" : "is its disk full or read-only? ";
        readiness.unwritable("the journal " + journal + " cannot be written (" + cause.getMessage()
                + "), so no pod gets an address; " + question + "ipamd tries again each second");
        if (loggedAt == null || !loggedAt.plus(LOG_EVERY).isAfter(now)) {
            loggedAt = now;
            log.atError()
                    .addKeyValue("file", journal)
                    .addKeyValue("reason", cause.getMessage())
                    .addKeyValue("failures", failures)
                    .log("The journal cannot be written: pods get no addresses, and none is returned to EC2");
        }
    }

    @Override
    public void restored() {
        metrics.remade("pool.journal");
        log.atWarn().log("Another program deleted or replaced the journal; ipamd has written it again in full");
    }

    @Override
    public void written(Instant now) {
        if (failures > 0) {
            readiness.unwritable("");
            log.atInfo().addKeyValue("failures", failures).log("The journal can be written again");
            failures = 0;
            loggedAt = null;
        }
    }
}
