package io.vpceni.network;

import io.vpceni.netlink.Links;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jnr.constants.platform.linux.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes links that are not needed any more, many at a time: deleting one link takes the kernel 16 ms, and so
/// does a group of 40.
///
/// Links are identified by index, which the kernel does not reuse. So a link that was wired anew with the same
/// name is never deleted by mistake. A link that disappeared with its namespace is no error.
final class LinkReaper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinkReaper.class);

    private static final Duration EVERY = Duration.ofMillis(500);

    /// More than the number of pods on any node. Beyond it the caller waits for a round.
    private static final int PENDING_MAX = 4096;

    private final KernelThreads<NetlinkSocket> threads;
    private final AltNames altNames;
    private final Thread timer;
    private final Set<Integer> pending = new LinkedHashSet<>();
    private boolean closed;

    /// @param threads one thread, which deletes
    /// @param altNames names that may be free after a deletion
    LinkReaper(KernelThreads<NetlinkSocket> threads, AltNames altNames) {
        this.threads = threads;
        this.altNames = altNames;
        this.timer = Thread.ofPlatform().name("link-reaper-timer").daemon(true).unstarted(this::live);
    }

    void start() {
        timer.start();
    }

    /// Registers a link for deletion.
    void add(int linkIndex) throws NetworkFailure {
        boolean full;
        synchronized (pending) {
            pending.add(linkIndex);
            full = pending.size() >= PENDING_MAX;
            pending.notifyAll();
        }
        if (full) {
            reap();
        }
    }

    /// Deletes all registered links, and waits for it.
    void reap() throws NetworkFailure {
        var _ = threads.call("delete links", socket -> {
            List<Integer> round;
            synchronized (pending) {
                round = new ArrayList<>(pending);
            }
            delete(socket, round);
            synchronized (pending) {
                pending.removeAll(round);
            }
            altNames.give(socket);
            return true;
        });
    }

    private static void delete(NetlinkSocket socket, List<Integer> links) throws NetlinkFailure {
        boolean any = false;
        for (int link : links) {
            any |= socket.requestUnless(Links.setGroup(link, LinkGroups.REAPED), Errno.ENODEV);
        }
        if (any) {
            socket.requestUnless(Links.deleteGroup(LinkGroups.REAPED), Errno.ENODEV);
        }
    }

    private void live() {
        while (awaitPending()) {
            try {
                reap();
            } catch (NetworkFailure e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("kind", e.kind())
                        .log("Links of deleted pods could not be deleted; ipamd tries again");
            }
        }
    }

    /// Waits until a link is registered and a while has passed, so that more may be registered.
    private boolean awaitPending() {
        synchronized (pending) {
            try {
                while (pending.isEmpty() && !closed) {
                    pending.wait();
                }
                for (int rounds = 0; rounds < 1 && !closed; rounds++) {
                    pending.wait(EVERY.toMillis());
                }
            } catch (InterruptedException _) {
                return false; // nobody interrupts this thread but to end it
            }
            return !closed;
        }
    }

    /// Deletes the remaining links. Idempotent.
    @Override
    public void close() {
        synchronized (pending) {
            if (closed) {
                return;
            }
            closed = true;
            pending.notifyAll();
        }
        try {
            reap();
        } catch (NetworkFailure e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("kind", e.kind())
                    .log("Links of deleted pods could not be deleted; the next start of ipamd deletes them");
        }
        threads.close();
    }
}
