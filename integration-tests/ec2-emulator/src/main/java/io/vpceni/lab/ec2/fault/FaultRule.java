package io.vpceni.lab.ec2.fault;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// A fault with the callers and calls that it hits.
///
/// @param name unique in a [FaultInjector]; empty: the injector gives one
/// @param action of EC2's, such as `AttachNetworkInterface`; `Describe*` for all that begin so, `*` for all
/// @param caller the id of an instance or its tag `Name`, `administrator`, `nodes` for every instance, `*`
/// for all
/// @param chance of each call that it is hit, above 0, at most 1
/// @param times how often it happens before it is over, 1 or more; empty: no bound
/// @param lasts how long it is there; empty: until it is removed
public record FaultRule(
        String name,
        String action,
        String caller,
        Fault fault,
        double chance,
        OptionalInt times,
        Optional<Duration> lasts) {
    public static final String ALL = "*";
    public static final String NODES = "nodes";
    public static final String ADMINISTRATOR = "administrator";

    public FaultRule {
        if (!name.matches("[A-Za-z0-9._-]{0,40}")) {
            throw new IllegalArgumentException("name '" + name + "': want up to 40 letters, digits, dots and dashes");
        }
        if (!(chance > 0 && chance <= 1)) {
            throw new IllegalArgumentException("chance " + chance + ": want more than 0 and at most 1");
        }
        if (times.isPresent() && times.getAsInt() < 1) {
            throw new IllegalArgumentException("times " + times.getAsInt() + ": want 1 or more");
        }
        lasts.ifPresent(DurationRange::refuseNegative);
    }

    /// Hits every call of every caller until it is removed.
    public static FaultRule of(Fault fault) {
        return new FaultRule("", ALL, ALL, fault, 1, OptionalInt.empty(), Optional.empty());
    }

    public FaultRule named(String changed) {
        return new FaultRule(changed, action, caller, fault, chance, times, lasts);
    }

    public FaultRule on(String changedAction) {
        return new FaultRule(name, changedAction, caller, fault, chance, times, lasts);
    }

    public FaultRule from(String changedCaller) {
        return new FaultRule(name, action, changedCaller, fault, chance, times, lasts);
    }

    public FaultRule withChance(double changed) {
        return new FaultRule(name, action, caller, fault, changed, times, lasts);
    }

    /// The next calls that it fits, this many.
    public FaultRule times(int changed) {
        return new FaultRule(name, action, caller, fault, chance, OptionalInt.of(changed), lasts);
    }

    public FaultRule lasting(Duration changed) {
        return new FaultRule(name, action, caller, fault, chance, times, Optional.of(changed));
    }

    boolean fitsAction(String called) {
        return action.endsWith(ALL)
                ? called.startsWith(action.substring(0, action.length() - 1))
                : called.equals(action);
    }

    boolean fitsCaller(Principals who) {
        return switch (caller) {
            case ALL -> true;
            case NODES -> who.isNode();
            default -> caller.equals(who.id()) || (!caller.isEmpty() && caller.equals(who.name()));
        };
    }
}
