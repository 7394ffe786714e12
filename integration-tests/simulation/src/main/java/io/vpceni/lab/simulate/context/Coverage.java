package io.vpceni.lab.simulate.context;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How often each state, message, effect, record, error and fault occurred.
public final class Coverage {
    /// Intents that a call follows.
    private static final List<Class<?>> STEPS = List.of(
            Intent.Creating.class,
            Intent.Attaching.class,
            Intent.SettingDeleteOnTermination.class,
            Intent.Undoing.class,
            Intent.Detaching.class,
            Intent.Deleting.class);

    private final Map<Class<?>, long[]> kinds = new HashMap<>();
    private final Map<AddressState, long[]> states = zeros(AddressState.class);
    private final Map<AllocationError, long[]> errors = zeros(AllocationError.class);
    private final Map<SimulatedFault, long[]> faults = zeros(SimulatedFault.class);

    private final Map<Ec2Action, long[]> actions = zeros(Ec2Action.class);
    private final Map<EniNotice.Kind, long[]> notices = zeros(EniNotice.Kind.class);

    /// By the fault that killed ipamd and the intent at which it did.
    private final Map<String, long[]> crashes = new TreeMap<>();

    public Coverage() {
        actions.remove(Ec2Action.DESCRIBE_INSTANCE_TYPES); // asked before there is a machine of ENIs
        actions.remove(Ec2Action.UNASSIGN_IPV6_ADDRESSES); // a node has one IPv6 prefix and keeps it
        for (Class<?> intent : leaves(Intent.class)) {
            crashes.put(crashName(SimulatedFault.CRASH_BEFORE_INTENT, intent), new long[1]);
            crashes.put(crashName(SimulatedFault.CRASH_AFTER_INTENT, intent), new long[1]);
        }
        for (Class<?> step : STEPS) {
            crashes.put(crashName(SimulatedFault.CRASH_AFTER_CALL, step), new long[1]);
            crashes.put(crashName(SimulatedFault.CRASH_AFTER_ANSWER, step), new long[1]);
        }
        Stream.of(Message.class, Effect.class, JournalRecord.class, Intent.class, EniMessage.class)
                .flatMap(kind -> leaves(kind).stream())
                .forEach(leaf -> kinds.put(leaf, new long[1]));
    }

    private static <E extends Enum<E>> Map<E, long[]> zeros(Class<E> kind) {
        Map<E, long[]> zeros = new EnumMap<>(kind);
        for (E value : EnumSet.allOf(kind)) {
            zeros.put(value, new long[1]);
        }
        return zeros;
    }

    private static void one(long @Nullable [] count, Object thing) {
        if (count == null) {
            throw new IllegalStateException("a kind that nobody knows: " + thing);
        }
        count[0]++;
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

    public void message(Message message) {
        count(message);
        if (message instanceof Message.RequestFailed failed) {
            one(errors.get(failed.error()), failed);
        }
    }

    public void effect(Effect effect) {
        count(effect);
    }

    public void written(JournalRecord record) {
        count(record);
    }

    public void state(AddressState state) {
        one(states.get(state), state);
    }

    public void fault(SimulatedFault fault) {
        one(faults.get(fault), fault);
    }

    public void call(Ec2Call<?> call) {
        actions.computeIfAbsent(call.action(), _ -> new long[1])[0]++;
    }

    public void notice(EniNotice notice) {
        one(notices.get(notice.kind()), notice);
    }

    public void heard(EniMessage message) {
        count(message);
    }

    public void intent(Intent intent) {
        count(intent);
    }

    /// ipamd is killed by that fault at that intent.
    public void crash(SimulatedFault fault, Class<?> intent) {
        crashes.computeIfAbsent(crashName(fault, intent), _ -> new long[1])[0]++;
    }

    private static String crashName(SimulatedFault fault, Class<?> intent) {
        return fault + " " + intent.getSimpleName();
    }

    private void count(Object thing) {
        one(kinds.get(thing.getClass()), thing.getClass());
    }

    public void add(Coverage other) {
        add(kinds, other.kinds);
        add(states, other.states);
        add(errors, other.errors);
        add(faults, other.faults);
        add(actions, other.actions);
        add(notices, other.notices);
        add(crashes, other.crashes);
    }

    private static <K> void add(Map<K, long[]> to, Map<K, long[]> from) {
        from.forEach((key, count) -> to.computeIfAbsent(key, _ -> new long[1])[0] += count[0]);
    }

    /// By name, as in `message Assign` or `fault crash`.
    public SortedMap<String, Long> counts() {
        SortedMap<String, Long> counts = new TreeMap<>();
        kinds.forEach((kind, count) -> counts.put(group(kind) + kind.getSimpleName(), count[0]));
        states.forEach((state, count) -> counts.put("state " + state, count[0]));
        errors.forEach((error, count) -> counts.put("error " + error, count[0]));
        faults.forEach((fault, count) -> counts.put("fault " + fault, count[0]));
        actions.forEach((action, count) -> counts.put("call " + action.apiName(), count[0]));
        notices.forEach((kind, count) -> counts.put("notice " + kind, count[0]));
        crashes.forEach((name, count) -> counts.put("at intent " + name, count[0]));
        return counts;
    }

    private static String group(Class<?> kind) {
        return Message.class.isAssignableFrom(kind)
                ? "message "
                : Effect.class.isAssignableFrom(kind)
                        ? "effect "
                        : Intent.class.isAssignableFrom(kind)
                                ? "intent "
                                : EniMessage.class.isAssignableFrom(kind) ? "eni message " : "record ";
    }

    /// What never occurred.
    public List<String> missing() {
        return counts().entrySet().stream()
                .filter(entry -> entry.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }
}
