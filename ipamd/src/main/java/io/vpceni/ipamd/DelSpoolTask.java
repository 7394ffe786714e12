package io.vpceni.ipamd;

import io.vpceni.ipamd.cni.DelSpoolReader;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out the DELs that the plugin kept while ipamd was down: once before ipamd serves, so that an ADD of the same
/// sandbox comes after its DEL, and then each second, because a plugin that did not reach ipamd may leave its DEL when
/// ipamd has looked already.
final class DelSpoolTask implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DelSpoolTask.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(3);

    private final DaemonContext context;
    private final DelSpoolReader spool;
    private final PeriodicTask rounds;

    /// @param dels carries one out
    /// @throws IOException when the boot id cannot be read
    DelSpoolTask(DaemonContext context, DelSpoolReader.Dels dels) throws IOException {
        this.context = context;
        this.spool = new DelSpoolReader(
                context.settings().daemon().socket(),
                context.bootId(),
                dels,
                context.metrics(),
                () -> context.stop().getCount() == 0,
                context.time(),
                context.nanos());
        this.rounds = new PeriodicTask(
                Thread.ofPlatform().name("del-spool").daemon(true),
                EVERY,
                END_WITHIN,
                PeriodicTask.Ending.FINISHED,
                () -> {
                    carryOut();
                    return true;
                });
    }

    /// The first time on this thread, then on one of its own.
    DelSpoolTask start() {
        carryOut();
        var _ = rounds.start();
        return this;
    }

    private void carryOut() {
        long began = context.nanos().getAsLong();
        int count = spool.carryOut();
        if (count > 0) {
            log.atInfo()
                    .addKeyValue("dels", count)
                    .addKeyValue("took", Duration.ofNanos(context.nanos().getAsLong() - began))
                    .log("Carried out the DELs that the plugin kept while ipamd was down");
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
