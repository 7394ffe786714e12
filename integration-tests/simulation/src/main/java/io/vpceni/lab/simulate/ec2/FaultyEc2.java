package io.vpceni.lab.simulate.ec2;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.model.Ec2Conditions;
import io.vpceni.eni.model.SimulatedEc2;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.context.SimulatedIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// EC2's API for this node with its faults: it refuses calls, loses answers, shows old views and takes its time.
public final class FaultyEc2 implements Ec2Conditions {
    private static final int ATTACH_MILLIS = 2_500;
    private static final int DETACH_MILLIS = 6_000;
    private static final int SLOW_MILLIS = 120_000;
    private static final int THROTTLED_SECONDS = 3_000; // longer than any call waits for its turn
    public static final int SEARCH_FROM_MAX = 1 << 10;

    /// What nobody on the node can mend: the same to the pool, and other words for people.
    private static final List<Kind> REFUSALS =
            List.of(Kind.NOT_AUTHENTICATED, Kind.UNAUTHORIZED, Kind.FORBIDDEN_BY_SETTING);

    private final RunContext run;
    private final Checker checker;
    private final SimulatedEc2 ec2;

    private boolean unauthorized;
    private Kind refusedAs = Kind.UNAUTHORIZED;

    /// Until when EC2 refuses all calls that change something.
    private Instant throttledUntil = Instant.MIN;

    public FaultyEc2(RunContext run, SimulatedVpc vpc, Checker checker) {
        this.run = run;
        this.checker = checker;
        this.ec2 = new SimulatedEc2(vpc, this, new CheckedEc2(vpc, checker, run.coverage()));
    }

    public void quiescent() {
        unauthorized = false;
        throttledUntil = Instant.MIN;
    }

    /// Makes one call, once.
    public Ec2Answer perform(Ec2Call<?> call) throws Ec2Failure {
        mayRefuse(call);
        if (run.occurs(SimulatedFault.TIMEOUT_UNDONE)) {
            throw SimulatedEc2.noAnswer(call, Kind.OUTCOME_UNKNOWN);
        }
        boolean lost = run.occurs(SimulatedFault.TIMEOUT_DONE);
        Ec2Answer answer = ec2.perform(call, run.now());
        if (lost) {
            throw SimulatedEc2.noAnswer(call, Kind.OUTCOME_UNKNOWN);
        }
        return answer;
    }

    /// What a start is told that asks until it is told something.
    public List<Ec2Eni> enisAtStart() {
        try {
            return ec2.perform(new Ec2Call.EnisOf(SimulatedIds.NODE), run.now())
                            instanceof Ec2Answer.Enis(List<Ec2Eni> enis)
                    ? enis
                    : List.of();
        } catch (Ec2Failure e) {
            throw new IllegalStateException("a Describe of an instance's ENIs does not fail", e);
        }
    }

    private void mayRefuse(Ec2Call<?> call) throws Ec2Failure {
        if (run.occurs(SimulatedFault.UNAUTHORIZED)) {
            unauthorized = !unauthorized;
            refusedAs = REFUSALS.get((int) (run.now().getEpochSecond() % REFUSALS.size())); // spends no choice
        }
        if (unauthorized && call.action().changes()) {
            throw SimulatedEc2.failure(call, refusedAs, "Refused");
        }
        if (run.occurs(SimulatedFault.THROTTLED)) {
            if (run.choices().of(16) == 15) {
                throttledUntil = run.now().plusSeconds(run.choices().of(THROTTLED_SECONDS));
            }
            throw SimulatedEc2.failure(call, Kind.THROTTLED, "RequestLimitExceeded");
        }
        if (call.action().changes() && run.now().isBefore(throttledUntil)) {
            throw SimulatedEc2.failure(call, Kind.THROTTLED, "RequestLimitExceeded");
        }
        if (run.occurs(SimulatedFault.REFUSED)) {
            throw SimulatedEc2.failure(call, Kind.OTHER, "InsufficientInstanceCapacity");
        }
        if (run.occurs(SimulatedFault.NOT_SENT)) {
            throw SimulatedEc2.noAnswer(call, Kind.UNAVAILABLE);
        }
    }

    // ---- what EC2's rules leave open

    @Override
    public Instant describedAt(Instant now) {
        return run.occurs(SimulatedFault.STALE_VIEW)
                ? now.minusMillis(1 + run.choices().of((int) SimulatedVpc.LAG_MAX.toMillis()))
                : now;
    }

    @Override
    public List<Ec2Eni> listed(List<Ec2Eni> all) {
        if (!run.occurs(SimulatedFault.BLOCK_LEFT_OUT)) {
            return all;
        }
        List<Ec2Eni> enis = all.stream().filter(eni -> !eni.blocks().isEmpty()).toList();
        if (enis.isEmpty()) {
            return all;
        }
        List<Ec2Eni> listed = new ArrayList<>(all);
        Ec2Eni eni = enis.get(run.choices().of(enis.size()));
        List<Cidr> blocks = new ArrayList<>(eni.blocks());
        Cidr block = blocks.remove(run.choices().of(blocks.size()));
        listed.set(listed.indexOf(eni), eni.withBlocks(blocks));
        checker.limits().gone(block);
        return listed;
    }

    @Override
    public boolean isUnknownYet(SimulatedEni young) {
        return run.occurs(SimulatedFault.NOT_KNOWN_YET);
    }

    @Override
    public boolean refusesAsOverTheLimit() {
        return run.occurs(SimulatedFault.FALSE_ENI_LIMIT);
    }

    @Override
    public int assigns(int wanted) {
        return wanted > 1 && run.occurs(SimulatedFault.PARTIAL)
                ? 1 + run.choices().of(wanted - 1)
                : wanted;
    }

    @Override
    public Duration attachTakes() {
        return takes(SimulatedFault.ATTACH_SLOW, ATTACH_MILLIS);
    }

    @Override
    public Duration detachTakes() {
        return takes(SimulatedFault.DETACH_SLOW, DETACH_MILLIS);
    }

    private Duration takes(SimulatedFault slow, int usual) {
        return Duration.ofMillis(run.choices().of(run.occurs(slow) ? SLOW_MILLIS : usual));
    }

    @Override
    public int searchFrom() {
        return run.choices().of(SEARCH_FROM_MAX);
    }

    /// Sandboxes may still have addresses of an ENI that somebody detached by hand.
    @Override
    public boolean othersGetBlocksOf(SimulatedEni deleted) {
        return checker.intents().isTouched(deleted.id());
    }
}
