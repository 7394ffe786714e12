package io.vpceni.lab.fleet;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.Priority;

/// The start of a node with our product: IMDS, then EC2 as RetryingEc2 asks it, and then with the same scheduler.
final class ProductNodeStart {
    private final Timeline timeline;
    private final FleetLatencies latencies;
    private final NodeIdentity identity;
    private final BudgetSettings budget;
    private final long seed;
    private final RequestScheduler scheduler;
    private final NodeEc2Calls calls;
    private final Runnable done;
    private int startCalls;

    /// @param seed of the schedulers
    /// @param scheduler that the node goes on with
    /// @param done called when both calls have their answers
    ProductNodeStart(
            Timeline timeline,
            FleetLatencies latencies,
            NodeIdentity identity,
            BudgetSettings budget,
            long seed,
            RequestScheduler scheduler,
            NodeEc2Calls calls,
            Runnable done) {
        this.timeline = timeline;
        this.latencies = latencies;
        this.identity = identity;
        this.budget = budget;
        this.seed = seed;
        this.scheduler = scheduler;
        this.calls = calls;
        this.done = done;
    }

    void begin() {
        timeline.in(latencies.imds(), () -> {
            limitsOnce();
            Ec2Call<?> call = new Ec2Call.EnisOf(identity.instanceId());
            scheduler.submit(-1, call, Priority.POD_WAITS, timeline.now()).ifPresent(ProductNodeStart::unexpected);
            describe(call);
        });
    }

    /// The type is in the packaged table, so EC2 is asked once, and only when the share has a token now.
    private void limitsOnce() {
        RequestScheduler own = new RequestScheduler(budget, seed);
        Ec2Call<?> call = new Ec2Call.LimitsOf(identity.instanceType());
        own.submit(1, call, Priority.POD_WAITS, timeline.now()).ifPresent(ProductNodeStart::unexpected);
        if (own.due(timeline.now()).isEmpty()) {
            both();
            return;
        }
        calls.ask(call, _ -> both(), _ -> both());
    }

    private void describe(Ec2Call<?> call) {
        if (scheduler.due(timeline.now()).isEmpty()) {
            timeline.at(scheduler.dueNextAt(timeline.now()).orElseThrow(), () -> describe(call));
            return;
        }
        calls.ask(
                call,
                _ -> {
                    scheduler.answered(-1, timeline.now());
                    both();
                },
                failure -> {
                    if (scheduler.failed(-1, failure, timeline.now()).isPresent()) {
                        scheduler
                                .submit(-1, call, Priority.POD_WAITS, timeline.now())
                                .ifPresent(ProductNodeStart::unexpected);
                    }
                    describe(call);
                });
    }

    private void both() {
        startCalls++;
        if (startCalls == 2) {
            done.run();
        }
    }

    private static void unexpected(Ec2Failure failure) {
        throw new IllegalStateException("an empty queue has room", failure);
    }
}
