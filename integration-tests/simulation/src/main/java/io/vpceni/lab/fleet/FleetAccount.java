package io.vpceni.lab.fleet;

import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestBucket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// One account's request buckets in one region, and who draws on them: the fleet, and perhaps another client, which
/// asks at a steady rate whatever happens.
final class FleetAccount {

    /// How often an action was asked for, and how often there was no token.
    record RequestCount(long asked, long throttled) {
        private static final RequestCount NONE = new RequestCount(0, 0);

        private RequestCount and(boolean served) {
            return new RequestCount(asked + 1, served ? throttled : throttled + 1);
        }

        RequestCount plus(RequestCount other) {
            return new RequestCount(asked + other.asked, throttled + other.throttled);
        }

        long served() {
            return asked - throttled;
        }
    }

    static final String DESCRIBE_INSTANCES = "DescribeInstances";

    private final Timeline timeline;
    private final Map<String, Bucket> buckets = new HashMap<>();
    private final SortedMap<String, RequestCount> fleet = new TreeMap<>();
    private RequestCount other = RequestCount.NONE;

    FleetAccount(Timeline timeline) {
        this.timeline = timeline;
        buckets().forEach((action, allowance) -> buckets.put(action, new Bucket(allowance)));
    }

    /// By EC2's name of the action.
    static SortedMap<String, RequestBucket> buckets() {
        SortedMap<String, RequestBucket> byName = new TreeMap<>();
        BudgetSettings.documented().forEach((action, allowance) -> byName.put(action.apiName(), allowance));
        byName.put(DESCRIBE_INSTANCES, new RequestBucket(100, 20));
        return byName;
    }

    /// A request of the fleet's.
    ///
    /// @return whether there was a token; without one EC2 answers `RequestLimitExceeded`
    boolean admits(String action) {
        boolean served = bucket(action).take(timeline.now());
        fleet.merge(action, RequestCount.NONE.and(served), RequestCount::plus);
        return served;
    }

    /// From now on somebody else asks for each action, at that part of its refill, at random instants.
    ///
    /// @param share 0 to 1
    void otherClient(double share, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        buckets().forEach((action, allowance) -> otherAsks(action, allowance.perSecond() * share, random));
    }

    private void otherAsks(String action, double perSecond, SplittableRandom random) {
        if (perSecond > 0) {
            double seconds = -Math.log(1 - random.nextDouble()) / perSecond;
            timeline.in(Duration.ofNanos((long) (seconds * 1e9)), () -> {
                other = other.plus(RequestCount.NONE.and(bucket(action).take(timeline.now())));
                otherAsks(action, perSecond, random);
            });
        }
    }

    /// What the fleet asked for, by action.
    SortedMap<String, RequestCount> fleet() {
        return new TreeMap<>(fleet);
    }

    /// What the other client asked for.
    RequestCount other() {
        return other;
    }

    /// The least time in which an account can serve so many calls of each action, all buckets full at first.
    ///
    /// @param needed by action
    /// @param otherShare part of the refill that somebody else has
    static Duration floor(Map<String, Long> needed, double otherShare) {
        double seconds = 0;
        SortedMap<String, RequestBucket> buckets = buckets();
        for (Map.Entry<String, Long> need : needed.entrySet()) {
            RequestBucket allowance = buckets.get(need.getKey());
            if (allowance == null) {
                throw new IllegalArgumentException("no bucket for " + need.getKey());
            }
            double wait = (need.getValue() - allowance.burst()) / (allowance.perSecond() * (1 - otherShare));
            seconds = Math.max(seconds, wait);
        }
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private Bucket bucket(String action) {
        Bucket bucket = buckets.get(action);
        if (bucket == null) {
            throw new IllegalArgumentException("no bucket for " + action);
        }
        return bucket;
    }
}
