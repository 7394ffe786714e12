package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// EC2 in memory, for one subnet. Faults are queued for each verb and met in their order; a call without a queued
/// fault works.
public final class FakeEc2 implements Ec2 {

    /// The verbs of the port.
    public enum Verb {
        LIMITS,
        ENIS_OF,
        UNATTACHED,
        ENI,
        CREATE,
        ATTACH,
        DETACH,
        DELETE,
        ASSIGN,
        UNASSIGN
    }

    /// What goes wrong in one call.
    public sealed interface Fault {
        /// EC2 refuses; nothing happens.
        record Refused(Kind kind) implements Fault {}

        /// It happens, but the answer is lost.
        record AnswerLost() implements Fault {}

        /// Attached, but delete-on-termination fails.
        record HalfDone(Kind kind) implements Fault {}

        /// No fault: lets an earlier call of the verb through.
        record None() implements Fault {}
    }

    /// How this EC2 differs from the real one.
    public enum Style {
        EC2,
        /// Answers all addresses of the ENI, the primary one first and one twice, and no MAC that can be read.
        LOCALSTACK
    }

    private static final String ASSIGN = "AssignPrivateIpAddresses";

    private static final int PREFIX_SIZE = 16;

    private final Style style;

    private final Map<EniId, Ec2Eni> enis = new TreeMap<>();

    private final Map<ClientToken, EniId> tokens = new HashMap<>();

    private final Map<Verb, Deque<Fault>> faults = new EnumMap<>(Verb.class);

    private final List<Verb> calls = new ArrayList<>();

    private final List<EniRequest> requests = new ArrayList<>();

    private NodeLimits limits = new NodeLimits(3, 4);

    private int addressesFree = 200;

    private int prefixesFree = 10;

    private int nextAddress = 10;

    private int nextPrefix;

    private int nextId = 1;

    private int attachLooks;

    private final Map<EniId, Kind> secondHalf = new HashMap<>();

    public FakeEc2(Style style) {
        this.style = style;
        for (Verb verb : Verb.values()) {
            faults.put(verb, new ArrayDeque<>());
        }
    }

    /// An ENI that was attached before the story begins.
    public FakeEc2 withEni(InstanceId instanceId, int deviceIndex, int secondaryAddresses) {
        return withEni(instanceId, deviceIndex, addresses(secondaryAddresses), "interface", Map.of());
    }

    /// An ENI of any kind that was attached before the story begins.
    ///
    /// @param interfaceType as in `trunk`
    public FakeEc2 withEni(
            InstanceId instanceId, int deviceIndex, List<Cidr> blocks, String interfaceType, Map<String, String> tags) {
        Ec2Eni eni = make(blocks, interfaceType, "", tags);
        enis.put(eni.id(), tied(eni, instanceId, 0, deviceIndex, EniAttachment.State.ATTACHED));
        return this;
    }

    /// An ENI that is attached to nothing.
    public FakeEc2 withUnattached(String description, Map<String, String> tags) {
        Ec2Eni eni = make(List.of(), "interface", description, tags);
        enis.put(eni.id(), eni);
        return this;
    }

    /// What [#limits] answers.
    public FakeEc2 withLimits(NodeLimits limits) {
        this.limits = limits;
        return this;
    }

    /// How many addresses the subnet still has.
    public FakeEc2 withAddressesFree(int count) {
        this.addressesFree = count;
        return this;
    }

    /// How many aligned blocks of 16 addresses the subnet still has.
    public FakeEc2 withPrefixesFree(int count) {
        this.prefixesFree = count;
        return this;
    }

    /// Somebody else takes blocks away from an ENI.
    public synchronized void takeBack(EniId id, List<Cidr> blocks) {
        Ec2Eni eni = Objects.requireNonNull(enis.get(id));
        enis.put(id, eni.withBlocks(without(eni.blocks(), blocks)));
    }

    /// How many times a new attachment is described as `attaching` before it is `attached`.
    public FakeEc2 withAttachLooks(int count) {
        this.attachLooks = count;
        return this;
    }

