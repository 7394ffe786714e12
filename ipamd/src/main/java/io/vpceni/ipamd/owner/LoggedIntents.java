package io.vpceni.ipamd.owner;

import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.ipamd.observe.Metrics;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Intents whose failed writes are counted each time and logged once a minute. Confined to the owner's thread.
public final class LoggedIntents implements EniLoop.Intents {
    private static final Logger log = LoggerFactory.getLogger(EniLoop.class);
    private static final Duration LOG_EVERY = Duration.ofMinutes(1);

    private final EniLoop.Intents intents;
    private final Path directory;
    private final Metrics metrics;
    private final InstantSource time;
    private @Nullable Instant loggedAt;
    private long failures;

    /// @param intents writes them
    /// @param directory of their file
    public LoggedIntents(EniLoop.Intents intents, Path directory, Metrics metrics, InstantSource time) {
        this.intents = intents;
        this.directory = directory;
        this.metrics = metrics;
        this.time = time;
    }

    @Override
    public boolean restoreIfLost() throws IOException {
        try {
            boolean restored = intents.restoreIfLost();
            if (restored) {
                metrics.remade("eni.intents");
                log.atWarn()
                        .log("Another program deleted or replaced the file of intents; ipamd has written it again in "
                                + "full");
            }
            return restored;
        } catch (IOException e) {
            failed(e);
            throw e;
        }
    }

    @Override
    public void append(List<Intent> some) throws IOException {
        try {
            intents.append(some);
        } catch (IOException e) {
            failed(e);
            throw new IOException(e.getMessage() + remedy(e), e);
        }
        if (failures > 0) {
            log.atInfo().addKeyValue("failures", failures).log("Intents can be written again");
            failures = 0;
            loggedAt = null;
        }
    }

    private String remedy(IOException e) {
        String where = " in " + directory + " (VPC_ENI_STATE_DIRECTORY)";
        return e instanceof FileAlreadyExistsException
                ? where
                : where + ": is its disk full or read-only? Free space there";
    }

    private void failed(IOException e) {
        failures++;
        metrics.error("intents");
        Instant now = time.instant();
        if (loggedAt == null || !loggedAt.plus(LOG_EVERY).isAfter(now)) {
            loggedAt = now;
            log.atError()
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("failures", failures)
                    .log("Intents cannot be written: no ENI is created, changed or deleted");
        }
    }
}
