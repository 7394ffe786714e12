package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.NodeLimits;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.Mockito;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignedPrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.AttachNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.AttachNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DetachNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.ModifyNetworkInterfaceAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifyNetworkInterfaceAttributeResponse;
import software.amazon.awssdk.services.ec2.model.NetworkCardInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.UnassignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesRequest;

/// The requests that leave, and what becomes of the answers.
class AwsEc2Test {

    private static final EniId ENI = new EniId("eni-0a1b2c3d4e5f60718");

    private static final Ipv4PrefixSpecification PREFIX =
            Ipv4PrefixSpecification.builder().ipv4Prefix("10.0.1.16/28").build();

    private final Ec2Client sdk = mock(Ec2Client.class);

    private final TurnedClock clock = new TurnedClock();

    private final AwsEc2 ec2 = AwsEc2.over(sdk, clock);

    /// The SDK's methods that take a lambda build the request and call the plain method.
    @BeforeEach
    void lambdasReachThePlainMethods() {
        when(sdk.describeNetworkInterfaces(Mockito.<Consumer<DescribeNetworkInterfacesRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.describeInstanceTypes(Mockito.<Consumer<DescribeInstanceTypesRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.attachNetworkInterface(Mockito.<Consumer<AttachNetworkInterfaceRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.modifyNetworkInterfaceAttribute(
                        Mockito.<Consumer<ModifyNetworkInterfaceAttributeRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.detachNetworkInterface(Mockito.<Consumer<DetachNetworkInterfaceRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.deleteNetworkInterface(Mockito.<Consumer<DeleteNetworkInterfaceRequest.Builder>>any()))
                .thenCallRealMethod();
    }

    @Test
    void ownEnisAreAskedForByInstanceAndPageByPage() throws Ec2Failure {
        NetworkInterface second = described("eni-00000002", "02:aa:00:00:00:02", 1);
        NetworkInterface first = described("eni-00000001", "02:AA:00:00:00:01", 0);
        when(sdk.describeNetworkInterfaces(any(DescribeNetworkInterfacesRequest.class)))
                .thenReturn(DescribeNetworkInterfacesResponse.builder()
                        .networkInterfaces(second)
                        .nextToken("more")
                        .build())
                .thenReturn(DescribeNetworkInterfacesResponse.builder()
                        .networkInterfaces(first)
                        .build());

        List<Ec2Eni> enis =
                ec2.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))).enis();

        ArgumentCaptor<DescribeNetworkInterfacesRequest> asked =
                ArgumentCaptor.forClass(DescribeNetworkInterfacesRequest.class);
        verify(sdk, times(2)).describeNetworkInterfaces(asked.capture());
        assertThat(asked.getAllValues().getFirst().filters()).singleElement().satisfies(filter -> {
            assertThat(filter.name()).isEqualTo("attachment.instance-id");
            assertThat(filter.values()).containsExactly("i-1");
        });
        assertThat(asked.getAllValues().getLast().nextToken()).isEqualTo("more");
        assertThat(enis).extracting(Ec2Eni::id).containsExactly(new EniId("eni-00000001"), new EniId("eni-00000002"));
        assertThat(enis.getFirst().blocks()).containsExactly(Cidr.parse("10.0.0.11/32"));
        assertThat(Objects.requireNonNull(enis.getLast().attachment()).state()).isEqualTo(EniAttachment.State.ATTACHED);
    }

    @Test
    void aMacThatCannotBeReadIsNoMac() throws Ec2Failure {
        when(sdk.describeNetworkInterfaces(any(DescribeNetworkInterfacesRequest.class)))
                .thenReturn(DescribeNetworkInterfacesResponse.builder()
                        .networkInterfaces(described("eni-00000001", "02:00:00:13402x:22102x:10402x", 0))
                        .build());

        assertThat(ec2.perform(new Ec2Call.OneEni(new EniId("eni-00000001")))
                        .enis()
                        .getFirst()
                        .mac())
                .isNull();
    }

    @Test
    void limitsAreThoseOfEachCardInOrder() throws Ec2Failure {
        NetworkInfo network = NetworkInfo.builder()
                .maximumNetworkInterfaces(60)
                .ipv4AddressesPerInterface(50)
                .networkCards(card(1), card(0))
                .build();
        when(sdk.describeInstanceTypes(any(DescribeInstanceTypesRequest.class)))
                .thenReturn(DescribeInstanceTypesResponse.builder()
                        .instanceTypes(InstanceTypeInfo.builder()
                                .instanceType("p4d.24xlarge")
                                .networkInfo(network)
                                .build())
                        .build());

        assertThat(ec2.perform(new Ec2Call.LimitsOf("p4d.24xlarge")).limits())
                .isEqualTo(new NodeLimits(List.of(15, 14), 50));
    }

    @Test
    void anEniIsCreatedWithItsAddressesItsTagsAndATokenInOneCall() throws Ec2Failure {
        when(sdk.createNetworkInterface(any(CreateNetworkInterfaceRequest.class)))
                .thenReturn(CreateNetworkInterfaceResponse.builder()
                        .networkInterface(described(ENI.value(), "02:aa:00:00:00:01", 1))
                        .build());
        LinkedHashMap<String, String> tags = new LinkedHashMap<>();
        tags.put("node.k8s.amazonaws.com/instance_id", "i-1");

        var _ = ec2.perform(new Ec2Call.Create(
                new EniRequest(new SubnetId("subnet-1"), List.of("sg-1"), BlockKind.ADDRESS, 9, "aws-K8S-i-1", tags),
                new ClientToken("token-1")));

        ArgumentCaptor<CreateNetworkInterfaceRequest> asked =
                ArgumentCaptor.forClass(CreateNetworkInterfaceRequest.class);
        verify(sdk).createNetworkInterface(asked.capture());
        assertThat(asked.getValue().subnetId()).isEqualTo("subnet-1");
        assertThat(asked.getValue().groups()).containsExactly("sg-1");
        assertThat(asked.getValue().secondaryPrivateIpAddressCount()).isEqualTo(9);
        assertThat(asked.getValue().clientToken()).isEqualTo("token-1");
        assertThat(asked.getValue().description()).isEqualTo("aws-K8S-i-1");
        assertThat(asked.getValue().tagSpecifications().getFirst().resourceTypeAsString())
                .isEqualTo("network-interface");
        assertThat(asked.getValue()
                        .tagSpecifications()
                        .getFirst()
                        .tags()
                        .getFirst()
                        .value())
                .isEqualTo("i-1");
    }

    @Test
    void attachingAndDeleteOnTerminationAreTwoCalls() throws Ec2Failure {
        when(sdk.attachNetworkInterface(any(AttachNetworkInterfaceRequest.class)))
                .thenReturn(AttachNetworkInterfaceResponse.builder()
                        .attachmentId("eni-attach-1")
                        .build());
        when(sdk.modifyNetworkInterfaceAttribute(any(ModifyNetworkInterfaceAttributeRequest.class)))
                .thenReturn(ModifyNetworkInterfaceAttributeResponse.builder().build());

        AttachmentId attachmentId = ec2.perform(new Ec2Call.Attach(ENI, new InstanceId("i-1"), new DeviceSlot(0, 2)))
                .attachmentId();
        var _ = ec2.perform(new Ec2Call.DeleteOnTermination(ENI, attachmentId));

        verify(sdk)
                .attachNetworkInterface(AttachNetworkInterfaceRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .instanceId("i-1")
                        .networkCardIndex(0)
                        .deviceIndex(2)
                        .build());
        verify(sdk)
                .modifyNetworkInterfaceAttribute(ModifyNetworkInterfaceAttributeRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .attachment(
                                change -> change.attachmentId("eni-attach-1").deleteOnTermination(true))
                        .build());
    }

    @Test
    void assignAsksForACountAndTellsTheAnswer() throws Ec2Failure {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenReturn(AssignPrivateIpAddressesResponse.builder()
                        .assignedPrivateIpAddresses(AssignedPrivateIpAddress.builder()
                                .privateIpAddress("10.0.0.7")
                                .build())
                        .build());

        assertThat(assign(BlockKind.ADDRESS)).containsExactly(Cidr.parse("10.0.0.7/32"));

        verify(sdk)
                .assignPrivateIpAddresses(AssignPrivateIpAddressesRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .secondaryPrivateIpAddressCount(1)
                        .build());
    }

    @Test
    void prefixesAreAskedForByCountAndReadBack() throws Ec2Failure {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenReturn(AssignPrivateIpAddressesResponse.builder()
                        .assignedIpv4Prefixes(PREFIX)
                        .build());

        assertThat(assign(BlockKind.PREFIX)).containsExactly(Cidr.parse("10.0.1.16/28"));

        verify(sdk)
                .assignPrivateIpAddresses(AssignPrivateIpAddressesRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .ipv4PrefixCount(1)
                        .build());
    }

    @Test
    void ipv6PrefixesHaveACallOfTheirOwn() throws Ec2Failure {
        when(sdk.assignIpv6Addresses(Mockito.<Consumer<AssignIpv6AddressesRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.unassignIpv6Addresses(Mockito.<Consumer<UnassignIpv6AddressesRequest.Builder>>any()))
                .thenCallRealMethod();
        when(sdk.assignIpv6Addresses(any(AssignIpv6AddressesRequest.class)))
                .thenReturn(AssignIpv6AddressesResponse.builder()
                        .assignedIpv6Prefixes("2001:db8:0:0:1::/80")
                        .build());

        List<Cidr> blocks = assign(BlockKind.IPV6_PREFIX);
        var _ = ec2.perform(new Ec2Call.Unassign(ENI, BlockKind.IPV6_PREFIX, blocks));

        assertThat(blocks).containsExactly(Cidr.parse("2001:db8:0:0:1::/80"));
        verify(sdk)
                .unassignIpv6Addresses(UnassignIpv6AddressesRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .ipv6Prefixes("2001:db8:0:0:1:0:0:0/80")
                        .build());
    }

    @Test
    void blocksAreGivenBackByName() throws Ec2Failure {
        when(sdk.unassignPrivateIpAddresses(Mockito.<Consumer<UnassignPrivateIpAddressesRequest.Builder>>any()))
                .thenCallRealMethod();

        var _ = ec2.perform(new Ec2Call.Unassign(ENI, BlockKind.ADDRESS, List.of(Cidr.parse("10.0.0.7/32"))));
        var _ = ec2.perform(new Ec2Call.Unassign(ENI, BlockKind.PREFIX, List.of(Cidr.parse("10.0.1.16/28"))));

        verify(sdk)
                .unassignPrivateIpAddresses(UnassignPrivateIpAddressesRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .privateIpAddresses("10.0.0.7")
                        .build());
        verify(sdk)
                .unassignPrivateIpAddresses(UnassignPrivateIpAddressesRequest.builder()
                        .networkInterfaceId(ENI.value())
                        .ipv4Prefixes("10.0.1.16/28")
                        .build());
    }

    @Test
    void aDescribedEniHasItsPrefixesItsTypeAndItsTags() throws Ec2Failure {
        NetworkInterface said = described("eni-00000001", "02:aa:00:00:00:01", 1).toBuilder()
                .interfaceType("trunk")
                .description("aws-K8S-i-1")
                .ipv4Prefixes(PREFIX)
                .tagSet(Tag.builder().key("a").value("b").build())
                .build();
        when(sdk.describeNetworkInterfaces(any(DescribeNetworkInterfacesRequest.class)))
                .thenReturn(DescribeNetworkInterfacesResponse.builder()
                        .networkInterfaces(said)
                        .build());

        Ec2Eni eni = ec2.perform(new Ec2Call.OneEni(new EniId("eni-00000001")))
                .enis()
                .getFirst();

        assertThat(eni.blocks()).contains(Cidr.parse("10.0.1.16/28"));
        assertThat(eni.role()).isEqualTo(EniRole.TRUNK);
        assertThat(eni.description()).isEqualTo("aws-K8S-i-1");
        assertThat(eni.tags()).containsEntry("a", "b");
    }

    @Test
    void whatIsGoneAlreadyIsDetachedAndDeleted() {
        when(sdk.detachNetworkInterface(any(DetachNetworkInterfaceRequest.class)))
                .thenThrow(refusal("InvalidAttachmentID.NotFound", 400));
        when(sdk.deleteNetworkInterface(any(DeleteNetworkInterfaceRequest.class)))
                .thenThrow(refusal("InvalidNetworkInterfaceID.NotFound", 400));

        assertThatNoException().isThrownBy(() -> {
            var _ = ec2.perform(new Ec2Call.Detach(new EniId("eni-00000001"), new AttachmentId("eni-attach-1")));
            var _ = ec2.perform(new Ec2Call.Delete(ENI));
        });
    }

    @Test
    void aMissingPermissionIsNamed() {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenThrow(refusal("UnauthorizedOperation", 403));

        assertThatThrownBy(() -> assign(BlockKind.ADDRESS))
                .hasMessageContaining("ec2:AssignPrivateIpAddresses")
                .hasMessageContaining(ENI.value())
                .hasMessageContaining("UnauthorizedOperation")
                .hasMessageContaining("docs/iam.md");
    }

    @Test
    void aWriteIsMadeOnceAndARefusalForNowIsTold() {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenThrow(refusal("RequestLimitExceeded", 503));

        Ec2Failure refused = catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS));

        assertThat(refused.kind()).isEqualTo(Kind.THROTTLED);
        verify(sdk, times(1)).assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class));
    }

    @Test
    void aReadIsMadeOnceAsWell() {
        when(sdk.describeNetworkInterfaces(any(DescribeNetworkInterfacesRequest.class)))
                .thenThrow(refusal("RequestLimitExceeded", 503));

        assertThatThrownBy(() -> ec2.perform(new Ec2Call.OneEni(ENI)).enis().getFirst())
                .isInstanceOf(Ec2Failure.class);

        verify(sdk, times(1)).describeNetworkInterfaces(any(DescribeNetworkInterfacesRequest.class));
    }

    @Test
    void aLostAnswerIsNotACallThatNeverLeft() {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenThrow(SdkClientException.create("lost", new SocketTimeoutException("read")))
                .thenThrow(SdkClientException.create("not sent", new ConnectException("refused")))
                .thenThrow(new CredentialsFailure("none", new IllegalStateException("none")));

        Ec2Failure lost = catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS));
        Ec2Failure notSent = catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS));
        Ec2Failure notSigned = catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS));

        assertThat(lost.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(notSent.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(notSigned.kind()).isEqualTo(Kind.NO_CREDENTIALS);
    }

    @Test
    void whenEc2KeepsFailingItIsLeftAloneForAWhile() {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenThrow(refusal("InternalError", 500));
        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(() -> assign(BlockKind.ADDRESS)).isInstanceOf(Ec2Failure.class);
        }

        Ec2Failure resting = catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS));
        clock.turn(Ec2Executor.CIRCUIT_REST.plusSeconds(1));
        Ec2Failure asked = catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS));

        assertThat(resting.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(asked.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        verify(sdk, times(7)).assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class));
    }

    @Test
    void refusalsDoNotMakeEc2LookBroken() {
        when(sdk.assignPrivateIpAddresses(any(AssignPrivateIpAddressesRequest.class)))
                .thenThrow(refusal("InsufficientFreeAddressesInSubnet", 400));

        for (int i = 0; i < 20; i++) {
            assertThat(catchThrowableOfType(Ec2Failure.class, () -> assign(BlockKind.ADDRESS))
                            .kind())
                    .isEqualTo(Kind.SUBNET_EXHAUSTED);
        }
    }

    @Test
    void idsThatEc2DoesNotNameAreAbsent() throws Ec2Failure {
        answers(described("eni-00000001", "02:aa:00:00:00:01", 1).toBuilder()
                .subnetId("")
                .attachment(tie -> tie.attachmentId("eni-attach-1").status(AttachmentStatus.ATTACHED))
                .build());

        Ec2Eni eni = ec2.perform(new Ec2Call.OneEni(new EniId("eni-00000001")))
                .enis()
                .getFirst();

        assertThat(eni.subnetId()).isNull();
        assertThat(Objects.requireNonNull(eni.attachment()).instanceId()).isNull();
    }

    @Test
    void anAttachmentWithABlankIdIsNamedWithItsEni() {
        answers(described("eni-00000001", "02:aa:00:00:00:01", 1).toBuilder()
                .attachment(tie -> tie.attachmentId("").status(AttachmentStatus.ATTACHED))
                .build());

        assertThat(catchThrowableOfType(
                        Ec2Failure.class, () -> ec2.perform(new Ec2Call.OneEni(new EniId("eni-00000001")))))
                .hasMessageContaining("eni-00000001")
                .hasMessageContaining("the id of the attachment is blank");
    }

    private void answers(NetworkInterface eni) {
        when(sdk.describeNetworkInterfaces(any(DescribeNetworkInterfacesRequest.class)))
                .thenReturn(DescribeNetworkInterfacesResponse.builder()
                        .networkInterfaces(eni)
                        .build());
    }

    private static NetworkInterface described(String id, String mac, int deviceIndex) {
        return NetworkInterface.builder()
                .networkInterfaceId(id)
                .subnetId("subnet-1")
                .macAddress(mac)
                .privateIpAddress("10.0.0.10")
                .privateIpAddresses(
                        privateAddress("10.0.0.10"), privateAddress("10.0.0.11"), privateAddress("10.0.0.11"))
                .attachment(tie -> tie.attachmentId("eni-attach-" + deviceIndex)
                        .instanceId("i-1")
                        .deviceIndex(deviceIndex)
                        .status(AttachmentStatus.ATTACHED))
                .build();
    }

    private static NetworkInterfacePrivateIpAddress privateAddress(String address) {
        return NetworkInterfacePrivateIpAddress.builder()
                .privateIpAddress(address)
                .build();
    }

    private static NetworkCardInfo card(int index) {
        return NetworkCardInfo.builder()
                .networkCardIndex(index)
                .maximumNetworkInterfaces(15 - index)
                .build();
    }

    private static Ec2Exception refusal(String code, int status) {
        AwsErrorDetails details = AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage("because")
                .build();
        return (Ec2Exception) Ec2Exception.builder()
                .awsErrorDetails(details)
                .statusCode(status)
                .build();
    }

    /// A clock that a test turns.
    private List<Cidr> assign(BlockKind kind) throws Ec2Failure {
        return ec2.perform(new Ec2Call.Assign(ENI, kind, 1)).blocks();
    }

    private static final class TurnedClock extends Clock {

        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        void turn(Duration by) {
            now = now.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
