package io.vpceni.eni.budget;

import java.util.List;

/// How the desk stands, for metrics and `ipamctl`.
///
/// @param actions those that were wanted so far
/// @param waiting calls that wait
/// @param underWay calls that left and are not answered
/// @param atOnceMax the most that may be under way
/// @param share of the account's buckets; 1 is all of them
public record BudgetSnapshot(List<ActionBudget> actions, int waiting, int underWay, int atOnceMax, double share) {

    public BudgetSnapshot {
        actions = List.copyOf(actions);
    }
}
