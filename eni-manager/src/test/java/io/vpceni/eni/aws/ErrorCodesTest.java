package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.Ec2Failure.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The codes that EC2 documents for the actions that a node uses, and those common to all actions.
class ErrorCodesTest {

    @ParameterizedTest(name = "{0} with status {1} is {2}")
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            code,                                     status, kind
            RequestLimitExceeded,                     503,    THROTTLED
            Throttling,                               400,    THROTTLED
            ThrottlingException,                      400,    THROTTLED
            InsufficientFreeAddressesInSubnet,        400,    SUBNET_EXHAUSTED
            InsufficientCidrBlocks,                   400,    NO_CONTIGUOUS_PREFIX
            AttachmentLimitExceeded,                  400,    ENI_LIMIT
            NetworkInterfaceLimitExceeded,            400,    ENI_LIMIT
            PrivateIpAddressLimitExceeded,            400,    ADDRESS_LIMIT
            InvalidInterface.IpAddressLimitExceeded,  400,    ADDRESS_LIMIT
            InvalidNetworkInterfaceID.NotFound,       400,    NOT_FOUND
            InvalidNetworkInterfaceId.NotFound,       400,    NOT_FOUND
            InvalidAttachmentID.NotFound,             400,    NOT_FOUND
            InvalidAttachment.NotFound,               400,    NOT_FOUND
            InvalidInstanceID.NotFound,               400,    NOT_FOUND
            InvalidSubnetID.NotFound,                 400,    NOT_FOUND
            InvalidGroup.NotFound,                    400,    NOT_FOUND
            InvalidSomethingNew.NotFound,             400,    NOT_FOUND
            UnauthorizedOperation,                    403,    UNAUTHORIZED
            AuthFailure,                              401,    NOT_AUTHENTICATED
            AuthFailure,                              403,    UNAUTHORIZED
            AuthFailure,                              400,    UNAUTHORIZED
            InvalidClientTokenId,                     403,    NOT_AUTHENTICATED
            RequestExpired,                           400,    NOT_AUTHENTICATED
            ExpiredToken,                             403,    NOT_AUTHENTICATED
            SignatureDoesNotMatch,                    403,    NOT_AUTHENTICATED
            OptInRequired,                            403,    UNAUTHORIZED
            MissingAuthenticationToken,               403,    NOT_AUTHENTICATED
            '',                                       401,    NOT_AUTHENTICATED
            SomethingEntirelyNew,                     401,    NOT_AUTHENTICATED
            UnauthorizedOperation,                    401,    UNAUTHORIZED
            IncompleteSignature,                      400,    NOT_AUTHENTICATED
            Blocked,                                  403,    UNAUTHORIZED
            InvalidNetworkInterface.InUse,            400,    CONFLICT
            InvalidIPAddress.InUse,                   400,    CONFLICT
            IncorrectState,                           400,    CONFLICT
            IncorrectInstanceState,                   400,    CONFLICT
            OperationNotPermitted,                    400,    CONFLICT
            ConcurrentTagAccess,                      400,    CONFLICT
            InternalError,                            500,    OUTCOME_UNKNOWN
            InternalFailure,                          501,    OUTCOME_UNKNOWN
            Unavailable,                              503,    OUTCOME_UNKNOWN
            ServiceUnavailable,                       503,    OUTCOME_UNKNOWN
            '',                                       502,    OUTCOME_UNKNOWN
            InvalidParameterValue,                    400,    INVALID
            InvalidParameterCombination,              400,    INVALID
            InvalidParameterSomethingNew,             400,    INVALID
            MissingParameter,                         400,    INVALID
            UnknownParameter,                         400,    INVALID
            InvalidNetworkInterfaceID.Malformed,      400,    INVALID
            InvalidInstanceID.Malformed,              400,    INVALID
            InvalidSomethingNew.Malformed,            400,    INVALID
            InvalidInstanceType,                      400,    INVALID
            IdempotentParameterMismatch,              400,    INVALID
            InvalidPaginationToken,                   400,    INVALID
            TagLimitExceeded,                         400,    INVALID
            SecurityGroupsPerInterfaceLimitExceeded,  400,    INVALID
            UnsupportedOperation,                     400,    INVALID
            InvalidAction,                            400,    INVALID
            SomethingEntirelyNew,                     400,    OTHER
            """)
    void aCodeMeans(String code, int status, Kind kind) {
        assertThat(ErrorCodes.kindOf(code, status)).isEqualTo(kind);
    }
}
