package io.vpceni.eni.aws;

import io.vpceni.config.Cidr;
import io.vpceni.config.ProxySettings;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ModifyNetworkInterfaceAttributeRequest;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// EC2 by the AWS SDK: region and endpoint from the SDK's default chains (`AWS_REGION`, `AWS_ENDPOINT_URL_EC2`, ...; on
/// a node IMDS), credentials from the first configured source of the SDK's chain. The number of calls in flight is
/// bounded, a circuit breaker stops calls while EC2 fails, and no call is retried here.
public final class AwsEc2 implements Ec2, AutoCloseable {

    private static final int PAGE_SIZE = 1000;

    /// 1000 ENIs a page: an instance has at most a few hundred. More pages are an error.
    private static final int PAGES_MAX = 10;

    private static final Comparator<EniAttachment> BY_PLACE = Comparator.comparingInt(
                    (EniAttachment attachment) -> attachment.slot().networkCard())
            .thenComparingInt(attachment -> attachment.slot().deviceIndex());

    private final SdkClient client;

    private final Ec2Executor calls;

    private final AddressCalls blockCalls;

    private AwsEc2(SdkClient client, Clock clock) {
        this.client = client;
        this.calls = new Ec2Executor(clock, client);
        this.blockCalls = new AddressCalls(client, calls);
    }

    /// Starts building the SDK's client on a thread of its own and returns at once; the first call waits for
    /// it. A client that cannot be built (for example without a region) fails that call.
    ///
    /// @param version of this product, for the user agent
    /// @param environment in which the sources of credentials are found
    /// @param clock for the circuit breaker and the clock difference
    public static AwsEc2 open(String version, Map<String, String> environment, ProxySettings proxies, Clock clock) {
        return open(version, environment, proxies, clock, () -> "");
    }

    /// As [#open(String, Map, ProxySettings, Clock)].
    ///
    /// @param regionByImds the region that ipamd's own IMDS client has read, for when the SDK's chain names none
    ///     ("" as long as it has read none: the next call asks again)
    public static AwsEc2 open(
            String version,
            Map<String, String> environment,
            ProxySettings proxies,
            Clock clock,
            Supplier<String> regionByImds) {
        return new AwsEc2(SdkClient.building(version, environment, proxies, clock, regionByImds), clock);
    }

    static AwsEc2 over(Ec2Client client, Clock clock) {
        return new AwsEc2(SdkClient.building(() -> client, clock), clock);
    }

    /// The state of the circuit breaker.
    public Ec2Circuit circuit() {
        return calls.state();
    }

    /// Credentials, proxies and clock difference of the calls.
    public Ec2Access access() {
        return client.access();
    }

