package io.vpceni.network.drift;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Limits repairs of objects that another program changes again and again. Such an object is repaired at most once
/// a second, so that two programs do not keep a CPU busy. Times are nanoseconds of one clock.
final class RepairLimiter {

    static final int OFTEN = 3;
    static final Duration WITHIN = Duration.ofSeconds(10);
    static final Duration REST = Duration.ofSeconds(1);

    /// Pods, ENIs and kinds of a full node. Beyond it the oldest is forgotten, and then repaired at once.
    private static final int OBJECTS_MAX = 4096;

    private final Map<Object, Deque<Long>> repairs = new LinkedHashMap<>();

    /// When the object may be repaired: now, or later if it was repaired three times within ten seconds.
    long mayRepairAt(Object object, long now) {
        Deque<Long> times = repairs.get(object);
        if (times == null || !isFought(times, now)) {
            return now;
        }
        return Math.max(now, times.getLast() + REST.toNanos());
    }

    /// Several repairs of an object at the same time, for example of the two routes of an ENI, count as one.
    ///
    /// @return whether the object is contested from this repair on
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

    /// The object was found different, but not repaired.
    void remember(Object object) {
        Deque<Long> times = repairs.remove(object);
        put(object, times == null ? new ArrayDeque<>() : times);
    }

    /// The most recent object is last.
    private void put(Object object, Deque<Long> times) {
        repairs.put(object, times);
        if (repairs.size() > OBJECTS_MAX) {
            Iterator<Object> oldest = repairs.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// Whether that object was found different before, as far as is remembered.
    boolean isKnown(Object object) {
        return repairs.containsKey(object);
    }

    private static boolean isFought(Deque<Long> times, long now) {
        return times.size() >= OFTEN && now - times.getFirst() <= WITHIN.toNanos();
    }
}
