package io.vpceni.lab.ec2.control;

import io.vpceni.lab.ec2.fault.Fault;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Error codes that a call of a node may meet: those that EC2 documents for all actions, for its servers and for ENIs,
/// and those of the AWS SDKs. Source: "Error codes for the Amazon EC2 API" in the EC2 API reference.
final class KnownErrorCodes {
    private static final Set<String> ALL = Arrays.stream("""
            AccessDenied AccessDeniedException AttachmentLimitExceeded AuthFailure BandwidthLimitExceeded Blocked
            ConcurrentTagAccess DependencyViolation DryRunOperation EC2ThrottledException ExpiredToken
            ExpiredTokenException FilterLimitExceeded IdempotentParameterMismatch IncompleteSignature IncorrectInstanceState
            IncorrectState InstanceLimitExceeded InsufficientAddressCapacity InsufficientCapacity InsufficientCidrBlocks
            InsufficientFreeAddressesInSubnet InsufficientHostCapacity InsufficientInstanceCapacity InternalError
            InternalFailure InvalidAction InvalidAttachment.NotFound InvalidAttachmentID.Malformed
            InvalidAttachmentID.NotFound InvalidAvailabilityZone InvalidCharacter InvalidClientToken InvalidClientTokenId
            InvalidFilter InvalidGroup.Duplicate InvalidGroup.InUse InvalidGroup.NotFound InvalidGroupId.Malformed
            InvalidHostState InvalidID InvalidIPAddress.InUse InvalidInput InvalidInstanceAttributeValue InvalidInstanceID
            InvalidInstanceID.Malformed InvalidInstanceID.NotFound InvalidInstanceState InvalidInstanceType
            InvalidInterface.IpAddressLimitExceeded InvalidIpAddress.InUse InvalidNetworkInterface.InUse
            InvalidNetworkInterface.NotFound InvalidNetworkInterfaceAttachmentId.Malformed
            InvalidNetworkInterfaceID.Malformed InvalidNetworkInterfaceID.NotFound InvalidNetworkInterfaceId.Malformed
            InvalidNetworkInterfaceId.NotFound InvalidNextToken InvalidPaginationToken InvalidParameter
            InvalidParameterCombination InvalidParameterDependency InvalidParameterValue InvalidParameterValue.InUse
            InvalidPrivateIpAddress.InUse InvalidQueryParameter InvalidRequest InvalidResourceType.Unknown
            InvalidSecurity.RequestHasExpired InvalidSecurityGroupID.Malformed InvalidSecurityGroupID.NotFound
            InvalidSecurityToken InvalidSignatureException InvalidState InvalidSubnet InvalidSubnet.Conflict
            InvalidSubnet.NotFound InvalidSubnet.Range InvalidSubnetID.Malformed InvalidSubnetID.NotFound
            InvalidTagKey.Malformed InvalidVpcID.NotFound MalformedQueryString MaxIOPSLimitExceeded MissingAction
            MissingAuthenticationToken MissingParameter NetworkInterfaceLimitExceeded NetworkInterfaceNotFoundException
            NetworkInterfaceNotSupported OperationInProgress OperationNotPermitted OptInRequired PendingVerification
            PrivateIpAddressLimitExceeded RequestExpired RequestInTheFuture RequestLimitExceeded
            RequestResourceCountExceeded RequestThrottled RequestThrottledException RequestTimeTooSkewed RequestTimeout
            RequestTimeoutException ResourceInUse ResourceLimitExceeded SecurityGroupsPerInterfaceLimitExceeded
            ServerInternal ServiceUnavailable ServiceUnavailableException SignatureDoesNotMatch SlowDown
            SubnetLimitExceeded TagLimitExceeded TagPolicyViolation Throttling ThrottlingException
            TooManyRequestsException UnauthorizedOperation Unavailable UnknownParameter UnknownPrincipalType.Unsupported
            UnrecognizedClientException Unsupported UnsupportedException UnsupportedHibernationConfiguration
            UnsupportedInstanceAttribute UnsupportedOperation UnsupportedProtocol UnsupportedTenancy ValidationError
            VPCIdNotSpecified VcpuLimitExceeded VpcLimitExceeded""".split("\\s+")).collect(Collectors.toUnmodifiableSet());

    private KnownErrorCodes() {}

    /// What is odd about the fault, for whoever adds it.
    static Optional<String> warning(Fault fault) {
        return fault instanceof Fault.Refuse(String code) && !ALL.contains(code)
                ? Optional.of(
                        "'" + code + "' is no error code that EC2 documents for such calls, nor one that ipamd knows:"
                                + " is it spelt right? Calls are refused with it nevertheless")
                : Optional.empty();
    }
}
