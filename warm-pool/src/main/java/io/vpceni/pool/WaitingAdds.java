package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The ADDs that wait for an address: first come, first served, and none beyond its deadline.
final class WaitingAdds {

    /// More than four ADDs for each pod that the largest node can hold; beyond it an ADD fails at once.
    static final int COUNT_MAX = 4096;

    /// @param place in the queue
    record WaitingAdd(long place, long ticket, AttachmentKey key, PodName pod, Instant since, Instant deadline) {}

    private static final Comparator<WaitingAdd> BY_DEADLINE =
            Comparator.comparing(WaitingAdd::deadline).thenComparingLong(WaitingAdd::place);

    private final NavigableMap<Long, WaitingAdd> queue = new TreeMap<>();
    private final NavigableSet<WaitingAdd> byDeadline = new TreeSet<>(BY_DEADLINE);
    private final NavigableMap<AttachmentKey, List<WaitingAdd>> byKey = new TreeMap<>();
    private long nextPlace = 1;

    void join(Message.Assign add, Instant now) {
        WaitingAdd waiting = new WaitingAdd(nextPlace++, add.ticket(), add.key(), add.pod(), now, add.deadline());
        queue.put(waiting.place(), waiting);
        byDeadline.add(waiting);
        byKey.computeIfAbsent(waiting.key(), key -> new ArrayList<>(1)).add(waiting);
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    boolean isFull() {
        return queue.size() >= COUNT_MAX;
    }

    /// ADDs that wait.
    int count() {
        return queue.size();
    }

    /// Addresses that would satisfy them all: a key that asks twice needs one.
    int addressesWanted() {
        return byKey.size();
    }

    /// Who is served next.
    ///
    /// @throws IllegalStateException when nobody waits
    WaitingAdd first() {
        if (queue.isEmpty()) {
            throw new IllegalStateException("nobody waits");
        }
        return queue.firstEntry().getValue();
    }

    /// The greatest ticket of those that wait for this key.
    ///
    /// @throws IllegalStateException when none waits
    long latestTicket(AttachmentKey key) {
        return byKey.getOrDefault(key, List.of()).stream()
                .mapToLong(WaitingAdd::ticket)
                .max()
                .orElseThrow(() -> new IllegalStateException("nobody waits for " + key));
    }

    /// Takes away all that wait for this key, in the order in which they came.
    List<WaitingAdd> remove(AttachmentKey key) {
        return removeBefore(Long.MAX_VALUE, key);
    }

    /// Takes away those that wait for this key with a smaller ticket, in the order in which they came.
    List<WaitingAdd> removeBefore(long ticket, AttachmentKey key) {
        List<WaitingAdd> sameKey = byKey.getOrDefault(key, List.of());
        List<WaitingAdd> leaving =
                sameKey.stream().filter(waiting -> waiting.ticket() < ticket).toList();
        if (leaving.size() == sameKey.size()) {
            byKey.remove(key);
        } else {
            sameKey.removeAll(leaving);
        }
        for (WaitingAdd waiting : leaving) {
            queue.remove(waiting.place());
            byDeadline.remove(waiting);
        }
        return leaving;
    }

    /// Takes away the next whose deadline is before `end`.
    Optional<WaitingAdd> removeDueBefore(Instant end) {
        if (byDeadline.isEmpty() || !byDeadline.first().deadline().isBefore(end)) {
            return Optional.empty();
        }
        WaitingAdd due = byDeadline.removeFirst();
        queue.remove(due.place());
        List<WaitingAdd> sameKey = byKey.getOrDefault(due.key(), List.of());
        if (sameKey.size() > 1) {
            sameKey.remove(due);
        } else {
            byKey.remove(due.key());
        }
        return Optional.of(due);
    }

    Optional<Instant> earliestDeadline() {
        return byDeadline.isEmpty()
                ? Optional.empty()
                : Optional.of(byDeadline.first().deadline());
    }
}
