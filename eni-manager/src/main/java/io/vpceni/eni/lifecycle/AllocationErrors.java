package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.AllocationError;

/// EC2's refusals in the pool's words.
final class AllocationErrors {

    private AllocationErrors() {}

    static AllocationError of(Ec2Failure.Kind kind) {
        return switch (kind) {
            case THROTTLED -> AllocationError.THROTTLED;
            case SUBNET_EXHAUSTED -> AllocationError.SUBNET_EXHAUSTED;
            case NO_CONTIGUOUS_PREFIX -> AllocationError.NO_CONTIGUOUS_PREFIX;
            case ENI_LIMIT -> AllocationError.ENI_LIMIT;
            case ADDRESS_LIMIT -> AllocationError.ADDRESS_LIMIT;
            case UNAUTHORIZED -> AllocationError.UNAUTHORIZED;
            case FORBIDDEN_BY_SETTING -> AllocationError.FORBIDDEN_BY_SETTING;
            case NOT_AUTHENTICATED -> AllocationError.NOT_AUTHENTICATED;
            case OUTCOME_UNKNOWN -> AllocationError.OUTCOME_UNKNOWN;
            case NOT_FOUND, CONFLICT, UNAVAILABLE, NO_CREDENTIALS, INVALID, OTHER -> AllocationError.OTHER;
        };
    }
}
