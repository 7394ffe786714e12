package io.vpceni.ipamd;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.netlink.ForeignDatagrams;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts netlink messages that other processes send to ipamd as if they were the kernel. Logs once for each burst,
/// which ends when a check finds no new ones.
final class ForgedNetlinkReports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ForgedNetlinkReports.class);

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    private final Supplier<ForeignDatagrams.Seen> source;
    private final Metrics metrics;
    private final PeriodicTask rounds;
    private long counted;
    private boolean burst;

    /// Checks only when [#look] is called.
    ForgedNetlinkReports(Supplier<ForeignDatagrams.Seen> source, Metrics metrics) {
        this.source = source;
        this.metrics = metrics;
        this.rounds = new PeriodicTask(
                Thread.ofVirtual().name("foreign-messages"), EVERY, STOP_MAX, PeriodicTask.Ending.INTERRUPTED, () -> {
                    look();
                    return true;
                });
    }

    static ForgedNetlinkReports start(Supplier<ForeignDatagrams.Seen> source, Metrics metrics) {
        ForgedNetlinkReports messages = new ForgedNetlinkReports(source, metrics);
        var _ = messages.rounds.start();
        return messages;
    }

    /// On one thread.
    void look() {
        ForeignDatagrams.Seen seen = source.get();
        long more = seen.count() - counted;
        counted = seen.count();
        if (more > 0) {
            metrics.foreignDatagrams(more);
            if (!burst) {
                say(more, seen.lastSender());
            }
        }
        burst = more > 0;
    }

    private static void say(long more, int sender) {
        log.atWarn()
                .addKeyValue("messages", more)
                .addKeyValue("portId", Integer.toUnsignedString(sender))
                .log("A process with CAP_NET_ADMIN sends netlink messages to ipamd as if it were the kernel; "
                        + "they are discarded and counted (vpceni_netlink_foreign_datagrams_total). Its port id is "
                        + "usually its process id; /proc/net/netlink of the node's or the pod's network namespace "
                        + "lists it");
    }

    @Override
    public void close() {
        rounds.close();
    }
}
