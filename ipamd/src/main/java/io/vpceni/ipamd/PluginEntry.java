package io.vpceni.ipamd;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks every second the files and sockets by which the runtime and the plugin reach ipamd, and creates them again
/// when they are lost.
///
/// While one cannot be created again, ipamd is neither ready nor healthy ([Readiness]), so that the kubelet restarts
/// it.
final class PluginEntry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginEntry.class);

    private static final Duration EVERY = Duration.ofSeconds(1);

    /// A check takes about 1 ms, creating a server some seconds.
    private static final Duration STALLED_AFTER = Duration.ofSeconds(60);

    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    /// One file or socket that must be there.
    interface Gate {
        /// Its name for people, for example `netns.sock`.
        String name();

        /// Whether it exists, is ours, and is served.
        boolean isOpen() throws IOException;

        /// @throws IOException when it cannot be created again; repeated at the next check
        void reopen() throws IOException;
    }

    private final List<Gate> gates;
    private final Runnable others;
    private final Readiness readiness;
    private final Metrics metrics;
    private final LongSupplier nanos;
    private final PeriodicTask rounds;
    private final Set<String> shut = new HashSet<>(); // the thread's
    private volatile long lookedAt;

    /// @param gates in the order in which they are checked
    /// @param others called at each check, to check their own files; must return at once
    PluginEntry(List<Gate> gates, Runnable others, Readiness readiness, Metrics metrics, LongSupplier nanos) {
        this.gates = List.copyOf(gates);
        this.others = others;
        this.readiness = readiness;
        this.metrics = metrics;
        this.nanos = nanos;
        this.rounds = new PeriodicTask(
                Thread.ofPlatform().name("way-in").daemon(true),
                EVERY,
                END_WITHIN,
                PeriodicTask.Ending.FINISHED,
                () -> {
                    look();
                    return true;
                });
        this.lookedAt = nanos.getAsLong();
    }

    void start() {
        lookedAt = nanos.getAsLong();
        var _ = rounds.start();
    }

    /// Whether the checks still run. [Readiness] has what they found.
    boolean isAlive() {
        return rounds.isAlive() && nanos.getAsLong() - lookedAt < STALLED_AFTER.toNanos();
    }

    /// Checks everything once.
    void look() {
        List<String> failures = new ArrayList<>();
        for (Gate gate : gates) {
            try {
                if (!gate.isOpen()) {
                    lost(gate);
                    gate.reopen();
                    log.atInfo()
                            .addKeyValue("what", gate.name())
                            .log("The socket or file was created again; ADDs are served");
                }
                shut.remove(gate.name());
            } catch (IOException | RuntimeException e) {
                if (shut.add(gate.name())) {
                    log.atError()
                            .addKeyValue("what", gate.name())
                            .setCause(e)
                            .log(
                                    "The socket or file cannot be created again, and no ADD is served; ipamd tries again each "
                                            + "second, meanwhile /healthz and /readyz answer 503");
                }
                failures.add(gate.name() + " cannot be created again: " + e.getMessage());
            }
        }
        readiness.addsBlocked(failures.isEmpty() ? "" : "no ADD can come in: " + String.join("; ", failures));
        lookedAt = nanos.getAsLong(); // of the files and sockets; the other checks do not count for health
        others.run();
    }

    private void lost(Gate gate) {
        if (!shut.contains(gate.name())) {
            metrics.remade(gate.name());
            log.atWarn()
                    .addKeyValue("what", gate.name())
                    .log("The socket or file was deleted or is not served any more; ipamd creates it again. Another "
                            + "program deletes ipamd's files, or a second ipamd runs on this node");
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
