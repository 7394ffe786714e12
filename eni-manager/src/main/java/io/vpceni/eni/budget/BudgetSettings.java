package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.life.Priority;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How much of EC2 this node may have.
///
/// @param share of the account's buckets; above 0, 1 is all of them
/// @param allowances the account's buckets, one for every action
/// @param courtesies one for every priority
/// @param atOnceMax calls that are under way at the same time
/// @param lastPlaces so many of those are kept for calls that a pod waits for
/// @param waitingMax calls that may wait; the next one is refused
/// @param readAttemptsMax how often a call that changes nothing is made when the answer is lost or does not come
public record BudgetSettings(
        double share,
        Map<Ec2Action, Allowance> allowances,
        Map<Priority, Courtesy> courtesies,
        int atOnceMax,
        int lastPlaces,
        int waitingMax,
        int readAttemptsMax) {

    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(20);

    public BudgetSettings {
        allowances = Collections.unmodifiableMap(new EnumMap<>(allowances));
        courtesies = Collections.unmodifiableMap(new EnumMap<>(courtesies));
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share);
        }
        if (allowances.size() < Ec2Action.values().length || courtesies.size() < Priority.values().length) {
            throw new IllegalArgumentException("not every action has an allowance, or not every priority a courtesy");
        }
        if (lastPlaces < 0 || lastPlaces >= atOnceMax || waitingMax < 1 || readAttemptsMax < 1) {
            throw new IllegalArgumentException(atOnceMax + " at once, " + lastPlaces + " of them kept, " + waitingMax
                    + " waiting, " + readAttemptsMax + " attempts");
        }
    }

    /// What EC2 documents for an account that asked for nothing else, and this part of it.
    ///
    /// @param share above 0, at most 1
    public static BudgetSettings ofShare(double share) {
        return new BudgetSettings(share, documented(), usualCourtesies(), 16, 4, 1_000, 5);
    }

    /// The same with another share.
    ///
    /// @param other above 0, at most 1
    public BudgetSettings withShare(double other) {
        return new BudgetSettings(other, allowances, courtesies, atOnceMax, lastPlaces, waitingMax, readAttemptsMax);
    }

    /// EC2's request buckets, per account and region ("Request throttling for the Amazon EC2 API"). Actions that the
    /// page does not name have the bucket of their category.
    public static Map<Ec2Action, Allowance> documented() {
        Map<Ec2Action, Allowance> table = new EnumMap<>(Ec2Action.class);
        for (Ec2Action action : Ec2Action.values()) {
            table.put(
                    action,
                    switch (action) {
                        case DESCRIBE_INSTANCE_TYPES, DESCRIBE_NETWORK_INTERFACES, DESCRIBE_SUBNETS ->
                            new Allowance(100, 20);
                        case CREATE_TAGS -> new Allowance(100, 10);
                        case CREATE_NETWORK_INTERFACE,
                                MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
                                DELETE_NETWORK_INTERFACE,
                                ASSIGN_PRIVATE_IP_ADDRESSES,
                                UNASSIGN_PRIVATE_IP_ADDRESSES,
                                ASSIGN_IPV6_ADDRESSES -> new Allowance(100, 5);
                        case ATTACH_NETWORK_INTERFACE, DETACH_NETWORK_INTERFACE, UNASSIGN_IPV6_ADDRESSES ->
                            new Allowance(50, 5);
                    });
        }
        return table;
    }

    private static Map<Priority, Courtesy> usualCourtesies() {
        Map<Priority, Courtesy> table = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            table.put(
                    priority,
                    switch (priority) {
                        case POD_WAITS ->
                            new Courtesy(Duration.ZERO, Duration.ofMinutes(30), 1, urgent(Duration.ofSeconds(1)));
                        case WARM ->
                            new Courtesy(
                                    Duration.ofSeconds(30), Duration.ofMinutes(30), 1, urgent(Duration.ofSeconds(2)));
                        case LOOK ->
                            new Courtesy(
                                    Duration.ofMinutes(1), Duration.ofMinutes(5), 2, patient(Duration.ofSeconds(30)));
                        case CLEAN_UP ->
                            new Courtesy(
                                    Duration.ofMinutes(2), Duration.ofMinutes(30), 2, patient(Duration.ofSeconds(15)));
                    });
        }
        return table;
    }

    /// What waits for it should not wait much longer than it must: half a minute or so between two tries.
    private static Pacing urgent(Duration firstGap) {
        return new Pacing(firstGap, Duration.ofSeconds(30), 2, 0.8, FORGOTTEN_AFTER);
    }

    /// Comes again and again on every node: the gap has to become as long as the fleet is large, and stay so.
    private static Pacing patient(Duration firstGap) {
        return new Pacing(firstGap, Duration.ofMinutes(15), 2, 0.95, FORGOTTEN_AFTER);
    }
}
