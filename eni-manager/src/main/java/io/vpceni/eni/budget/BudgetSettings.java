package io.vpceni.eni.budget;

import io.vpceni.config.Backoff;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How much of the account's EC2 request buckets this node uses, and how.
///
/// @param share of the account's buckets; above 0, 1 is all of them
/// @param buckets the account's buckets, one for every action
/// @param priorityRules one for every priority
/// @param concurrencyMax calls in flight
/// @param reservedForPods so many of these are for calls that a pod waits for
/// @param queueLengthMax calls that may be queued; the next one fails
/// @param readAttemptsMax how often a call that changes nothing is sent when the answer is lost or does not come
public record BudgetSettings(
        double share,
        Map<Ec2Action, RequestBucket> buckets,
        Map<Priority, PriorityRules> priorityRules,
        int concurrencyMax,
        int reservedForPods,
        int queueLengthMax,
        int readAttemptsMax) {

    private static final Duration RESET_AFTER = Duration.ofMinutes(20);

    public BudgetSettings {
        buckets = Collections.unmodifiableMap(new EnumMap<>(buckets));
        priorityRules = Collections.unmodifiableMap(new EnumMap<>(priorityRules));
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share);
        }
        if (buckets.size() < Ec2Action.values().length || priorityRules.size() < Priority.values().length) {
            throw new IllegalArgumentException("an action without a bucket, or a priority without rules");
        }
        if (reservedForPods < 0 || reservedForPods >= concurrencyMax || queueLengthMax < 1 || readAttemptsMax < 1) {
            throw new IllegalArgumentException(concurrencyMax + " at once, " + reservedForPods + " of them reserved, "
                    + queueLengthMax + " queued, " + readAttemptsMax + " attempts");
        }
    }

    /// What EC2 documents for an account that asked for nothing else, and this part of it.
    ///
    /// @param share above 0, at most 1
    public static BudgetSettings ofShare(double share) {
        return new BudgetSettings(share, documented(), usualPriorityRules(), 16, 4, 1_000, 5);
    }

    /// The same with another share.
    ///
    /// @param other above 0, at most 1
    public BudgetSettings withShare(double other) {
        return new BudgetSettings(
                other, buckets, priorityRules, concurrencyMax, reservedForPods, queueLengthMax, readAttemptsMax);
    }

    /// EC2's request buckets, per account and region ("Request throttling for the Amazon EC2 API"). Actions
    /// that the page does not name have the bucket of their category.
    public static Map<Ec2Action, RequestBucket> documented() {
        Map<Ec2Action, RequestBucket> table = new EnumMap<>(Ec2Action.class);
        for (Ec2Action action : Ec2Action.values()) {
            table.put(
                    action,
                    switch (action) {
                        case DESCRIBE_INSTANCE_TYPES, DESCRIBE_NETWORK_INTERFACES, DESCRIBE_SUBNETS ->
                            new RequestBucket(100, 20);
                        case CREATE_TAGS -> new RequestBucket(100, 10);
                        case CREATE_NETWORK_INTERFACE,
                                MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
                                DELETE_NETWORK_INTERFACE,
                                ASSIGN_PRIVATE_IP_ADDRESSES,
                                UNASSIGN_PRIVATE_IP_ADDRESSES,
                                ASSIGN_IPV6_ADDRESSES -> new RequestBucket(100, 5);
                        case ATTACH_NETWORK_INTERFACE, DETACH_NETWORK_INTERFACE, UNASSIGN_IPV6_ADDRESSES ->
                            new RequestBucket(50, 5);
                    });
        }
        return table;
    }

    private static Map<Priority, PriorityRules> usualPriorityRules() {
        Map<Priority, PriorityRules> table = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            table.put(
                    priority,
                    switch (priority) {
                        case POD_WAITS ->
                            new PriorityRules(Duration.ZERO, Duration.ofMinutes(30), 1, urgent(Duration.ofSeconds(1)));
                        case WARM ->
                            new PriorityRules(
                                    Duration.ofSeconds(30), Duration.ofMinutes(30), 1, urgent(Duration.ofSeconds(2)));
                        case LOOK ->
                            new PriorityRules(
                                    Duration.ofMinutes(1), Duration.ofMinutes(5), 2, patient(Duration.ofSeconds(30)));
                        case CLEAN_UP ->
                            new PriorityRules(
                                    Duration.ofMinutes(2), Duration.ofMinutes(30), 2, patient(Duration.ofSeconds(15)));
                    });
        }
        return table;
    }

    /// A pod or the warm pool waits: at most about half a minute between two attempts.
    private static BackoffSettings urgent(Duration firstGap) {
        return new BackoffSettings(gap(firstGap, Duration.ofSeconds(30)), 0.8, RESET_AFTER);
    }

    /// Every node repeats these calls: the gap grows with the size of the fleet and recovers slowly.
    private static BackoffSettings patient(Duration firstGap) {
        return new BackoffSettings(gap(firstGap, Duration.ofMinutes(15)), 0.95, RESET_AFTER);
    }

    private static Backoff gap(Duration first, Duration longest) {
        return Backoff.doubling(first, longest).withJitter(0.5);
    }
}
