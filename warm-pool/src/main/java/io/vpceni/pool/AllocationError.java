package io.vpceni.pool;

/// Why the node did not get more addresses. Decides how long the pool waits before it asks again.
public enum AllocationError {
    /// The subnet has no free address (`InsufficientFreeAddressesInSubnet`).
    SUBNET_EXHAUSTED,
    /// The subnet has free addresses but no aligned sixteen of them (`InsufficientCidrBlocks`).
    NO_CONTIGUOUS_PREFIX,
    /// EC2 refused for now (`RequestLimitExceeded`).
    THROTTLED,
    /// The instance holds as many ENIs as it may (`AttachmentLimitExceeded`).
    ENI_LIMIT,
    /// The ENI holds as many addresses as it may (`PrivateIpAddressLimitExceeded`).
    ADDRESS_LIMIT,
    /// The role may not do it (`UnauthorizedOperation`).
    UNAUTHORIZED,
    /// A setting of this node forbids it: EC2 was not asked.
    FORBIDDEN_BY_SETTING,
    /// EC2 does not accept the credentials, the signature or the clock (`AuthFailure` with status 401).
    NOT_AUTHENTICATED,
    /// The call may have happened or not: an answer was lost.
    OUTCOME_UNKNOWN,
    /// Anything else; the detail says what.
    OTHER;

    /// Whether the call was refused as such, so that it changed nothing.
    boolean isRefusal() {
        return switch (this) {
            case THROTTLED, UNAUTHORIZED, FORBIDDEN_BY_SETTING, NOT_AUTHENTICATED -> true;
            case SUBNET_EXHAUSTED, NO_CONTIGUOUS_PREFIX, ENI_LIMIT, ADDRESS_LIMIT, OUTCOME_UNKNOWN, OTHER -> false;
        };
    }

    /// Whether only an operator can mend it: a permission, a setting, credentials, a clock.
    boolean needsAnOperator() {
        return switch (this) {
            case UNAUTHORIZED, FORBIDDEN_BY_SETTING, NOT_AUTHENTICATED -> true;
            case THROTTLED, SUBNET_EXHAUSTED, NO_CONTIGUOUS_PREFIX, ENI_LIMIT, ADDRESS_LIMIT, OUTCOME_UNKNOWN, OTHER ->
                false;
        };
    }
}
