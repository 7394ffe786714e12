package io.vpceni.eni.life;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.GrowthObstacle;

/// EC2's refusals in the pool's words.
final class AllocationErrors {

    private AllocationErrors() {}

    static GrowthObstacle of(Ec2Failure.Kind kind) {
        return switch (kind) {
            case THROTTLED -> GrowthObstacle.THROTTLED;
            case SUBNET_EXHAUSTED -> GrowthObstacle.SUBNET_EXHAUSTED;
            case NO_CONTIGUOUS_PREFIX -> GrowthObstacle.NO_CONTIGUOUS_PREFIX;
            case ENI_LIMIT -> GrowthObstacle.ENI_LIMIT;
            case ADDRESS_LIMIT -> GrowthObstacle.ADDRESS_LIMIT;
            case UNAUTHORIZED, NOT_AUTHENTICATED -> GrowthObstacle.UNAUTHORIZED;
            case OUTCOME_UNKNOWN -> GrowthObstacle.OUTCOME_UNKNOWN;
            case NOT_FOUND, CONFLICT, UNAVAILABLE, NO_CREDENTIALS, INVALID, OTHER -> GrowthObstacle.OTHER;
        };
    }
}
