package io.vpceni.eni.budget;

import java.util.List;

/// The state of the [RequestScheduler], for metrics and `ipamctl`.
///
/// @param actions those that were called so far
/// @param waiting calls that are queued
/// @param underWay calls in flight
/// @param concurrencyMax the most that may be in flight
/// @param share of the account's buckets; 1 is all of them
public record BudgetSnapshot(List<ActionBudget> actions, int waiting, int underWay, int concurrencyMax, double share) {

    public BudgetSnapshot {
        actions = List.copyOf(actions);
    }
}
