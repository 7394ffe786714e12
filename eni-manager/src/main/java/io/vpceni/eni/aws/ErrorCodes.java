package io.vpceni.eni.aws;

import io.vpceni.eni.Ec2Failure.Kind;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// EC2's error codes and what they mean to a node. Source: "Error codes for the Amazon EC2 API" in the EC2 API
/// reference.
final class ErrorCodes {

    /// The lowest HTTP status of a server error.
    private static final int SERVER_FAILED = 500;

    private static final Map<String, Kind> KINDS = kinds();

    private ErrorCodes() {}

    /// The meaning of a code. The status counts only for codes that are not in the table, and for
    /// `AuthFailure`: with another status than 401 the credentials are valid, and the named object belongs to
    /// another account.
    ///
    /// @param code EC2's; "" when the answer held none
    /// @param status HTTP status of the answer
    static Kind kindOf(String code, int status) {
        if (code.equals("AuthFailure")) {
            return status == HttpURLConnection.HTTP_UNAUTHORIZED ? Kind.NOT_AUTHENTICATED : Kind.UNAUTHORIZED;
        }
        Kind known = KINDS.get(code);
        if (known != null) {
            return known;
        }
        if (status >= SERVER_FAILED) {
            return Kind.OUTCOME_UNKNOWN;
        }
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
            return Kind.NOT_AUTHENTICATED;
        }
        String lower = code.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".notfound")) {
            return Kind.NOT_FOUND;
        }
        if (lower.endsWith(".malformed") || lower.startsWith("invalidparameter")) {
            return Kind.INVALID;
        }
        return Kind.OTHER;
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new TreeMap<>();
        put(kinds, Kind.THROTTLED, "RequestLimitExceeded", "Throttling", "ThrottlingException", "RequestThrottled");
        put(kinds, Kind.THROTTLED, "EC2ThrottledException", "RequestThrottledException", "SlowDown");
        put(kinds, Kind.THROTTLED, "BandwidthLimitExceeded", "TooManyRequestsException");
        put(kinds, Kind.SUBNET_EXHAUSTED, "InsufficientFreeAddressesInSubnet");
        put(kinds, Kind.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks");
        put(kinds, Kind.ENI_LIMIT, "AttachmentLimitExceeded", "NetworkInterfaceLimitExceeded");
        put(kinds, Kind.ADDRESS_LIMIT, "PrivateIpAddressLimitExceeded", "InvalidInterface.IpAddressLimitExceeded");
        put(kinds, Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound", "InvalidNetworkInterfaceId.NotFound");
        put(kinds, Kind.NOT_FOUND, "InvalidAttachmentID.NotFound", "InvalidAttachment.NotFound");
        put(kinds, Kind.NOT_FOUND, "InvalidInstanceID.NotFound", "InvalidSubnetID.NotFound", "InvalidGroup.NotFound");
        put(kinds, Kind.NOT_FOUND, "InvalidSubnet.NotFound", "InvalidSecurityGroupID.NotFound");
        put(kinds, Kind.UNAUTHORIZED, "UnauthorizedOperation", "AccessDenied", "AccessDeniedException");
        put(kinds, Kind.UNAUTHORIZED, "OptInRequired", "Blocked", "PendingVerification");
        put(kinds, Kind.NOT_AUTHENTICATED, "InvalidClientTokenId", "UnrecognizedClientException");
        put(kinds, Kind.NOT_AUTHENTICATED, "MissingAuthenticationToken", "ExpiredToken", "ExpiredTokenException");
        put(kinds, Kind.NOT_AUTHENTICATED, "RequestExpired", "InvalidSecurity.RequestHasExpired", "RequestInTheFuture");
        put(kinds, Kind.NOT_AUTHENTICATED, "RequestTimeTooSkewed", "SignatureDoesNotMatch", "IncompleteSignature");
        put(kinds, Kind.NOT_AUTHENTICATED, "InvalidSignatureException", "InvalidSecurityToken");
        put(kinds, Kind.CONFLICT, "InvalidNetworkInterface.InUse", "InvalidParameterValue.InUse", "IncorrectState");
        put(kinds, Kind.CONFLICT, "InvalidIPAddress.InUse", "IncorrectInstanceState", "InvalidState", "ResourceInUse");
        put(kinds, Kind.CONFLICT, "InvalidIpAddress.InUse", "InvalidPrivateIpAddress.InUse", "DependencyViolation");
        put(kinds, Kind.CONFLICT, "OperationInProgress", "ConcurrentTagAccess", "OperationNotPermitted");
        put(kinds, Kind.OUTCOME_UNKNOWN, "InternalError", "InternalFailure", "Unavailable", "ServiceUnavailable");
        put(kinds, Kind.OUTCOME_UNKNOWN, "RequestTimeout", "RequestTimeoutException", "ServiceUnavailableException");
        put(kinds, Kind.INVALID, "InvalidParameterValue", "InvalidParameter", "InvalidParameterCombination");
        put(kinds, Kind.INVALID, "MissingParameter", "UnknownParameter", "ValidationError", "MalformedQueryString");
        put(kinds, Kind.INVALID, "InvalidNetworkInterfaceID.Malformed", "InvalidNetworkInterfaceId.Malformed");
        put(kinds, Kind.INVALID, "InvalidInstanceID.Malformed", "InvalidSubnetID.Malformed");
        put(kinds, Kind.INVALID, "InvalidAttachmentID.Malformed", "InvalidGroupId.Malformed");
        put(kinds, Kind.INVALID, "InvalidInstanceID", "InvalidInstanceType", "InvalidFilter", "InvalidNextToken");
        put(kinds, Kind.INVALID, "InvalidPaginationToken", "FilterLimitExceeded", "IdempotentParameterMismatch");
        put(kinds, Kind.INVALID, "InvalidClientToken", "UnsupportedOperation", "Unsupported", "InvalidAction");
        put(kinds, Kind.INVALID, "TagLimitExceeded", "InvalidTagKey.Malformed", "TagPolicyViolation");
        put(kinds, Kind.INVALID, "SecurityGroupsPerInterfaceLimitExceeded", "InvalidSecurityGroupID.Malformed");
        return Map.copyOf(kinds);
    }

    private static void put(Map<String, Kind> kinds, Kind kind, String... codes) {
        for (String code : codes) {
            if (kinds.put(code, kind) != null) {
                throw new IllegalStateException(code + " is listed twice");
            }
        }
    }
}
