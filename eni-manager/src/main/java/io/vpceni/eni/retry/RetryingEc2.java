package io.vpceni.eni.retry;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceTypes;
import io.vpceni.eni.Sleeper;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// [Ec2] for code that makes one call and waits for the answer, as ipamd's start does. The calls go through a
/// [RequestScheduler] and are retried by its rules. Thread-safe when its parts are.
///
/// When the start is over, the scheduler is handed over to whoever makes the calls from then on ([#handOver]), with
/// what it learned about the account.
public final class RetryingEc2 implements Ec2 {

    private static final long ONLY_CALL = 1;

    /// How long to wait when another thread's call has to conclude first.
    private static final Duration SOON = Duration.ofMillis(20);

    private final Ec2 ec2;
    private final BudgetSettings settings;
    private final Sleeper pause;
    private final InstantSource time;
    private final long seed;
    private RequestScheduler scheduler;

    /// Calls that may be sent and whose thread has not seen it yet.
    private final Set<Long> mayLeave = new HashSet<>();

    private long calls;

    /// @param ec2 makes a call once
    /// @param time goes on while `pause` waits
    /// @param random one number is drawn, the seed of the scheduler's jitter
    public RetryingEc2(Ec2 ec2, BudgetSettings settings, Sleeper pause, InstantSource time, RandomGenerator random) {
        this.ec2 = ec2;
        this.settings = settings;
        this.pause = pause;
        this.time = time;
        this.seed = random.nextLong();
        this.scheduler = new RequestScheduler(settings, seed);
    }

    /// The scheduler, for whoever makes the calls from now on, with numbers above 0. Calls that are made here
    /// afterwards go through another scheduler.
    public synchronized RequestScheduler handOver() {
        RequestScheduler handed = scheduler;
        scheduler = new RequestScheduler(settings, seed);
        return handed;
    }

    /// Makes one call, as often as the scheduler says. Blocks, for minutes perhaps: as long as the settings are
    /// patient with what a pod waits for. An interrupt ends it with the failure that there was, and stays set.
    ///
    /// The limits of a type that the packaged table has are asked for once, and only when that needs no wait.
    @Override
    public Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        if (call instanceof Ec2Call.LimitsOf(String type)
                && InstanceTypes.limits(type).isPresent()) {
            return atOnce(call);
        }
        long number = submitted(call);
        @Nullable Ec2Failure last = null;
        while (true) {
            if (leaves(number)) {
                try {
                    Ec2Answer answer = ec2.answer(call);
                    answered(number);
                    return answer;
                } catch (Ec2Failure failure) {
                    last = failure;
                    Optional<Ec2Failure> end = failed(number, failure);
                    if (end.isPresent()) {
                        throw end.get();
                    }
                }
            } else if (!waited()) {
                throw last == null ? notAsked(call, "interrupted before its turn") : last;
            }
        }
    }

    private Ec2Answer atOnce(Ec2Call<?> call) throws Ec2Failure {
        Instant now = time.instant();
        RequestScheduler own = new RequestScheduler(settings, seed);
        if (own.submit(ONLY_CALL, call, Priority.POD_WAITS, now).isPresent()
                || own.due(now).isEmpty()) {
            throw notAsked(call, "this node's share of requests has none left now");
        }
        return ec2.answer(call);
    }

    private synchronized long submitted(Ec2Call<?> call) throws Ec2Failure {
        calls--;
        Optional<Ec2Failure> refused = scheduler.submit(calls, call, Priority.POD_WAITS, time.instant());
        if (refused.isPresent()) {
            throw refused.get();
        }
        return calls;
    }

    private synchronized boolean leaves(long number) {
        scheduler.due(time.instant()).forEach(due -> mayLeave.add(due.call()));
        return mayLeave.remove(number);
    }

    private synchronized void answered(long number) {
        scheduler.answered(number, time.instant());
    }

    private synchronized Optional<Ec2Failure> failed(long number, Ec2Failure failure) {
        return scheduler.failed(number, failure, time.instant());
    }

    private synchronized Duration untilNext() {
        Instant now = time.instant();
        return scheduler
                .dueNextAt(now)
                .map(next -> Duration.between(now, next))
                .filter(length -> length.compareTo(SOON) > 0)
                .orElse(SOON);
    }

    private boolean waited() {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            pause.of(untilNext());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Ec2Failure notAsked(Ec2Call<?> call, String why) {
        return Ec2Failure.withoutCode(
                Ec2Failure.Kind.UNAVAILABLE, call.action().apiName(), call.subject(), "not asked: " + why, null);
    }
}
