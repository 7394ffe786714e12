package io.vpceni.network;

import io.vpceni.config.MacAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Waits for the links of newly attached ENIs, on the caller's thread. So a link that does not appear delays no
/// other caller. May be called from any thread.
///
/// If a link did not appear in time, later calls only check once: the caller repeats its call.
final class LinkWait {

    /// How often the links are read during a wait.
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /// The link of an attached ENI appears within seconds unless something is broken: 30 s.
    private static final int LOOKS_MAX = 600;

    private final Duration every;
    private final int looksMax;

    /// At most one for each ENI that was without a link since it was detached.
    private final Set<MacAddress> missed = new HashSet<>();

    /// Looks for the link, and uses it.
    @FunctionalInterface
    interface LinkLookup<T> {
        /// @return empty: the link does not exist
        Optional<T> look() throws NetworkFailure;
    }

    LinkWait() {
        this(LOOK_EVERY, LOOKS_MAX);
    }

    /// @param every 1 ms or more
    LinkWait(Duration every, int looksMax) {
        this.every = every;
        this.looksMax = looksMax;
    }

    /// @throws NetworkFailure LINK_NOT_FOUND: it did not appear; OUTCOME_UNKNOWN: the wait was interrupted
    <T> T await(MacAddress mac, LinkLookup<T> look) throws NetworkFailure {
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
                NetworkFailure.Kind.LINK_NOT_FOUND, "find the ENI's link", "no link has the address " + mac);
    }

    /// The ENI is detached. When it is attached again, its link is awaited again.
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
                    NetworkFailure.Kind.OUTCOME_UNKNOWN, "find the ENI's link", "the wait was interrupted");
        }
    }
}
