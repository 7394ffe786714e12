package io.vpceni.network;

import io.vpceni.config.MacAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Waits for links of ENIs that were just attached, on the thread of who wants them: nobody else waits for a link that
/// does not come. From any thread.
///
/// One that did not come in time is not waited for again, only looked for: who wants it asks again and again.
final class LinkWait {

    /// How often the links are read while one is awaited.
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /// An attached ENI's link shows within seconds, or something is broken: 30 s.
    private static final int LOOKS_MAX = 600;

    private final Duration every;
    private final int looksMax;

    /// No more of them than the node has had ENIs without a link since they were detached.
    private final Set<MacAddress> missed = new HashSet<>();

    /// Looks for the link, and does with it what it is wanted for.
    @FunctionalInterface
    interface Look<T> {
        /// @return empty: the link is not there
        Optional<T> look() throws NetworkFailure;
    }

    LinkWait() {
        this(LOOK_EVERY, LOOKS_MAX);
    }

    /// @param every 1 ms at least
    LinkWait(Duration every, int looksMax) {
        this.every = every;
        this.looksMax = looksMax;
    }

    /// @throws NetworkFailure LINK_NOT_FOUND: it did not come; OUTCOME_UNKNOWN: the wait was interrupted
    <T> T await(MacAddress mac, Look<T> look) throws NetworkFailure {
        int looks = wasMissed(mac) ? 1 : looksMax;
        for (int done = 1; done <= looks; done++) {
            Optional<T> found = look.look();
            if (found.isPresent()) {
                forget(mac);
                return found.get();
            }
            if (done < looks) {
                pause();
            }
        }
        miss(mac);
        throw new NetworkFailure(
                NetworkFailure.Kind.LINK_NOT_FOUND, "look for the ENI's link", "no link has the address " + mac);
    }

    /// The ENI is detached; when it comes back its link is waited for.
    synchronized void forget(MacAddress mac) {
        missed.remove(mac);
    }

    private synchronized boolean wasMissed(MacAddress mac) {
        return missed.contains(mac);
    }

    private synchronized void miss(MacAddress mac) {
        missed.add(mac);
    }

    @SuppressWarnings("WaitNotInLoop") // woken early, it looks early
    private synchronized void pause() throws NetworkFailure {
        try {
            wait(every.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkFailure(
                    NetworkFailure.Kind.OUTCOME_UNKNOWN, "look for the ENI's link", "the wait was interrupted");
        }
    }
}
