package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Pause;
import io.vpceni.eni.budget.CallDesk.Due;
import io.vpceni.eni.life.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// EC2 for code that makes a call and waits for its answer, as ipamd's start does: every call has a [CallDesk] of its
/// own, and so is tried again by the same rules. Thread-safe when its parts are.
public final class PatientEc2 implements Ec2 {

    private static final long ONLY_CALL = 1;

    private final Ec2 ec2;
    private final BudgetSettings settings;
    private final Pause pause;
    private final InstantSource time;
    private final RandomGenerator seeds;

    /// @param ec2 makes a call once
    /// @param time goes on while `pause` waits
    public PatientEc2(Ec2 ec2, BudgetSettings settings, Pause pause, InstantSource time, RandomGenerator seeds) {
        this.ec2 = ec2;
        this.settings = settings;
        this.pause = pause;
        this.time = time;
        this.seeds = seeds;
    }

    /// Makes one call, as often as the desk says. Blocks, for minutes perhaps: as long as the settings are patient with
    /// what a pod waits for. An interrupt ends it with the failure that there was, and stays set.
    @Override
    public Ec2Answer perform(Ec2Call call) throws Ec2Failure {
        CallDesk desk = new CallDesk(settings, seeds.nextLong());
        Optional<Ec2Failure> refused = desk.submit(ONLY_CALL, call, Priority.POD_WAITS, time.instant());
        @Nullable Ec2Failure last = refused.orElse(null);
        while (refused.isEmpty()) {
            Instant now = time.instant();
            for (Due due : desk.due(now)) {
                try {
                    return ec2.perform(due.what());
                } catch (Ec2Failure failure) {
                    last = failure;
                    refused = desk.failed(ONLY_CALL, failure, time.instant());
                }
            }
            if (refused.isEmpty() && !waited(desk.dueNextAt(now), now)) {
                break;
            }
        }
        throw last == null ? notAsked(call) : last;
    }

    private boolean waited(Optional<Instant> until, Instant now) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        Duration length = until.map(next -> Duration.between(now, next)).orElse(Duration.ZERO);
        try {
            if (length.isPositive()) {
                pause.of(length);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Ec2Failure notAsked(Ec2Call call) {
        return new Ec2Failure(
                Ec2Failure.Kind.UNAVAILABLE,
                call.action().apiName(),
                call.subject(),
                "",
                "not asked: interrupted before its turn",
                null);
    }
}
