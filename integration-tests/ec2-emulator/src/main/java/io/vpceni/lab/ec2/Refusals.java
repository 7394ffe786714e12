package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Set;

/// Refusals that faults cause, with EC2's messages and HTTP status codes.
final class Refusals {
    /// Server errors, by EC2's list of error codes; all others are the client's.
    private static final Set<String> SERVER_ERRORS =
            Set.of("InternalError", "InternalFailure", "ServerInternal", "InsufficientInstanceCapacity");

    private static final Set<String> TRY_LATER =
            Set.of("RequestLimitExceeded", "Unavailable", "ServiceUnavailable", "InsufficientCapacity");

    private Refusals() {}

    static Ec2Refusal of(String code) {
        return new Ec2Refusal(status(code), code, message(code));
    }

    private static int status(String code) {
        if (SERVER_ERRORS.contains(code)) {
            return 500;
        }
        if (TRY_LATER.contains(code)) {
            return 503;
        }
        return switch (code) {
            case "UnauthorizedOperation" -> 403;
            case "AuthFailure" -> 401;
            default -> 400;
        };
    }

    private static String message(String code) {
        return switch (code) {
            case "RequestLimitExceeded" -> "Request limit exceeded.";
            case "InternalError", "InternalFailure", "ServerInternal" -> "An internal error has occurred";
            case "Unavailable", "ServiceUnavailable" -> "The service is unavailable. Please try again shortly.";
            case "UnauthorizedOperation" -> "You are not authorized to perform this operation.";
            case "InsufficientInstanceCapacity" ->
                "There is not enough capacity to fulfill your request in the Availability Zone you requested.";
            case "InsufficientFreeAddressesInSubnet" ->
                "The specified subnet does not have enough free addresses to satisfy the request.";
            case "InsufficientCidrBlocks" ->
                "The specified subnet does not have enough free cidr blocks to satisfy the request.";
            default -> "The request was refused with " + code + " by a fault of this EC2 emulation";
        };
    }
}
