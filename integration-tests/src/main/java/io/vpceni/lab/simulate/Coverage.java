package io.vpceni.lab.simulate;

import io.vpceni.pool.AddressState;
import io.vpceni.pool.Effect;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// How often each state, message, effect, record, obstacle and fault occurred.
final class Coverage {
    private final Map<Class<?>, long[]> kinds = new HashMap<>();
    private final long[] states = new long[AddressState.values().length];
    private final long[] obstacles = new long[GrowthObstacle.values().length];
    private final long[] faults = new long[Fault.values().length];

    Coverage() {
        Stream.of(Message.class, Effect.class, JournalRecord.class)
                .flatMap(kind -> leaves(kind).stream())
                .forEach(leaf -> kinds.put(leaf, new long[1]));
    }

    private static List<Class<?>> leaves(Class<?> sealed) {
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            if (kind.isSealed()) {
                all.addAll(leaves(kind));
            } else {
                all.add(kind);
            }
        }
        return all;
    }

    void message(Message message) {
        count(message);
        if (message instanceof Message.RequestFailed failed) {
            obstacles[failed.obstacle().ordinal()]++;
        }
    }

    void effect(Effect effect) {
        count(effect);
    }

    void written(JournalRecord record) {
        count(record);
    }

    void state(AddressState state) {
        states[state.ordinal()]++;
    }

    void fault(Fault fault) {
        faults[fault.ordinal()]++;
    }

    private void count(Object thing) {
        long[] count = kinds.get(thing.getClass());
        if (count == null) {
            throw new IllegalStateException("a kind that nobody knows: " + thing.getClass());
        }
        count[0]++;
    }

    void add(Coverage other) {
        other.kinds.forEach((kind, count) -> kinds.computeIfAbsent(kind, _ -> new long[1])[0] += count[0]);
        add(states, other.states);
        add(obstacles, other.obstacles);
        add(faults, other.faults);
    }

    private static void add(long[] to, long[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    /// By name, as in `message Assign` or `fault crash`.
    SortedMap<String, Long> counts() {
        SortedMap<String, Long> counts = new TreeMap<>();
        kinds.forEach((kind, count) -> counts.put(group(kind) + kind.getSimpleName(), count[0]));
        for (AddressState state : AddressState.values()) {
            counts.put("state " + state, states[state.ordinal()]);
        }
        for (GrowthObstacle obstacle : GrowthObstacle.values()) {
            counts.put("obstacle " + obstacle, obstacles[obstacle.ordinal()]);
        }
        for (Fault fault : Fault.values()) {
            counts.put("fault " + fault, faults[fault.ordinal()]);
        }
        return counts;
    }

    private static String group(Class<?> kind) {
        return Message.class.isAssignableFrom(kind)
                ? "message "
                : Effect.class.isAssignableFrom(kind) ? "effect " : "record ";
    }

    /// What never occurred.
    List<String> missing() {
        return counts().entrySet().stream()
                .filter(entry -> entry.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }
}
