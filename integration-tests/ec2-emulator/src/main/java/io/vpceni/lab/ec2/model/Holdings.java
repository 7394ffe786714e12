package io.vpceni.lab.ec2.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What an ENI has of one kind, in the order of its coming, and what it had a short while ago.
final class Holdings<T> {
    private record Held<T>(T thing, Instant since, Optional<Instant> until) {
        boolean wasThere(Instant then) {
            return !since.isAfter(then) && until.isEmpty();
        }

        boolean wasThereAndWent(Instant then) {
            return !since.isAfter(then)
                    && until.filter(end -> end.isAfter(then)).isPresent();
        }
    }

    private final List<Held<T>> held = new ArrayList<>();
    private final List<Held<T>> departed = new ArrayList<>();

    List<T> all() {
        return held.stream().map(Held::thing).toList();
    }

    int size() {
        return held.size();
    }

    void add(T thing, Instant now) {
        held.add(new Held<>(thing, now, Optional.empty()));
    }

    void remove(T thing, Instant now) {
        Held<T> found = held.stream()
                .filter(candidate -> candidate.thing().equals(thing))
                .findFirst()
                .orElseThrow();
        held.remove(found);
        departed.add(new Held<>(thing, found.since(), Optional.of(now)));
    }

    /// As it was `lag` ago: what is new not yet, what went still.
    List<T> asOf(Instant now, Duration lag) {
        Instant then = now.minus(lag);
        return Stream.concat(
                        held.stream().filter(one -> one.wasThere(then)),
                        departed.stream().filter(one -> one.wasThereAndWent(then)))
                .map(Held::thing)
                .distinct()
                .toList();
    }

    void forgetDepartedBefore(Instant then) {
        departed.removeIf(old -> old.until().filter(end -> !end.isAfter(then)).isPresent());
    }

    void addAllOf(Holdings<T> other) {
        held.addAll(other.held);
        departed.addAll(other.departed);
    }
}
