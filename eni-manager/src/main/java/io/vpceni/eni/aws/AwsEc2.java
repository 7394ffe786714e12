package io.vpceni.eni.aws;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.Pause;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// EC2 by the AWS SDK: region, credentials and endpoint from the SDK's default chains (`AWS_REGION`,
/// `AWS_ENDPOINT_URL_EC2`, ...; on a
/// node IMDS). Few calls at a time, none while EC2 fails; reads are tried a few times, writes once.
public final class AwsEc2 implements Ec2, AutoCloseable {

    private static final int PAGE_SIZE = 1000;

    /// 1000 ENIs a page: an instance has at most a few hundred. Beyond it the answer is not believable.
    private static final int PAGES_MAX = 10;

    private static final Comparator<EniAttachment> BY_PLACE =
            Comparator.comparingInt(EniAttachment::networkCard).thenComparingInt(EniAttachment::deviceIndex);

    private final SdkClient client;

    private final Ec2Calls calls;

    private AwsEc2(SdkClient client, Clock clock, Pause pause) {
        this.client = client;
        this.calls = new Ec2Calls(clock, pause);
    }

    /// Begins to build the SDK's client on a thread of its own and returns at once; the first call waits for it. A
    /// client that cannot be
    /// built (no region, say) fails that call.
    ///
    /// @param version of this product, for the user agent
    /// @param clock for the circuit breaker
    public static AwsEc2 open(String version, Clock clock, Pause pause) {
        return new AwsEc2(SdkClient.building(version), clock, pause);
    }

    static AwsEc2 over(Ec2Client client, Clock clock, Pause pause) {
        return new AwsEc2(SdkClient.building(() -> client), clock, pause);
    }

    @Override
    public NodeLimits limits(String instanceType) throws Ec2Failure {
        String action = "DescribeInstanceTypes";
        Ec2Client ec2 = client.get(action, instanceType);
        DescribeInstanceTypesResponse answer = calls.read(
                action,
                instanceType,
                () -> ec2.describeInstanceTypes(request -> request.instanceTypesWithStrings(instanceType)));
        for (var type : answer.instanceTypes()) {
            @Nullable NodeLimits limits = instanceType.equals(type.instanceTypeAsString()) ? Wire.limits(type) : null;
            if (limits != null) {
                return limits;
            }
        }
        throw new Ec2Failure(Kind.NOT_FOUND, action, instanceType, "", "EC2 lists no such type", null);
    }

    @Override
    public List<Ec2Eni> enisOf(String instanceId) throws Ec2Failure {
        List<Ec2Eni> enis = new ArrayList<>();
        for (Ec2Eni eni : described(instanceId, List.of(filter("attachment.instance-id", instanceId)))) {
            if (eni.attachment() != null) {
                enis.add(eni);
            }
        }
        enis.sort(Comparator.comparing(eni -> Objects.requireNonNull(eni.attachment()), BY_PLACE));
        return List.copyOf(enis);
    }

    @Override
    public List<Ec2Eni> unattachedOf(String instanceId) throws Ec2Failure {
        return described(
                        instanceId,
                        List.of(filter("tag:" + EniLabels.INSTANCE_ID, instanceId), filter("status", "available")))
                .stream()
                .filter(eni -> eni.attachment() == null)
                .toList();
    }