    @Override
    public Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        return switch (call) {
            case Ec2Call.LimitsOf(String instanceType) -> new Ec2Answer.Limits(limits(instanceType));
            case Ec2Call.EnisOf(InstanceId instanceId) -> new Ec2Answer.Enis(enisOf(instanceId));
            case Ec2Call.OneEni(EniId eni) -> new Ec2Answer.Enis(List.of(eni(eni)));
            case Ec2Call.UnattachedOf(InstanceId instanceId) -> new Ec2Answer.Enis(unattachedOf(instanceId));
            case Ec2Call.LeftOverIn left -> new Ec2Answer.Enis(leftOver(left));
            case Ec2Call.SubnetsOf subnets -> new Ec2Answer.Subnets(subnets(subnets));
            case Ec2Call.Create(EniRequest request, ClientToken token) -> new Ec2Answer.Created(create(request, token));
            case Ec2Call.Attach attach -> new Ec2Answer.AttachedAs(attach(attach));
            case Ec2Call.Assign(EniId eni, BlockKind kind, int count) ->
                new Ec2Answer.Assigned(blockCalls.assign(eni, kind, count));
            case Ec2Call.Unassign(EniId eni, BlockKind kind, List<Cidr> blocks) -> {
                blockCalls.unassign(eni, kind, blocks);
                yield new Ec2Answer.Done();
            }
            case Ec2Call.DeleteOnTermination change ->
                modify(
                        change,
                        request -> request.attachment(attachment -> attachment
                                .attachmentId(change.attachmentId().value())
                                .deleteOnTermination(true)));
            case Ec2Call.SetGroups change -> modify(change, request -> request.groups(change.groups()));
            case Ec2Call.Tag tag -> tag(tag);
            case Ec2Call.Detach detach -> detach(detach);
            case Ec2Call.Delete delete -> delete(delete);
        };
    }

    private NodeLimits limits(String instanceType) throws Ec2Failure {
        String action = "DescribeInstanceTypes";
        Ec2Client ec2 = client.get(action, instanceType);
        DescribeInstanceTypesResponse answer = calls.once(
                action,
                instanceType,
                () -> ec2.describeInstanceTypes(request -> request.instanceTypesWithStrings(instanceType)));
        for (var type : answer.instanceTypes()) {
            @Nullable
            NodeLimits limits = instanceType.equals(type.instanceTypeAsString()) ? SdkMapping.limits(type) : null;
            if (limits != null) {
                return limits;
            }
        }
        throw Ec2Failure.withoutCode(Kind.NOT_FOUND, action, instanceType, "EC2 lists no such type", null);
    }

    private List<Ec2Eni> enisOf(InstanceId instanceId) throws Ec2Failure {
        List<Ec2Eni> enis = new ArrayList<>();
        for (Ec2Eni eni :
                described(instanceId.value(), List.of(filter("attachment.instance-id", instanceId.value())))) {
            if (eni.attachment() != null) {
                enis.add(eni);
            }
        }
        enis.sort(Comparator.comparing(eni -> Objects.requireNonNull(eni.attachment()), BY_PLACE));
        return List.copyOf(enis);
    }

    private List<Ec2Eni> unattachedOf(InstanceId instanceId) throws Ec2Failure {
        return described(
                        instanceId.value(),
                        List.of(
                                filter("tag:" + EniLabels.INSTANCE_ID, instanceId.value()),
                                filter("status", "available")))
                .stream()
                .filter(eni -> eni.attachment() == null)
                .toList();
    }

    private List<Ec2Eni> leftOver(Ec2Call.LeftOverIn left) throws Ec2Failure {
        return described(
                left.clusterName().value(),
                List.of(
                        filter("tag-key", EniLabels.INSTANCE_ID),
                        filter(
                                "tag:" + EniLabels.CLUSTER_NAME,
                                left.clusterName().value()),
                        filter("status", "available"),
                        filter("vpc-id", left.vpcId().value())));
    }

    private List<Ec2Subnet> subnets(Ec2Call.SubnetsOf of) throws Ec2Failure {
        String action = of.action().apiName();
        Ec2Client ec2 = client.get(action, of.subject());
        List<Filter> filters = List.of(filter("vpc-id", of.vpcId().value()), filter("availability-zone", of.zone()));
        List<Ec2Subnet> subnets = new ArrayList<>();
        @Nullable String next = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            @Nullable String token = next;
            DescribeSubnetsResponse answer = calls.once(
                    action,
                    of.subject(),
                    () -> ec2.describeSubnets(request ->
                            request.filters(filters).maxResults(PAGE_SIZE).nextToken(token)));
            for (Subnet said : answer.subnets()) {
                subnets.add(SdkMapping.subnet(action, said));
            }
            next = answer.nextToken();
            if (next == null || next.isEmpty()) {
                return subnets;
            }
        }
        throw Ec2Failure.withoutCode(Kind.OTHER, action, of.subject(), "more than " + PAGES_MAX + " pages", null);
    }

    private List<Ec2Eni> described(String subject, List<Filter> filters) throws Ec2Failure {
        String action = "DescribeNetworkInterfaces";
        Ec2Client ec2 = client.get(action, subject);
        List<Ec2Eni> enis = new ArrayList<>();
        @Nullable String next = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            @Nullable String token = next;
            DescribeNetworkInterfacesResponse answer = calls.once(
                    action,
                    subject,
                    () -> ec2.describeNetworkInterfaces(request ->
                            request.filters(filters).maxResults(PAGE_SIZE).nextToken(token)));
            for (NetworkInterface said : answer.networkInterfaces()) {
                enis.add(SdkMapping.eni(action, said));
            }
            next = answer.nextToken();
            if (next == null || next.isEmpty()) {
                return enis;
            }
        }
        throw Ec2Failure.withoutCode(Kind.OTHER, action, subject, "more than " + PAGES_MAX + " pages", null);
    }

    private Ec2Eni eni(EniId id) throws Ec2Failure {
        String action = "DescribeNetworkInterfaces";
        Ec2Client ec2 = client.get(action, id.value());
        DescribeNetworkInterfacesResponse answer = calls.once(
                action,
                id.value(),
                () -> ec2.describeNetworkInterfaces(request -> request.networkInterfaceIds(id.value())));
        if (answer.networkInterfaces().isEmpty()) {
            throw Ec2Failure.withoutCode(Kind.NOT_FOUND, action, id.value(), "the answer is empty", null);
        }
        return SdkMapping.eni(action, answer.networkInterfaces().getFirst());
    }

    private Ec2Eni create(EniRequest wanted, ClientToken clientToken) throws Ec2Failure {
        String action = "CreateNetworkInterface";
        CreateNetworkInterfaceRequest.Builder request = CreateNetworkInterfaceRequest.builder()
                .subnetId(wanted.subnetId().value())
                .groups(wanted.securityGroups())
                .description(wanted.description())
                .clientToken(clientToken.value())
                .tagSpecifications(TagSpecification.builder()
                        .resourceType(ResourceType.NETWORK_INTERFACE)
                        .tags(tags(wanted.tags()))
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
                calls.once(action, subject, () -> ec2.createNetworkInterface(request.build()));
        if (answer.networkInterface() == null) {
            throw SdkMapping.unreadable(action, subject, null);
        }
        return SdkMapping.eni(action, answer.networkInterface());
    }

    private AttachmentId attach(Ec2Call.Attach attach) throws Ec2Failure {
        Ec2Client ec2 = client.get(attach.action().apiName(), attach.subject());
        @Nullable
        String attachmentId = calls.once(
                        attach.action().apiName(),
                        attach.subject(),
                        () -> ec2.attachNetworkInterface(request -> request.networkInterfaceId(
                                        attach.eni().value())
                                .instanceId(attach.instanceId().value())
                                .networkCardIndex(attach.slot().networkCard())
                                .deviceIndex(attach.slot().deviceIndex())))
                .attachmentId();
        if (attachmentId == null || attachmentId.isBlank()) {
            throw SdkMapping.unreadable(attach.action().apiName(), attach.subject(), null);
        }
        return new AttachmentId(attachmentId);
    }

    private Ec2Answer modify(Ec2Call<?> change, Consumer<ModifyNetworkInterfaceAttributeRequest.Builder> how)
            throws Ec2Failure {
        Ec2Client ec2 = client.get(change.action().apiName(), change.subject());
        return done(
                change,
                () -> ec2.modifyNetworkInterfaceAttribute(request -> {
                    request.networkInterfaceId(change.subject());
                    how.accept(request);
                }));
    }

    private Ec2Answer tag(Ec2Call.Tag tag) throws Ec2Failure {
        Ec2Client ec2 = client.get(tag.action().apiName(), tag.subject());
        return done(
                tag,
                () -> ec2.createTags(
                        request -> request.resources(tag.eni().value()).tags(tags(tag.tags()))));
    }

    private Ec2Answer detach(Ec2Call.Detach detach) throws Ec2Failure {
        Ec2Client ec2 = client.get(detach.action().apiName(), detach.subject());
        return goneIsFine(
                detach,
                () -> ec2.detachNetworkInterface(
                        request -> request.attachmentId(detach.attachmentId().value())));
    }

    private Ec2Answer delete(Ec2Call.Delete delete) throws Ec2Failure {
        Ec2Client ec2 = client.get(delete.action().apiName(), delete.subject());
        return goneIsFine(
                delete,
                () -> ec2.deleteNetworkInterface(
                        request -> request.networkInterfaceId(delete.eni().value())));
    }

    private Ec2Answer done(Ec2Call<?> call, Supplier<Object> asked) throws Ec2Failure {
        Object _ = calls.once(call.action().apiName(), call.subject(), asked);
        return new Ec2Answer.Done();
    }

    private Ec2Answer goneIsFine(Ec2Call<?> call, Supplier<Object> asked) throws Ec2Failure {
        try {
            return done(call, asked);
        } catch (Ec2Failure failure) {
            if (failure.kind() != Kind.NOT_FOUND) {
                throw failure;
            }
            return new Ec2Answer.Done();
        }
    }

    /// Frees the SDK's threads and connections.
    @Override
    public void close() {
        client.close();
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }

    private static List<Tag> tags(SequencedMap<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
