package io.vpceni.eni;

import io.vpceni.pool.EniId;
import io.vpceni.pool.GrowthObstacle;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The node did not get an ENI or addresses, or could not give them back. The message says why, what to do, and which
/// ENI was left behind, if any.
public final class EniFailure extends IOException {

    private static final long serialVersionUID = 1L;

    private final GrowthObstacle obstacle;

    private final transient List<EniId> leaked;

    public EniFailure(GrowthObstacle obstacle, String message, List<EniId> leaked, @Nullable Throwable cause) {
        super(message, cause);
        this.obstacle = obstacle;
        this.leaked = List.copyOf(leaked);
    }

    static EniFailure of(Ec2Failure failure) {
        return new EniFailure(obstacleOf(failure.kind()), String.valueOf(failure.getMessage()), List.of(), failure);
    }

    /// Something of it has happened, or may have, before it was refused.
    static EniFailure unknown(Ec2Failure failure) {
        return new EniFailure(GrowthObstacle.OUTCOME_UNKNOWN, String.valueOf(failure.getMessage()), List.of(), failure);
    }

    /// The reason in the pool's words.
    public GrowthObstacle obstacle() {
        return obstacle;
    }

    /// ENIs that were made and could not be deleted again: an operator must look after them.
    public List<EniId> leaked() {
        return leaked;
    }

    static GrowthObstacle obstacleOf(Ec2Failure.Kind kind) {
        return switch (kind) {
            case THROTTLED -> GrowthObstacle.THROTTLED;
            case SUBNET_EXHAUSTED -> GrowthObstacle.SUBNET_EXHAUSTED;
            case NO_CONTIGUOUS_PREFIX -> GrowthObstacle.NO_CONTIGUOUS_PREFIX;
            case ENI_LIMIT -> GrowthObstacle.ENI_LIMIT;
            case ADDRESS_LIMIT -> GrowthObstacle.ADDRESS_LIMIT;
            case UNAUTHORIZED -> GrowthObstacle.UNAUTHORIZED;
            case OUTCOME_UNKNOWN -> GrowthObstacle.OUTCOME_UNKNOWN;
            case NOT_FOUND, CONFLICT, UNAVAILABLE, INVALID, OTHER -> GrowthObstacle.OTHER;
        };
    }
}
