package io.vpceni.lab.fleet;

import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.lab.fleet.FleetPlan.Habit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// One run of a fleet.
public final class Fleet {

    /// A fleet that is not warm by then is shown as it is.
    static final Duration LONGEST = Duration.ofHours(6);

    /// How far one node is.
    private final class Standing implements FleetNode.Progress {
        private boolean served;
        private boolean isWarm;

        @Override
        public void podsServed() {
            if (!served) {
                served = true;
                unserved--;
                lastPodAfter = timeline.elapsed();
            }
        }

        @Override
        public void warm(boolean now) {
            if (now == isWarm) {
                return;
            }
            isWarm = now;
            warm += now ? 1 : -1;
            if (now && warm == Math.ceilDiv(plan.nodes(), 2)) {
                halfWarmAfter = timeline.elapsed();
            }
        }
    }

    private final FleetPlan plan;
    private final Timeline timeline = new Timeline();
    private final FleetAccount account = new FleetAccount(timeline);
    private int warm;
    private int unserved;
    private Duration halfWarmAfter = LONGEST;
    private Duration lastPodAfter = LONGEST;

    private Fleet(FleetPlan plan) {
        this.plan = plan;
        this.unserved = plan.nodes();
    }

    /// Runs it to the moment at which the last node is warm, six hours at most.
    public static FleetResult run(FleetPlan plan) {
        return new Fleet(plan).run(floor(plan));
    }

    /// What buckets and latencies allow at best: what one node alone asks for, times the nodes, from full buckets.
    static Duration floor(FleetPlan plan) {
        FleetPlan alone = plan.withNodes(1)
                .withHabit(Habit.OURS)
                .withOther(0)
                .within(Duration.ZERO)
                .withBudget(BudgetSettings.ofShare(1));
        Map<String, Long> needed = new HashMap<>();
        new Fleet(alone)
                .run(Duration.ZERO)
                .calls()
                .forEach((action, count) -> needed.put(action, count.served() * plan.nodes()));
        return FleetAccount.floor(needed, plan.otherShare());
    }

    private FleetResult run(Duration floor) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        for (int number = 1; number <= plan.nodes(); number++) {
            FleetNode node = node(number, new Standing());
            timeline.in(plan.window().multipliedBy(random.nextInt(1_000_000)).dividedBy(1_000_000), node::start);
        }
        account.otherClient(plan.otherShare(), random.nextLong());
        Instant end = Timeline.START.plus(LONGEST);
        while (warm < plan.nodes() && timeline.step(end)) {
            // until all are warm
        }
        boolean all = warm == plan.nodes();
        return new FleetResult(
                plan,
                warm,
                halfWarmAfter,
                all ? timeline.elapsed() : LONGEST,
                unserved == 0 ? lastPodAfter : LONGEST,
                floor,
                account.fleet(),
                account.other());
    }

    private FleetNode node(int number, Standing standing) {
        return switch (plan.habit()) {
            case OURS -> new ProductNode(number, plan, plan.budget(), timeline, account, standing);
            case TOLD -> {
                double share = (1 - plan.otherShare()) / plan.nodes();
                yield new ProductNode(number, plan, plan.budget().withShare(share), timeline, account, standing);
            }
            case AWS_LIKE -> new AwsLikeNode(number, plan, timeline, account, standing);
        };
    }
}