    /// Queues a fault for the next call of the verb that has none yet.
    public FakeEc2 failing(Verb verb, Fault fault) {
        queue(verb).add(fault);
        return this;
    }

    /// The verbs so far, in order.
    public synchronized List<Verb> calls() {
        return List.copyOf(calls);
    }

    /// The verbs so far that change something.
    public synchronized List<Verb> writes() {
        return calls.stream().filter(verb -> verb.compareTo(Verb.ENI) > 0).toList();
    }

    /// What was asked to be created.
    public synchronized List<EniRequest> requests() {
        return List.copyOf(requests);
    }

    /// All ENIs that exist.
    public synchronized List<Ec2Eni> all() {
        return List.copyOf(enis.values());
    }

    @Override
    public synchronized Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        return switch (call) {
            case Ec2Call.LimitsOf(String instanceType) -> new Ec2Answer.Limits(limits(instanceType));
            case Ec2Call.EnisOf(InstanceId instanceId) -> new Ec2Answer.Enis(enisOf(instanceId));
            case Ec2Call.OneEni(EniId eni) -> new Ec2Answer.Enis(List.of(eni(eni)));
            case Ec2Call.UnattachedOf(InstanceId instanceId) -> new Ec2Answer.Enis(unattachedOf(instanceId));
            case Ec2Call.Create(EniRequest request, ClientToken token) -> new Ec2Answer.Created(create(request, token));
            case Ec2Call.Attach(EniId eni, InstanceId instanceId, DeviceSlot slot) ->
                new Ec2Answer.AttachedAs(attach(eni, instanceId, slot));
            case Ec2Call.Assign(EniId eni, BlockKind kind, int count) ->
                new Ec2Answer.Assigned(assign(eni, kind, count));
            case Ec2Call.Unassign(EniId eni, BlockKind kind, List<Cidr> blocks) -> {
                unassign(eni, kind, blocks);
                yield new Ec2Answer.Done();
            }
            case Ec2Call.DeleteOnTermination(EniId eni, var _) -> {
                @Nullable Kind kind = secondHalf.remove(eni);
                if (kind != null) {
                    throw failure(kind, "ModifyNetworkInterfaceAttribute", eni.value());
                }
                changed(eni, secured(known(eni, "ModifyNetworkInterfaceAttribute")));
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Detach(EniId _, AttachmentId attachmentId) -> {
                detach(attachmentId);
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Delete(EniId eni) -> {
                delete(eni);
                yield new Ec2Answer.Done();
            }
            case Ec2Call.SetGroups(EniId eni, List<String> groups) -> {
                Ec2Eni now = known(eni, "ModifyNetworkInterfaceAttribute");
                changed(eni, withGroups(now, groups));
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Tag(EniId eni, var tags) -> {
                Ec2Eni now = known(eni, "CreateTags");
                Map<String, String> all = new HashMap<>(now.tags());
                all.putAll(tags);
                changed(eni, now.withTags(all));
                yield new Ec2Answer.Done();
            }
            case Ec2Call.LeftOverIn(var _, ClusterName cluster) ->
                new Ec2Answer.Enis(enis.values().stream()
                        .filter(eni -> eni.attachment() == null
                                && cluster.value().equals(eni.tags().get(EniLabels.CLUSTER_NAME)))
                        .toList());
            case Ec2Call.SubnetsOf(var _, String zone) ->
                new Ec2Answer.Subnets(List.of(new Ec2Subnet(
                        new SubnetId("subnet-1"), zone, Cidr.parse("10.0.0.0/16"), addressesFree, Map.of())));
        };
    }

    private synchronized NodeLimits limits(String instanceType) throws Ec2Failure {
        boolean lost = begin(Verb.LIMITS, "DescribeInstanceTypes", instanceType);
        return answer(lost, "DescribeInstanceTypes", limits);
    }

    private synchronized List<Ec2Eni> enisOf(InstanceId instanceId) throws Ec2Failure {
        boolean lost = begin(Verb.ENIS_OF, "DescribeNetworkInterfaces", instanceId.value());
        List<Ec2Eni> own = enis.values().stream()
                .filter(eni -> eni.attachment() != null
                        && instanceId.equals(eni.attachment().instanceId()))
                .sorted(Comparator.comparingInt(
                        eni -> Objects.requireNonNull(eni.attachment()).slot().deviceIndex()))
                .toList();
        return answer(lost, "DescribeNetworkInterfaces", own);
    }

    private synchronized Ec2Eni eni(EniId id) throws Ec2Failure {
        boolean lost = begin(Verb.ENI, "DescribeNetworkInterfaces", id.value());
        Ec2Eni eni = known(id, "DescribeNetworkInterfaces");
        settle(eni);
        return answer(lost, "DescribeNetworkInterfaces", known(id, "DescribeNetworkInterfaces"));
    }

    private synchronized Ec2Eni create(EniRequest request, ClientToken clientToken) throws Ec2Failure {
        boolean lost =
                begin(Verb.CREATE, "CreateNetworkInterface", request.subnetId().value());
        requests.add(request);
        @Nullable EniId before = tokens.get(clientToken);
        if (before != null) {
            return answer(lost, "CreateNetworkInterface", known(before, "CreateNetworkInterface"));
        }
        List<Cidr> blocks = blocks(
                request.kind(),
                request.count(),
                1,
                "CreateNetworkInterface",
                request.subnetId().value());
        Ec2Eni eni = make(blocks, "interface", request.description(), request.tags());
        enis.put(eni.id(), eni);
        tokens.put(clientToken, eni.id());
        return answer(lost, "CreateNetworkInterface", eni);
    }

    private synchronized AttachmentId attach(EniId id, InstanceId instanceId, DeviceSlot slot) throws Ec2Failure {
        @Nullable Fault fault = queue(Verb.ATTACH).peek();
        boolean lost = fault instanceof Fault.HalfDone
                ? note(Verb.ATTACH)
                : begin(Verb.ATTACH, "AttachNetworkInterface", id.value());
        Ec2Eni eni = known(id, "AttachNetworkInterface");
        boolean occupied = enis.values().stream()
                .anyMatch(other ->
                        other.attachment() != null && other.attachment().slot().equals(slot));
        if (eni.attachment() != null || occupied) {
            throw failure(Kind.INVALID, "AttachNetworkInterface", id.value());
        }
        EniAttachment.State state = attachLooks > 0 ? EniAttachment.State.ATTACHING : EniAttachment.State.ATTACHED;
        Ec2Eni now = tied(eni, instanceId, slot.networkCard(), slot.deviceIndex(), state, false);
        enis.put(id, now);
        if (fault instanceof Fault.HalfDone(Kind kind)) {
            queue(Verb.ATTACH).remove();
            secondHalf.put(id, kind);
        }
        return answer(
                lost,
                "AttachNetworkInterface",
                Objects.requireNonNull(now.attachment()).id());
    }

    private synchronized void detach(AttachmentId attachmentId) throws Ec2Failure {
        boolean lost = begin(Verb.DETACH, "DetachNetworkInterface", attachmentId.value());
        for (Ec2Eni eni : List.copyOf(enis.values())) {
            @Nullable EniAttachment tie = eni.attachment();
            if (tie != null && tie.id().equals(attachmentId)) {
                enis.put(
                        eni.id(),
                        tied(
                                eni,
                                tie.instanceId(),
                                tie.slot().networkCard(),
                                tie.slot().deviceIndex(),
                                EniAttachment.State.DETACHING));
            }
        }
        answer(lost, "DetachNetworkInterface", attachmentId.value());
    }

    private synchronized void delete(EniId id) throws Ec2Failure {
        boolean lost = begin(Verb.DELETE, "DeleteNetworkInterface", id.value());
        @Nullable Ec2Eni eni = enis.get(id);
        if (eni != null && eni.attachment() != null) {
            throw failure(Kind.CONFLICT, "DeleteNetworkInterface", id.value());
        }
        enis.remove(id);
        answer(lost, "DeleteNetworkInterface", id);
    }

    private synchronized List<Ec2Eni> unattachedOf(InstanceId instanceId) throws Ec2Failure {
        boolean lost = begin(Verb.UNATTACHED, "DescribeNetworkInterfaces", instanceId.value());
        List<Ec2Eni> free = enis.values().stream()
                .filter(eni -> eni.attachment() == null
                        && instanceId.value().equals(eni.tags().get(EniLabels.INSTANCE_ID)))
                .toList();
        return answer(lost, "DescribeNetworkInterfaces", free);
    }

    private synchronized List<Cidr> assign(EniId id, BlockKind kind, int count) throws Ec2Failure {
        boolean lost = begin(Verb.ASSIGN, ASSIGN, id.value());
        Ec2Eni eni = known(id, ASSIGN);
        if (eni.blocks().size() + count > limits.slotsPerEni()) {
            throw failure(Kind.ADDRESS_LIMIT, ASSIGN, id.value());
        }
        List<Cidr> fresh = blocks(kind, count, 0, ASSIGN, id.value());
        List<Cidr> all = new ArrayList<>(eni.blocks());
        all.addAll(fresh);
        enis.put(id, eni.withBlocks(all));
        if (style == Style.LOCALSTACK) {
            all.addFirst(single(Objects.requireNonNull(eni.primaryAddress())));
            all.add(all.getLast());
            return answer(lost, ASSIGN, all);
        }
        return answer(lost, ASSIGN, fresh);
    }

    private synchronized void unassign(EniId id, BlockKind kind, List<Cidr> blocks) throws Ec2Failure {
        String action = "UnassignPrivateIpAddresses";
        boolean lost = begin(Verb.UNASSIGN, action, id.value());
        Ec2Eni eni = known(id, action);
        boolean ofKind = blocks.stream().allMatch(block -> BlockKind.of(block) == kind);
        if (!ofKind || !eni.blocks().containsAll(blocks)) {
            throw failure(Kind.INVALID, action, id.value());
        }
        enis.put(id, eni.withBlocks(without(eni.blocks(), blocks)));
        switch (kind) {
            case ADDRESS -> addressesFree += blocks.size();
            case PREFIX, IPV6_PREFIX -> prefixesFree += blocks.size();
        }
        answer(lost, action, id);
    }

    private static List<Cidr> without(List<Cidr> blocks, List<Cidr> gone) {
        return blocks.stream().filter(block -> !gone.contains(block)).toList();
    }

    private void changed(EniId id, Ec2Eni now) {
        enis.put(id, now);
    }

    private static Ec2Eni withGroups(Ec2Eni eni, List<String> groups) {
        return new Ec2Eni(
                eni.id(),
                eni.subnetId(),
                eni.mac(),
                eni.primaryAddress(),
                eni.blocks(),
                eni.interfaceType(),
                eni.tags(),
                eni.description(),
                groups,
                eni.attachment());
    }

    /// As it is once it goes with its instance.
    private static Ec2Eni secured(Ec2Eni eni) {
        @Nullable EniAttachment tie = eni.attachment();
        return tie == null
                ? eni
                : eni.withAttachment(new EniAttachment(tie.id(), tie.instanceId(), tie.slot(), tie.state(), true));
    }

    private boolean begin(Verb verb, String action, String subject) throws Ec2Failure {
        note(verb);
        @Nullable Fault fault = queue(verb).poll();
        return switch (fault) {
            case null -> false;
            case Fault.None() -> false;
            case Fault.AnswerLost() -> true;
            case Fault.Refused(Kind kind) -> throw failure(kind, action, subject);
            case Fault.HalfDone(Kind kind) -> throw failure(kind, action, subject);
        };
    }

    private boolean note(Verb verb) {
        calls.add(verb);
        return false;
    }

    private Deque<Fault> queue(Verb verb) {
        return Objects.requireNonNull(faults.get(verb));
    }

    private static <T> T answer(boolean lost, String action, T answer) throws Ec2Failure {
        if (lost) {
            throw failure(Kind.OUTCOME_UNKNOWN, action, "fake");
        }
        return answer;
    }

    private Ec2Eni known(EniId id, String action) throws Ec2Failure {
        @Nullable Ec2Eni eni = enis.get(id);
        if (eni == null) {
            throw failure(Kind.NOT_FOUND, action, id.value());
        }
        return eni;
    }

    /// One look on: attaching becomes attached, detaching becomes free.
    private void settle(Ec2Eni eni) {
        @Nullable EniAttachment tie = eni.attachment();
        if (tie == null) {
            return;
        }
        switch (tie.state()) {
            case ATTACHED -> {}
            case ATTACHING -> {
                attachLooks--;
                if (attachLooks < 1) {
                    enis.put(
                            eni.id(),
                            tied(
                                    eni,
                                    tie.instanceId(),
                                    tie.slot().networkCard(),
                                    tie.slot().deviceIndex(),
                                    EniAttachment.State.ATTACHED));
                }
            }
            case DETACHING -> enis.put(eni.id(), eni.withAttachment(null));
        }
    }

    private void take(int count, String action, String subject) throws Ec2Failure {
        if (count > addressesFree) {
            throw failure(Kind.SUBNET_EXHAUSTED, action, subject);
        }
        addressesFree -= count;
    }

    /// Takes blocks from the subnet, and single addresses besides.
    private List<Cidr> blocks(BlockKind kind, int count, int besides, String action, String subject) throws Ec2Failure {
        return switch (kind) {
            case ADDRESS -> {
                take(count + besides, action, subject);
                yield addresses(count);
            }
            case PREFIX, IPV6_PREFIX -> {
                if (count > prefixesFree) {
                    throw failure(Kind.NO_CONTIGUOUS_PREFIX, action, subject);
                }
                take(besides, action, subject);
                prefixesFree -= count;
                yield prefixes(kind, count);
            }
        };
    }

    private Ec2Eni make(List<Cidr> blocks, String interfaceType, String description, Map<String, String> tags) {
        int number = nextId;
        nextId++;
        @Nullable MacAddress mac = style == Style.LOCALSTACK ? null : macOf(number);
        return new Ec2Eni(
                new EniId(String.format("eni-%017x", number)),
                new SubnetId("subnet-1"),
                mac,
                "efa-only".equals(interfaceType)
                        ? null
                        : addresses(1).getFirst().network(),
                blocks,
                interfaceType,
                tags,
                description,
                List.of("sg-1"),
                null);
    }

    /// The MAC of the ENI that was made as the nth, from 1.
    public static MacAddress macOf(int number) {
        return new MacAddress(0x02aa_0000_0000L + number);
    }

    private List<Cidr> addresses(int count) {
        List<Cidr> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(single(address(nextAddress)));
            nextAddress++;
        }
        return addresses;
    }

    /// IPv4 ones from 10.1.0.0 on.
    private List<Cidr> prefixes(BlockKind kind, int count) {
        List<Cidr> prefixes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = kind == BlockKind.IPV6_PREFIX
                    ? "2001:db8:0:0:" + Integer.toHexString(nextPrefix + 1) + "::/80"
                    : "10.1." + nextPrefix / PREFIX_SIZE + "." + nextPrefix % PREFIX_SIZE * PREFIX_SIZE + "/28";
            prefixes.add(Cidr.parse(text));
            nextPrefix++;
        }
        return prefixes;
    }

    private static Cidr single(InetAddress address) {
        return Cidr.containing(address, Integer.SIZE);
    }

    private static InetAddress address(int host) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (host >> Byte.SIZE), (byte) host});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Ec2Eni tied(
            Ec2Eni eni, @Nullable InstanceId instanceId, int card, int index, EniAttachment.State state) {
        return tied(eni, instanceId, card, index, state, true);
    }

    private static Ec2Eni tied(
            Ec2Eni eni,
            @Nullable InstanceId instanceId,
            int card,
            int index,
            EniAttachment.State state,
            boolean secured) {
        AttachmentId tie = new AttachmentId("eni-attach-" + eni.id().value().substring(4));
        return eni.withAttachment(new EniAttachment(tie, instanceId, new DeviceSlot(card, index), state, secured));
    }

    private static Ec2Failure failure(Kind kind, String action, String subject) {
        return new Ec2Failure(kind, action, subject, "Fake", "queued", null);
    }
}
