package io.vpceni.lab.ec2;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/// The account's token buckets, shared by all its callers. A refused request takes no token.
///
/// Guarded by the account's lock.
final class Buckets implements Admission {
    private static final String BARE = " (all)";
    private static final String INSTANCES = " (instances)";
    private static final Pattern NARROWED =
            Pattern.compile("MaxResults|NextToken|(Filter|InstanceId|NetworkInterfaceId|GroupId|GroupName)\\..*");
    private static final Pattern INSTANCE = Pattern.compile("InstanceId\\..*");

    /// A bucket at the time of its last use.
    private record Level(BucketSizes.Size size, double tokens, Instant at) {
        Level at(Instant now, double share) {
            double seconds = Math.max(0, Duration.between(at, now).toNanos() / 1e9);
            double most = size.tokens() * share;
            return new Level(size, Math.min(most, tokens + size.perSecond() * share * seconds), now);
        }
    }

    private final BucketSizes sizes;
    private final Supplier<Instant> now;
    private final ToDoubleFunction<String> othersShare;
    private final SortedMap<String, Level> levels = new TreeMap<>();

    /// @param othersShare of each bucket of an action that other clients use, 0 to 1
    Buckets(BucketSizes sizes, Supplier<Instant> now, ToDoubleFunction<String> othersShare) {
        this.sizes = sizes;
        this.now = now;
        this.othersShare = othersShare;
    }

    @Override
    public void admit(ApiCall call) {
        if (!sizes.on()) {
            return;
        }
        String action = call.action();
        boolean bare = BucketSizes.BARE.contains(action)
                && call.form().keySet().stream()
                        .noneMatch(name -> NARROWED.matcher(name).matches());
        String requests = bare ? action + BARE : action;
        BucketSizes.Size perInstance = sizes.resources().get(action);
        double share = 1 - othersShare.applyAsDouble(action);
        Level level = level(requests, sizes.of(action, bare), share);
        if (level.tokens() < 1) {
            throw Refusals.of(CallLog.THROTTLED);
        }
        if (perInstance != null) {
            double instances = instances(call.form());
            Level resources = level(action + INSTANCES, perInstance, share);
            if (resources.tokens() < instances) {
                throw Refusals.of(CallLog.THROTTLED);
            }
            levels.put(action + INSTANCES, less(resources, instances));
        }
        levels.put(requests, less(level, 1));
    }

    private Level level(String bucket, BucketSizes.Size size, double share) {
        Level full = new Level(size, size.tokens(), now.get());
        return levels.getOrDefault(bucket, full).at(now.get(), share);
    }

    private static Level less(Level level, double tokens) {
        return new Level(level.size(), level.tokens() - tokens, level.at());
    }

    /// RunInstances may start as many as `MaxCount`; TerminateInstances names them.
    private static double instances(Map<String, String> form) {
        String most = form.getOrDefault("MaxCount", "");
        return most.matches("[0-9]{1,6}")
                ? Integer.parseInt(most)
                : form.keySet().stream()
                        .filter(name -> INSTANCE.matcher(name).matches())
                        .count();
    }

    /// The tokens of the buckets that were used, by action.
    SortedMap<String, Double> tokens() {
        SortedMap<String, Double> tokens = new TreeMap<>();
        levels.forEach((bucket, level) -> {
            double share = 1 - othersShare.applyAsDouble(bucket.replaceFirst(" .*", ""));
            tokens.put(bucket, level.at(now.get(), share).tokens());
        });
        return Collections.unmodifiableSortedMap(tokens);
    }
}
