package io.vpceni.lab.simulate.node;

import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The node's own links to its ENIs: they come some time after EC2 has attached one, and ipamd sets them up.
public final class SimLinks {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final int USUAL_MILLIS = 1_500;
    private static final int LATE_MILLIS = 50_000;

    /// @param since when ipamd began to wait
    /// @param due when the link comes, if EC2 has attached the ENI by then
    private record Waiting(Instant since, Instant due, boolean missing) {}

    private final RunContext run;
    private final SimulatedVpc ec2;
    private final Owners owners;
    private final Map<EniId, Waiting> waiting = new LinkedHashMap<>();
    private final Set<EniId> ready = new LinkedHashSet<>();

    public SimLinks(RunContext run, SimulatedVpc ec2, Owners owners) {
        this.run = run;
        this.ec2 = ec2;
        this.owners = owners;
    }

    public void setUp(LinkPlan plan) {
        boolean missing = run.occurs(SimulatedFault.LINK_MISSING);
        int millis = run.choices().of(run.occurs(SimulatedFault.LINK_LATE) ? LATE_MILLIS : USUAL_MILLIS);
        Instant due = missing ? run.now().plus(PATIENCE) : run.now().plusMillis(millis);
        waiting.put(plan.id(), new Waiting(run.now(), due, missing));
    }

    public void takeDown(EniId eni) {
        waiting.remove(eni);
        ready.remove(eni);
    }

    /// Set up at start.
    public void found(EniId eni) {
        ready.add(eni);
    }

    public boolean isReady(EniId eni) {
        return ready.contains(eni);
    }

    public Instant next() {
        Instant next = Instant.MAX;
        for (Waiting link : waiting.values()) {
            next = link.due().isBefore(next) ? link.due() : next;
        }
        return next;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Links that come now, or that nobody waits for any longer.
    public void look() {
        if (waiting.isEmpty()) {
            return;
        }
        for (EniId eni : List.copyOf(waiting.keySet())) {
            Waiting link = waiting.get(eni);
            if (link != null && !link.due().isAfter(run.now())) {
                due(eni, link);
            }
        }
    }

    private void due(EniId eni, Waiting link) {
        if (!link.missing() && isAttached(eni)) {
            waiting.remove(eni);
            ready.add(eni);
            owners.hear(new EniMessage.LinkReady(eni));
        } else if (!run.now().isBefore(link.since().plus(PATIENCE))) {
            waiting.remove(eni);
            owners.hear(new EniMessage.LinkFailed(eni, "no link came within a minute"));
        } else {
            waiting.put(eni, new Waiting(link.since(), run.now().plus(LOOK_AGAIN), false));
        }
    }

    private boolean isAttached(EniId eni) {
        ec2.settle(run.now());
        return ec2.eni(eni)
                .flatMap(SimulatedEni::attachment)
                .filter(attachment -> attachment.state() == EniAttachment.State.ATTACHED)
                .isPresent();
    }

    /// What was said of a link is said again, or the opposite of it.
    public void repeat() {
        if (ready.isEmpty()) {
            return;
        }
        EniId eni = List.copyOf(ready).get(run.choices().of(ready.size()));
        if (run.choices().of(2) == 0) {
            owners.hear(new EniMessage.LinkReady(eni));
        } else {
            owners.hear(new EniMessage.LinkFailed(eni, "the link is gone"));
        }
    }

    public void crashed() {
        waiting.clear();
        ready.clear();
    }
}
