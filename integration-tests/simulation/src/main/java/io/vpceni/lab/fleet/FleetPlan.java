package io.vpceni.lab.fleet;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.util.Locale;

/// What is run.
///
/// @param nodes that start
/// @param limits of each node's type
/// @param pool each node's settings
/// @param pods on each node, from its first moment
/// @param window within which the nodes start, at random instants; zero: all at once
/// @param habit whose way of asking EC2
/// @param budget of each of our nodes
/// @param otherShare part of each bucket's refill that another client asks for; 0 for none, below 1
/// @param lookEvery how often each of our nodes looks at what EC2 has
/// @param seed of all accidents
public record FleetPlan(
        int nodes,
        NodeLimits limits,
        PoolSettings pool,
        int pods,
        Duration window,
        Habit habit,
        BudgetSettings budget,
        double otherShare,
        Duration lookEvery,
        long seed) {

    /// Whose way of asking EC2.
    public enum Habit {
        /// Our product, every node for itself.
        OURS,
        /// Our product, every node with the share that a coordinator would give it.
        TOLD,
        /// The AWS VPC CNI's.
        AWS_LIKE;

        /// As it is named on the command line.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public FleetPlan {
        if (nodes < 1 || pods < 0 || otherShare < 0 || otherShare >= 1 || window.isNegative()) {
            throw new IllegalArgumentException(
                    nodes + " nodes, " + pods + " pods, another client with " + otherShare + ", within " + window);
        }
    }

    /// AWS's targets at their defaults, two pods on each node.
    public static FleetPlan of(int nodes, NodeLimits limits, PoolMode mode, long seed) {
        PoolSettings pool = new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), mode, 1, 0, PolicyName.AWS);
        return new FleetPlan(
                nodes,
                limits,
                pool,
                2,
                Duration.ZERO,
                Habit.OURS,
                BudgetSettings.ofShare(1),
                0,
                Duration.ofMinutes(1),
                seed);
    }

    public FleetPlan withNodes(int other) {
        return new FleetPlan(other, limits, pool, pods, window, habit, budget, otherShare, lookEvery, seed);
    }

    public FleetPlan withPods(int other) {
        return new FleetPlan(nodes, limits, pool, other, window, habit, budget, otherShare, lookEvery, seed);
    }

    public FleetPlan within(Duration other) {
        return new FleetPlan(nodes, limits, pool, pods, other, habit, budget, otherShare, lookEvery, seed);
    }

    public FleetPlan withHabit(Habit other) {
        return new FleetPlan(nodes, limits, pool, pods, window, other, budget, otherShare, lookEvery, seed);
    }

    public FleetPlan withBudget(BudgetSettings other) {
        return new FleetPlan(nodes, limits, pool, pods, window, habit, other, otherShare, lookEvery, seed);
    }

    public FleetPlan withOther(double share) {
        return new FleetPlan(nodes, limits, pool, pods, window, habit, budget, share, lookEvery, seed);
    }

    public FleetPlan lookingEvery(Duration other) {
        return new FleetPlan(nodes, limits, pool, pods, window, habit, budget, otherShare, other, seed);
    }
}
