package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceTypes;
import io.vpceni.eni.Pause;
import io.vpceni.eni.life.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// EC2 for code that makes a call and waits for its answer, as ipamd's start does: its calls go through a [CallDesk]
/// and
/// are tried again by the same rules. Thread-safe when its parts are.
///
/// When the start is over the desk goes on with whoever makes the calls then ([#handOver]): what was learned of the
/// account
/// is not forgotten.
public final class PatientEc2 implements Ec2 {

    private static final long ONLY_CALL = 1;

    /// When another thread has to come back first.
    private static final Duration SOON = Duration.ofMillis(20);

    private final Ec2 ec2;
    private final BudgetSettings settings;
    private final Pause pause;
    private final InstantSource time;
    private final long seed;
    private CallDesk desk;

    /// Calls that the desk let leave and whose thread has not seen it.
    private final Set<Long> mayLeave = new HashSet<>();

    private long calls;

    /// @param ec2 makes a call once
    /// @param time goes on while `pause` waits
    /// @param random one number is drawn: where this node is among others that start together
    public PatientEc2(Ec2 ec2, BudgetSettings settings, Pause pause, InstantSource time, RandomGenerator random) {
        this.ec2 = ec2;
        this.settings = settings;
        this.pause = pause;
        this.time = time;
        this.seed = random.nextLong();
        this.desk = new CallDesk(settings, seed);
    }

    /// The desk, for one that goes on with it. Its calls have numbers above 0. Calls that are made here afterwards go
    /// through another one.
    public synchronized CallDesk handOver() {
        CallDesk handed = desk;
        desk = new CallDesk(settings, seed);
        return handed;
    }

    /// Makes one call, as often as the desk says. Blocks, for minutes perhaps: as long as the settings are patient with
    /// what a pod waits for. An interrupt ends it with the failure that there was, and stays set.
    ///
    /// The limits of a type that the packaged table has are asked for once, and only when that needs no wait.
    @Override
    public Ec2Answer perform(Ec2Call call) throws Ec2Failure {
        if (call instanceof Ec2Call.LimitsOf(String type)
                && InstanceTypes.limits(type).isPresent()) {
            return atOnce(call);
        }
        long number = submitted(call);
        @Nullable Ec2Failure last = null;
        while (true) {
            if (leaves(number)) {
                try {
                    Ec2Answer answer = ec2.perform(call);
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

    private Ec2Answer atOnce(Ec2Call call) throws Ec2Failure {
        Instant now = time.instant();
        CallDesk own = new CallDesk(settings, seed);
        if (own.submit(ONLY_CALL, call, Priority.POD_WAITS, now).isPresent()
                || own.due(now).isEmpty()) {
            throw notAsked(call, "this node's share of requests has none left now");
        }
        return ec2.perform(call);
    }

    private synchronized long submitted(Ec2Call call) throws Ec2Failure {
        calls--;
        Optional<Ec2Failure> refused = desk.submit(calls, call, Priority.POD_WAITS, time.instant());
        if (refused.isPresent()) {
            throw refused.get();
        }
        return calls;
    }

    private synchronized boolean leaves(long number) {
        desk.due(time.instant()).forEach(due -> mayLeave.add(due.call()));
        return mayLeave.remove(number);
    }

    private synchronized void answered(long number) {
        desk.answered(number, time.instant());
    }

    private synchronized Optional<Ec2Failure> failed(long number, Ec2Failure failure) {
        return desk.failed(number, failure, time.instant());
    }

    private synchronized Duration untilNext() {
        Instant now = time.instant();
        return desk.dueNextAt(now)
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

    private static Ec2Failure notAsked(Ec2Call call, String why) {
        return new Ec2Failure(
                Ec2Failure.Kind.UNAVAILABLE, call.action().apiName(), call.subject(), "", "not asked: " + why, null);
    }
}
