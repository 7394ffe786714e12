package io.vpceni.network.drift;

import io.vpceni.config.Backoff;
import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.KernelEvents;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.network.drift.Repair.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that keeps the kernel in its desired state.
///
/// An event that this process did not cause triggers a check once the burst of events is over, and differences are
/// repaired at once. Without events there is one check every thirty seconds.
public final class DriftWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /// Between two attempts of what failed; about the time between two checks at most.
    private static final Backoff PAUSES = Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(32));

    /// A node that starts pods has thousands of events a second; the socket buffers those of half a second.
    private static final Duration REST = Duration.ofMillis(20);

    private final DriftSubject subject;
    private final DriftListener listener;
    private final KernelEvents events;
    private final NetlinkSocket socket;
    private final LongSupplier nanos;
    private final Debounce debounce;
    private final RepairLimiter limiter = new RepairLimiter();
    private final RepairRun run;
    private final DriftLog log;
    private final LostEnis lostEnis;
    private final Thread thread;

    private final TableChecks tableChecks;

    private int failures;
    private int tableFailures;
    private int refusedLooks;
    private boolean firewallUnread;
    private volatile boolean closed;

    private record ObjectOfKind(DriftKind kind, String object) {}

    private DriftWatch(
            DriftSubject subject,
            DriftListener listener,
            KernelEvents events,
            NetlinkSocket socket,
            LongSupplier nanos) {
        this.subject = subject;
        this.listener = listener;
        this.events = events;
        this.socket = socket;
        this.nanos = nanos;
        this.debounce = new Debounce(nanos.getAsLong());
        this.tableChecks = new TableChecks(nanos.getAsLong());
        this.run = new RepairRun(socket, subject);
        this.log = new DriftLog(listener);
        this.lostEnis = new LostEnis(listener);
        this.thread = Thread.ofPlatform().name("drift-watch").daemon(true).unstarted(this::live);
    }

    /// Checks at once, and whenever something changes. In the calling thread's namespace; platform threads
    /// only.
    ///
    /// @param foreign counts messages that are not from the kernel
    /// @param nanos a monotonic time in nanoseconds
    public static DriftWatch start(
            DriftSubject subject, DriftListener listener, ForeignDatagrams foreign, LongSupplier nanos)
            throws NetlinkFailure {
        KernelEvents events = KernelEvents.open(foreign);
        try {
            DriftWatch watch = new DriftWatch(subject, listener, events, NetlinkSocket.open(foreign), nanos);
            watch.debounce.changed(nanos.getAsLong());
            watch.thread.start();
            return watch;
        } catch (NetlinkFailure e) {
            events.close();
            throw e;
        }
    }

    /// Why no packets leave by that ENI; empty: no problem is known. May be called from any thread.
    public Optional<String> lost(DesiredEni eni) {
        return lostEnis.reason(eni);
    }

    private void live() {
        try (events;
                socket) {
            while (!closed) {
                try {
                    turn();
                    failures = 0;
                } catch (IOException | RuntimeException e) {
                    failed(e);
                }
            }
        }
    }

    private void turn() throws IOException {
        Duration wait = untilNext();
        // Rounded up: the kernel waits in milliseconds, and a wait of none would turn in a circle.
        List<KernelEvent> happened = wait.isZero() ? List.of() : events.await(wait.plusNanos(999_999));
        if (closed) {
            return;
        }
        if (!hear(happened) && !happened.isEmpty()) {
            events.rest(REST); // pods come and go: a few looks at what the kernel says of it are enough
        }
        if (debounce.untilLook(nanos.getAsLong()).isZero()) {
            debounce.looks(nanos.getAsLong());
            look();
        }
        if (tableChecks.isDue(nanos.getAsLong())) {
            checkTables();
            checkFirewall();
        }
    }

    /// Checked together with the tables, because a firewall's transactions are another program's.
    private void checkFirewall() {
        try {
            listener.forwardDrops(subject.forwardDrops());
            firewallUnread = false;
        } catch (IOException | RuntimeException e) {
            if (!firewallUnread) {
                firewallUnread = true;
                LOG.warn(
                        "The node's firewall could not be read, so ipamd does not know whether it drops pods' "
                                + "packets; ipamd keeps retrying",
                        e);
            }
        }
    }

    /// nftables has its own thread, so its failures do not stop the repair of rules and routes.
    private void checkTables() {
        long began = nanos.getAsLong();
        try {
            log.tables(subject.repairTables());
            tableChecks.done(began, nanos.getAsLong());
            tableFailures = 0;
        } catch (IOException | RuntimeException e) {
            tableFailures++;
            tableChecks.failed(nanos.getAsLong(), PAUSES.delay(tableFailures));
            if (tableFailures == 1) {
                LOG.warn("The nftables tables could not be compared or replaced; ipamd keeps retrying", e);
            }
        }
    }

    private Duration untilNext() {
        long now = nanos.getAsLong();
        Duration look = debounce.untilLook(now);
        Duration tables = Duration.ofNanos(Math.max(0, tableChecks.dueAt() - now));
        return look.compareTo(tables) < 0 ? look : tables;
    }

    private void failed(Exception e) {
        failures++;
        if (failures == 1) {
            LOG.warn("The kernel's state could not be read or repaired; ipamd keeps retrying", e);
        }
        Duration pause = PAUSES.delay(failures);
        debounce.changed(nanos.getAsLong());
        try {
            synchronized (this) {
                for (int rounds = 0; rounds < 1 && !closed; rounds++) {
                    wait(pause.toMillis());
                }
            }
        } catch (InterruptedException _) {
            closed = true; // nobody interrupts this thread but to end it
        }
    }

    /// @return whether any of the events may matter
    private boolean hear(List<KernelEvent> happened) {
        boolean any = false;
        for (KernelEvent event : happened) {
            if (!isOwn(event) && matters(event)) {
                if (event instanceof KernelEvent.NftGeneration || event instanceof KernelEvent.Lost) {
                    tableChecks.changed(nanos.getAsLong());
                }
                any |= !(event instanceof KernelEvent.NftGeneration);
            }
        }
        if (any) {
            debounce.changed(nanos.getAsLong());
        }
        return any;
    }

    private boolean isOwn(KernelEvent event) {
        boolean ofThis = event.port() == socket.port() && !(event instanceof KernelEvent.NftGeneration);
        return ofThis || subject.isOwn(event);
    }

    /// Links of pods are added and deleted all the time, and the kernel does not always report who did it. So
    /// only events that differ from the desired state matter.
    private boolean matters(KernelEvent event) {
        return switch (event) {
            case KernelEvent.LinkIs(int _, var state) -> {
                DesiredState wanted = subject.wantedOn(state.link().index());
                yield DriftCheck.differs(wanted, state)
                        || wanted.enis().stream().anyMatch(eni -> lostEnis.isNews(eni, state));
            }
            case KernelEvent.LinkGone(int _, int index) ->
                !subject.wantedOn(index).enis().isEmpty();
            case KernelEvent.SettingsAre(int _, int index, var settings) ->
                DriftCheck.differs(subject.wantedOn(index), settings);
            case KernelEvent.Changed _, KernelEvent.NftGeneration _, KernelEvent.Lost _ -> true;
        };
    }

    private void look() throws IOException {
        long began = nanos.getAsLong();
        DesiredState before = subject.wanted();
        ActualState found = ActualState.look(socket);
        DesiredState wanted = before.and(subject.wanted());
        Map<DesiredEni, String> refusals = repair(DriftCheck.of(wanted, found));
        for (DesiredEni eni : wanted.enis()) {
            debounce.againAt(lostEnis.looked(eni, found, Optional.ofNullable(refusals.get(eni)), nanos.getAsLong()));
        }
        listener.checked();
        log.flush(Duration.ofNanos(nanos.getAsLong() - began));
    }

    /// @return why an ENI's link could not be repaired
    private Map<DesiredEni, String> repair(List<Repair> repairs) throws IOException {
        long now = nanos.getAsLong();
        List<Repair> due = new ArrayList<>();
        for (Repair repair : repairs) {
            long at = limiter.mayRepairAt(identity(repair), now);
            if (at > now) {
                debounce.againAt(at);
            } else if (repair.requests().isEmpty()) {
                log.left(repair, "", !limiter.isKnown(identity(repair)));
                limiter.remember(identity(repair));
            } else {
                due.add(repair);
            }
        }
        boolean refused = false;
        Map<DesiredEni, String> refusals = new LinkedHashMap<>();
        Map<ObjectOfKind, Boolean> seen = new HashMap<>();
        for (RepairRun.Outcome outcome : run.carryOut(due)) {
            Repair repair = outcome.repair();
            boolean first = seen.putIfAbsent(identity(repair), true) == null && !limiter.isKnown(identity(repair));
            if (outcome.refusal().isEmpty()) {
                log.repaired(repair, first);
                if (limiter.repaired(identity(repair), now)) {
                    log.fight(repair);
                }
            } else {
                String reason = String.valueOf(outcome.refusal().get().getMessage());
                log.left(repair, reason, first);
                limiter.remember(identity(repair));
                refused = true;
                if (repair.owner().orElse(null) instanceof Owner.OfEni(DesiredEni eni)) {
                    refusals.putIfAbsent(eni, reason);
                }
            }
        }
        refusedLooks = refused ? refusedLooks + 1 : 0;
        if (refused) {
            debounce.againAt(now + PAUSES.delay(refusedLooks).toNanos());
        }
        return refusals;
    }

    private static ObjectOfKind identity(Repair repair) {
        return new ObjectOfKind(repair.kind(), repair.object());
    }

    /// Ends the thread. Repairs stay in force. Idempotent.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        events.wake();
        synchronized (this) {
            notifyAll();
        }
        try {
            if (!thread.join(STOP_MAX)) {
                LOG.warn("The thread that repairs drift did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
