package io.vpceni.lab.ec2.fault;

import io.vpceni.lab.ec2.fault.CallFaults.Draft;
import io.vpceni.lab.ec2.fault.CallFaults.Loss;
import io.vpceni.lab.imds.ImdsTrouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Decides which faults hit a request. Rules can be added and removed at any time; each request asks once.
///
/// One seed decides all random choices; parallel requests draw in the order of their arrival. Thread-safe.
public final class FaultInjector {
    private static final int RULES_MAX = 200;

    /// A rule in force, and what it did.
    ///
    /// @param since when it came
    /// @param happened how often it hit
    /// @param left how often it may yet; empty: no bound
    public record ActiveRule(FaultRule rule, Instant since, long happened, OptionalInt left) {
        private boolean isOver(Instant now) {
            return (left.isPresent() && left.getAsInt() == 0)
                    || rule.lasts()
                            .filter(lasts -> !now.isBefore(since.plus(lasts)))
                            .isPresent();
        }

        private ActiveRule hit() {
            OptionalInt fewer = left.isPresent() ? OptionalInt.of(left.getAsInt() - 1) : left;
            return new ActiveRule(rule, since, happened + 1, fewer);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource time;
    private final SortedSet<String> actions;
    // Guarded by lock.
    private final SequencedMap<String, ActiveRule> rules = new LinkedHashMap<>();
    private final SortedMap<String, Long> happened = new TreeMap<>();
    private SplittableRandom random;
    private long named;

    /// @param actions all that rules may name
    public FaultInjector(long seed, SortedSet<String> actions, InstantSource time) {
        this.random = new SplittableRandom(seed);
        this.actions = Collections.unmodifiableSortedSet(new TreeSet<>(actions));
        this.time = time;
    }

    /// Adds a rule after the others; it replaces one of the same name.
    ///
    /// @return its name
    /// @throws IllegalArgumentException for an unknown action, or when there are too many rules
    public String add(FaultRule rule) {
        return locked(() -> {
            put(rule);
            return rules.lastEntry().getKey();
        });
    }

    /// Replaces all rules.
    ///
    /// @throws IllegalArgumentException as [#add]; then nothing is changed
    public void replace(List<FaultRule> all) {
        locked(() -> {
            SequencedMap<String, ActiveRule> before = new LinkedHashMap<>(rules);
            rules.clear();
            try {
                all.forEach(this::put);
            } catch (IllegalArgumentException e) {
                rules.clear();
                rules.putAll(before);
                throw e;
            }
            return rules.size();
        });
    }

    public boolean remove(String name) {
        return locked(() -> rules.remove(name) != null);
    }

    public void clear() {
        replace(List.of());
    }

    /// Restarts the random choices from a seed.
    public void reseed(long seed) {
        locked(() -> random = new SplittableRandom(seed));
    }

    /// The rules in force, in the order in which they were added.
    public List<ActiveRule> active() {
        return locked(() -> List.copyOf(current(time.instant())));
    }

    /// How often each kind of fault has happened since the start, also by rules that are removed.
    public SortedMap<String, Long> happened() {
        return locked(() -> new TreeMap<>(happened));
    }

    private void put(FaultRule rule) {
        boolean known = actions.stream().anyMatch(rule::fitsAction);
        if (!known) {
            throw new IllegalArgumentException(
                    "no action '" + rule.action() + "': there are " + String.join(", ", actions) + ", Describe* and *");
        }
        current(time.instant());
        String name = rule.name();
        while (name.isEmpty()) {
            named++;
            String next = rule.fault().kind() + "-" + named;
            name = rules.containsKey(next) ? "" : next;
        }
        rules.remove(name);
        if (rules.size() >= RULES_MAX) {
            throw new IllegalArgumentException("there are " + RULES_MAX + " rules already: remove some");
        }
        rules.put(name, new ActiveRule(rule.named(name), time.instant(), 0, rule.times()));
    }

    /// Decides what happens to a call.
    public CallFaults onCall(String action, Principals who) {
        return locked(() -> {
            Draft draft = new Draft();
            List<String> hits = new ArrayList<>();
            for (ActiveRule active : current(time.instant())) {
                FaultRule rule = active.rule();
                if (rule.fault() instanceof Fault.OfCall fault
                        && concerns(fault, action)
                        && rule.fitsAction(action)
                        && rule.fitsCaller(who)
                        && happens(active)) {
                    note(fault, draft);
                    hits.add(rule.name());
                }
            }
            return draft.build(hits);
        });
    }

    private static boolean concerns(Fault.OfCall fault, String action) {
        return switch (fault) {
            case Fault.Refuse _, Fault.Slow _, Fault.LoseRequest _, Fault.LoseAnswer _ -> true;
            case Fault.Partial _ -> action.startsWith("Assign");
            case Fault.StaleView _ -> action.startsWith("Describe") || action.startsWith("Get");
            case Fault.AttachDelay _ -> action.equals("AttachNetworkInterface");
            case Fault.DetachDelay _ -> action.equals("DetachNetworkInterface");
        };
    }

    private void note(Fault.OfCall fault, Draft draft) {
        switch (fault) {
            case Fault.Refuse(String code) -> draft.refuse(code);
            case Fault.Slow(DurationRange span) -> {
                Duration whole = span.draw(random);
                Duration until = Duration.ofNanos(random.nextLong(whole.toNanos() + 1));
                draft.slow(until, whole.minus(until));
            }
            case Fault.LoseRequest() -> draft.lose(Loss.REQUEST);
            case Fault.LoseAnswer() -> draft.lose(Loss.ANSWER);
            case Fault.Partial(int percent) -> draft.partial(percent);
            case Fault.StaleView(Duration age) -> draft.lag(age);
            case Fault.AttachDelay(DurationRange span) -> draft.attach(span.draw(random));
            case Fault.DetachDelay(DurationRange span) -> draft.detach(span.draw(random));
        }
    }

    /// What happens to a request to the metadata service of an instance.
    public Optional<ImdsTrouble> onImds(Principals node) {
        return locked(() -> {
            for (ActiveRule active : current(time.instant())) {
                if (active.rule().fault() instanceof Fault.OfMetadata fault
                        && active.rule().fitsCaller(node)) {
                    Optional<ImdsTrouble> trouble = trouble(fault);
                    if (trouble.isPresent() && happens(active)) {
                        return trouble;
                    }
                }
            }
            return Optional.empty();
        });
    }

    private static Optional<ImdsTrouble> trouble(Fault.OfMetadata fault) {
        return switch (fault) {
            case Fault.ImdsStatus(int status) -> Optional.of(new ImdsTrouble.Status(status));
            case Fault.ImdsTimeout(Duration silence) -> Optional.of(new ImdsTrouble.Silence(silence));
            case Fault.ImdsDown() -> Optional.of(new ImdsTrouble.Silence(Duration.ZERO));
            case Fault.ImdsLag _, Fault.ImdsStale _ -> Optional.empty();
        };
    }

    /// The time of which the metadata service of an instance tells; not after `now`.
    public Instant imdsTime(Principals node, Instant now) {
        return locked(() -> {
            Instant oldest = now;
            for (ActiveRule active : current(now)) {
                Instant then = shownTime(active, now);
                if (then.isBefore(oldest) && active.rule().fitsCaller(node) && happens(active)) {
                    oldest = then;
                }
            }
            return oldest;
        });
    }

    private static Instant shownTime(ActiveRule active, Instant now) {
        return switch (active.rule().fault()) {
            case Fault.ImdsLag(Duration age) -> now.minus(age);
            case Fault.ImdsStale() -> active.since();
            case Fault.OfMetadata _, Fault.OfCall _, Fault.LinkDelay _, Fault.OtherClient _ -> now;
        };
    }

    /// How much later than usual the link of an ENI appears in its instance.
    public Duration linkDelay(Principals node) {
        return locked(() -> {
            Duration delay = Duration.ZERO;
            for (ActiveRule active : current(time.instant())) {
                if (active.rule().fault() instanceof Fault.LinkDelay(DurationRange span)
                        && active.rule().fitsCaller(node)
                        && happens(active)) {
                    delay = CallFaults.longer(delay, span.draw(random));
                }
            }
            return delay;
        });
    }

    /// The part of the account's token buckets for an action that others use up now, 0 to 1.
    public double othersShare(String action) {
        return locked(() -> current(time.instant()).stream()
                .filter(active -> active.rule().fitsAction(action))
                .mapToDouble(active -> active.rule().fault() instanceof Fault.OtherClient(double share) ? share : 0)
                .max()
                .orElse(0));
    }

    /// The past times that views may yet be asked of: the longest lag, and when each frozen view was
    /// frozen.
    ///
    /// @param longest lag; zero for none
    public record Past(Duration longest, List<Instant> frozen) {
        public Past {
            frozen = List.copyOf(frozen);
        }

        public boolean isNeeded() {
            return longest.isPositive() || !frozen.isEmpty();
        }
    }

    public Past past() {
        return locked(() -> {
            Duration longest = Duration.ZERO;
            List<Instant> frozen = new ArrayList<>();
            for (ActiveRule active : current(time.instant())) {
                switch (active.rule().fault()) {
                    case Fault.StaleView(Duration age) -> longest = CallFaults.longer(longest, age);
                    case Fault.ImdsLag(Duration age) -> longest = CallFaults.longer(longest, age);
                    case Fault.ImdsStale() -> frozen.add(active.since());
                    case Fault.OfMetadata _, Fault.OfCall _, Fault.LinkDelay _, Fault.OtherClient _ -> {}
                }
            }
            return new Past(longest, frozen);
        });
    }

    private boolean happens(ActiveRule active) {
        FaultRule rule = active.rule();
        if (rule.chance() < 1 && random.nextDouble() >= rule.chance()) {
            return false;
        }
        rules.replace(rule.name(), active.hit());
        happened.merge(rule.fault().kind(), 1L, Long::sum);
        return true;
    }

    /// The rules that have not ended; the others are removed.
    private List<ActiveRule> current(Instant now) {
        rules.values().removeIf(active -> active.isOver(now));
        return new ArrayList<>(rules.values());
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
