package io.vpceni.network.drift;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Objects that are broken again and again: somebody else wants them otherwise. Such an object is repaired once a
/// second at most, so that two programs do not keep a processor busy against each other. Times are nanoseconds of one
/// clock.
final class RepairLimiter {

    static final int OFTEN = 3;
    static final Duration WITHIN = Duration.ofSeconds(10);
    static final Duration REST = Duration.ofSeconds(1);

    /// Pods, ENIs and kinds of a full node; beyond it the oldest is forgotten, and then repaired at once.
    private static final int OBJECTS_MAX = 4096;

    private final Map<Object, Deque<Long>> repairs = new LinkedHashMap<>();

    /// When the object may be repaired: now, or later when it was repaired three times within ten seconds.
    long mayRepairAt(Object object, long now) {
        Deque<Long> times = repairs.get(object);
        if (times == null || !isFought(times, now)) {
            return now;
        }
        return Math.max(now, times.getLast() + REST.toNanos());
    }

    /// Several repairs of an object at the same time, as of the two routes of an ENI, are one.
    ///
    /// @return whether this is the one by which it has become a fight
    boolean repaired(Object object, long now) {
        Deque<Long> times = repairs.remove(object);
        if (times == null) {
            times = new ArrayDeque<>();
        }
        boolean before = isFought(times, now);
        if (times.isEmpty() || times.getLast() != now) {
            times.addLast(now);
        }
        if (times.size() > OFTEN) {
            times.removeFirst();
        }
        put(object, times);
        return !before && isFought(times, now);
    }

    /// It was heard of, but not repaired.
    void remember(Object object) {
        Deque<Long> times = repairs.remove(object);
        put(object, times == null ? new ArrayDeque<>() : times);
    }

    /// The one that was heard of last stands last.
    private void put(Object object, Deque<Long> times) {
        repairs.put(object, times);
        if (repairs.size() > OBJECTS_MAX) {
            Iterator<Object> oldest = repairs.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// Whether that object was heard of before, as far as is remembered.
    boolean isKnown(Object object) {
        return repairs.containsKey(object);
    }

    private static boolean isFought(Deque<Long> times, long now) {
        return times.size() >= OFTEN && now - times.getFirst() <= WITHIN.toNanos();
    }
}
