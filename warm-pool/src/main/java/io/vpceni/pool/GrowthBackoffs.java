package io.vpceni.pool;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Which requests for more are not repeated for a while, by what failed (docs/warm-pool.md, "When EC2 gives nothing").
/// Each ENI has a back-off of its own besides ([PooledEni#growing]).
final class GrowthBackoffs {

    /// What backs off after an error.
    enum Scope {
        ALL_GROWTH,
        PREFIXES,
        /// All requests for more blocks on ENIs that are here, or all requests for new ENIs.
        THAT_CALL,
        /// Requests for more on that ENI, or all requests for new ENIs.
        THAT_ENI_OR_NEW_ENIS
    }

    private final GrowthBackoff everything = new GrowthBackoff();
    private final GrowthBackoff moreBlocks = new GrowthBackoff();
    private final GrowthBackoff newEnis = new GrowthBackoff();
    private final GrowthBackoff prefixes = new GrowthBackoff();

    static Scope scope(AllocationError error) {
        return switch (error) {
            case THROTTLED -> Scope.ALL_GROWTH; // the request rate is the same whatever is asked for
            case NO_CONTIGUOUS_PREFIX -> Scope.PREFIXES;
            case UNAUTHORIZED, FORBIDDEN_BY_SETTING, NOT_AUTHENTICATED -> Scope.THAT_CALL;
            case SUBNET_EXHAUSTED, ENI_LIMIT, ADDRESS_LIMIT, OUTCOME_UNKNOWN, OTHER -> Scope.THAT_ENI_OR_NEW_ENIS;
        };
    }

    /// @param on the ENI that was to have more; empty when it was to be a new one
    void failed(Optional<PooledEni> on, AllocationError error, String detail, Instant now) {
        GrowthBackoff concerned = switch (scope(error)) {
            case ALL_GROWTH -> everything;
            case PREFIXES -> prefixes;
            case THAT_CALL -> on.isPresent() ? moreBlocks : newEnis;
            case THAT_ENI_OR_NEW_ENIS -> on.map(PooledEni::growing).orElse(newEnis);
        };
        concerned.failed(error, detail, now);
    }

    /// More blocks came to an ENI that was here.
    void blocksCame(PooledEni on, Instant now) {
        on.growing().succeeded(now);
        moreBlocks.succeeded(now);
        everything.succeeded(now);
    }

    /// A new ENI came.
    void eniCame(Instant now) {
        newEnis.succeeded(now);
        everything.succeeded(now);
    }

    /// A prefix came.
    void prefixCame(Instant now) {
        prefixes.succeeded(now);
    }

    /// ADDs wait: what only an operator can mend is tried more often.
    void retrySoon() {
        moreBlocks.retrySoon();
        newEnis.retrySoon();
    }

    Optional<Instant> everythingUntil(Instant now) {
        return everything.until(now);
    }

    /// Until when which kinds of requests are not to be made.
    GrowthSizing.BackOffs asOf(Instant now) {
        return new GrowthSizing.BackOffs(moreBlocks.until(now), newEnis.until(now), prefixes.until(now));
    }

    boolean prefixesBackOff(Instant now) {
        return prefixes.isActive(now);
    }

    /// Whether no prefix came since one was refused.
    boolean prefixesFailed() {
        return prefixes.lastFailure().isPresent();
    }

    /// The latest failure that no success of its kind followed.
    Optional<PoolSnapshot.GrowthFailure> lastFailure(Collection<PooledEni> enis) {
        return Stream.concat(
                        Stream.of(everything, moreBlocks, newEnis, prefixes),
                        enis.stream().map(PooledEni::growing))
                .flatMap(backOff -> backOff.lastFailure().stream())
                .max(Comparator.comparing(PoolSnapshot.GrowthFailure::at)
                        .thenComparing(PoolSnapshot.GrowthFailure::error));
    }
}