    private List<Ec2Eni> described(String instanceId, List<Filter> filters) throws Ec2Failure {
        String action = "DescribeNetworkInterfaces";
        Ec2Client ec2 = client.get(action, instanceId);
        List<Ec2Eni> enis = new ArrayList<>();
        @Nullable String next = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            @Nullable String token = next;
            DescribeNetworkInterfacesResponse answer = calls.read(
                    action,
                    instanceId,
                    () -> ec2.describeNetworkInterfaces(request ->
                            request.filters(filters).maxResults(PAGE_SIZE).nextToken(token)));
            for (NetworkInterface said : answer.networkInterfaces()) {
                enis.add(Wire.eni(action, said));
            }
            next = answer.nextToken();
            if (next == null || next.isEmpty()) {
                return enis;
            }
        }
        throw new Ec2Failure(Kind.OTHER, action, instanceId, "", "more than " + PAGES_MAX + " pages", null);
    }

    @Override
    public Ec2Eni eni(EniId id) throws Ec2Failure {
        String action = "DescribeNetworkInterfaces";
        Ec2Client ec2 = client.get(action, id.value());
        DescribeNetworkInterfacesResponse answer = calls.read(
                action,
                id.value(),
                () -> ec2.describeNetworkInterfaces(request -> request.networkInterfaceIds(id.value())));
        if (answer.networkInterfaces().isEmpty()) {
            throw new Ec2Failure(Kind.NOT_FOUND, action, id.value(), "", "the answer is empty", null);
        }
        return Wire.eni(action, answer.networkInterfaces().getFirst());
    }

    @Override
    public Ec2Eni create(EniRequest wanted, String clientToken) throws Ec2Failure {
        String action = "CreateNetworkInterface";
        CreateNetworkInterfaceRequest.Builder request = CreateNetworkInterfaceRequest.builder()
                .subnetId(wanted.subnetId())
                .groups(wanted.securityGroups())
                .description(wanted.description())
                .clientToken(clientToken)
                .tagSpecifications(TagSpecification.builder()
                        .resourceType(ResourceType.NETWORK_INTERFACE)
                        .tags(tags(wanted))
                        .build());
        if (wanted.count() > 0) {
            switch (wanted.kind()) {
                case ADDRESS -> request.secondaryPrivateIpAddressCount(wanted.count());
                case PREFIX -> request.ipv4PrefixCount(wanted.count());
                case IPV6_PREFIX -> request.ipv6PrefixCount(wanted.count());
            }
        }
        String subject = "an ENI in " + wanted.subnetId();
        Ec2Client ec2 = client.get(action, subject);
        CreateNetworkInterfaceResponse answer =
                calls.write(action, subject, () -> ec2.createNetworkInterface(request.build()));
        if (answer.networkInterface() == null) {
            throw Wire.unreadable(action, subject, null);
        }
        return Wire.eni(action, answer.networkInterface());
    }

    @Override
    public String attach(EniId id, String instanceId, int networkCard, int deviceIndex) throws Ec2Failure {
        String action = "AttachNetworkInterface";
        Ec2Client ec2 = client.get(action, id.value());
        String subject = id + " to " + instanceId + " as device " + deviceIndex;
        @Nullable
        String attachmentId = calls.write(
                        action,
                        subject,
                        () -> ec2.attachNetworkInterface(request -> request.networkInterfaceId(id.value())
                                .instanceId(instanceId)
                                .networkCardIndex(networkCard)
                                .deviceIndex(deviceIndex)))
                .attachmentId();
        if (attachmentId == null) {
            throw Wire.unreadable(action, subject, null);
        }
        String tie = attachmentId;
        calls.write(
                "ModifyNetworkInterfaceAttribute",
                id.value(),
                () -> ec2.modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(id.value())
                        .attachment(change -> change.attachmentId(tie).deleteOnTermination(true))));
        return tie;
    }

    @Override
    public void detach(String attachmentId) throws Ec2Failure {
        String action = "DetachNetworkInterface";
        Ec2Client ec2 = client.get(action, attachmentId);
        try {
            calls.write(
                    action,
                    attachmentId,
                    () -> ec2.detachNetworkInterface(request -> request.attachmentId(attachmentId)));
        } catch (Ec2Failure failure) {
            throwUnlessGone(failure);
        }
    }

    @Override
    public void delete(EniId id) throws Ec2Failure {
        String action = "DeleteNetworkInterface";
        Ec2Client ec2 = client.get(action, id.value());
        try {
            calls.write(
                    action,
                    id.value(),
                    () -> ec2.deleteNetworkInterface(request -> request.networkInterfaceId(id.value())));
        } catch (Ec2Failure failure) {
            throwUnlessGone(failure);
        }
    }

    @Override
    public List<Cidr> assign(EniId id, BlockKind kind, int count) throws Ec2Failure {
        return new BlockCalls(client, calls).assign(id, kind, count);
    }

    @Override
    public void unassign(EniId id, BlockKind kind, List<Cidr> blocks) throws Ec2Failure {
        new BlockCalls(client, calls).unassign(id, kind, blocks);
    }

    /// Frees the SDK's threads and connections.
    @Override
    public void close() {
        client.close();
    }

    private static void throwUnlessGone(Ec2Failure failure) throws Ec2Failure {
        if (failure.kind() != Kind.NOT_FOUND) {
            throw failure;
        }
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }

    private static List<Tag> tags(EniRequest wanted) {
        return wanted.tags().entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
