package io.vpceni.eni.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.budget.RequestScheduler.ReadyCall;
import io.vpceni.eni.lifecycle.Priority;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A scheduler that is called in any order, by an EC2 that answers anything.
class RequestSchedulerPropertiesTest {

    private static final int STEPS = 3_000;
    private static final EniId ENI = new EniId("eni-1");
    private static final List<Ec2Call<?>> CALLS = List.of(
            new Ec2Call.OneEni(ENI),
            new Ec2Call.Assign(ENI, BlockKind.ADDRESS, 1),
            new Ec2Call.Attach(ENI, new InstanceId("i-1"), new DeviceSlot(0, 1)),
            new Ec2Call.Delete(ENI));

    private final Set<Long> open = new HashSet<>();
    private final Map<Long, Ec2Call<?>> away = new HashMap<>();
    private final Map<Long, Integer> attempts = new HashMap<>();
    private final Map<Long, Instant> leftAt = new HashMap<>();

    /// When those left that EC2 had a token for.
    private final Map<Ec2Action, List<Instant>> left = new EnumMap<>(Ec2Action.class);
    private final Map<Ec2Action, List<Instant>> refused = new EnumMap<>(Ec2Action.class);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyCallEndsNoneLeavesTwiceAndNoBucketIsOverdrawn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double share = List.of(1.0, 0.5, 0.1, 0.004).get(random.nextInt(4));
        BudgetSettings settings = BudgetSettings.ofShare(share);
        RequestScheduler scheduler = new RequestScheduler(settings, seed);

        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(4)) {
                case 0 -> submit(scheduler, random);
                case 1 -> comeBack(scheduler, random);
                case 2 -> now = now.plusMillis(random.nextInt(2_000));
                default -> scheduler.dueNextAt(now).filter(now::isBefore).ifPresent(next -> now = next);
            }
            leave(scheduler, settings);
            assertThat(scheduler.snapshot(now).underWay()).isEqualTo(away.size());
            assertThat(scheduler.snapshot(now).waiting()).isEqualTo(open.size() - away.size());
        }
        drain(scheduler, settings, random);

        left.forEach((action, instants) ->
                assertWithin(bucket(settings, action), instants, refused.getOrDefault(action, List.of())));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theSameSeedGivesTheSameDeparturesAndAnotherSeedOthers(long seed) {
        assertThat(departures(seed)).isEqualTo(departures(seed)).isNotEqualTo(departures(seed + 1));
    }

    private static List<Instant> departures(long seed) {
        RequestScheduler scheduler = new RequestScheduler(BudgetSettings.ofShare(1), seed);
        Instant now = Instant.EPOCH;
        assertThat(scheduler.submit(1, CALLS.getFirst(), Priority.WARM, now)).isEmpty();
        List<Instant> departures = new ArrayList<>();
        for (int attempt = 0; attempt < 5; attempt++) {
            now = scheduler.dueNextAt(now).orElseThrow();
            departures.add(now);
            assertThat(scheduler.due(now)).hasSize(1);
            assertThat(scheduler.failed(1, failure(Kind.THROTTLED), now)).isEmpty();
        }
        return departures;
    }

    private void submit(RequestScheduler scheduler, SplittableRandom random) {
        long call = attempts.size() + 1L;
        Priority priority = anyOf(List.of(Priority.values()), random);
        attempts.put(call, 0);
        if (scheduler.submit(call, anyOf(CALLS, random), priority, now).isEmpty()) {
            open.add(call);
        }
    }

    private void leave(RequestScheduler scheduler, BudgetSettings settings) {
        Optional<Instant> next = scheduler.dueNextAt(now);
        List<ReadyCall> due = scheduler.due(now);
        assertThat(due.isEmpty()).isEqualTo(next.isEmpty() || next.get().isAfter(now));
        for (ReadyCall leaving : due) {
            assertThat(open).contains(leaving.call());
            assertThat(away.put(leaving.call(), leaving.what())).isNull();
            attempts.merge(leaving.call(), 1, Integer::sum);
            leftAt.put(leaving.call(), now);
        }
        assertThat(away.size()).isLessThanOrEqualTo(settings.concurrencyMax());
        assertThat(scheduler.dueNextAt(now).filter(at -> !at.isAfter(now))).isEmpty();
    }

    private void comeBack(RequestScheduler scheduler, SplittableRandom random) {
        if (away.isEmpty()) {
            return;
        }
        long call = away.keySet().iterator().next();
        Ec2Call<?> what = Objects.requireNonNull(away.remove(call));
        Instant at = Objects.requireNonNull(leftAt.remove(call));
        if (random.nextInt(3) == 0) {
            left.computeIfAbsent(what.action(), _ -> new ArrayList<>()).add(at);
            scheduler.answered(call, now);
            open.remove(call);
            return;
        }
        Kind kind = anyOf(List.of(Kind.values()), random);
        if (random.nextBoolean()) {
            kind = Kind.THROTTLED;
        }
        Map<Ec2Action, List<Instant>> books = kind == Kind.THROTTLED ? refused : left;
        books.computeIfAbsent(what.action(), _ -> new ArrayList<>()).add(kind == Kind.THROTTLED ? now : at);
        boolean ended = scheduler.failed(call, failure(kind), now).isPresent();
        boolean lost = Set.of(Kind.OUTCOME_UNKNOWN, Kind.UNAVAILABLE, Kind.NO_CREDENTIALS)
                .contains(kind);
        if (kind != Kind.THROTTLED && (what.action().changes() || !lost)) {
            assertThat(ended).as("%s after %s", what, kind).isTrue();
        }
        if (ended) {
            open.remove(call);
        }
    }

    private void drain(RequestScheduler scheduler, BudgetSettings settings, SplittableRandom random) {
        Instant end = now.plus(Duration.ofDays(30));
        while (!open.isEmpty()) {
            leave(scheduler, settings);
            if (away.isEmpty()) {
                now = scheduler.dueNextAt(now).orElseThrow();
                assertThat(now).isBefore(end);
            } else {
                comeBack(scheduler, random);
            }
        }
        assertThat(scheduler.snapshot(now).waiting()).isZero();
        assertThat(scheduler.dueNextAt(now)).isEmpty();
    }

    /// In no stretch of time did more leave than the bucket had at its beginning and got back meanwhile, from
    /// time and from refusals.
    private static void assertWithin(RequestBucket own, List<Instant> unsorted, List<Instant> back) {
        List<Instant> instants = unsorted.stream().sorted().toList();
        double burst = Math.max(1, own.burst());
        for (int first = 0; first < instants.size(); first++) {
            for (int last = first; last < instants.size(); last += 7) {
                double seconds = Duration.between(instants.get(first), instants.get(last))
                                .toNanos()
                        / 1e9;
                Instant from = instants.get(first);
                Instant to = instants.get(last);
                long refusals = back.stream()
                        .filter(at -> !at.isBefore(from) && !at.isAfter(to))
                        .count();
                assertThat((double) last - first + 1)
                        .isLessThanOrEqualTo(burst + own.perSecond() * seconds + 2 * refusals + 0.01);
            }
        }
    }

    private static RequestBucket bucket(BudgetSettings settings, Ec2Action action) {
        return Optional.ofNullable(settings.buckets().get(action)).orElseThrow().part(settings.share());
    }

    private static <T> T anyOf(List<T> choices, SplittableRandom random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static Ec2Failure failure(Kind kind) {
        return new Ec2Failure(kind, "AnAction", "eni-1", "ACode", "", null);
    }
}
