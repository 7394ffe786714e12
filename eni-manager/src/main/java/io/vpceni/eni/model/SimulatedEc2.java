package io.vpceni.eni.model;

import io.vpceni.config.Cidr;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// EC2's API in one process: does in a [SimulatedVpc] what a call asks for, or refuses it as EC2 does.
///
/// A token that comes again gives the same ENI. An attachment and a detachment go on after their call was answered, as
/// long as [Ec2Conditions] says.
public final class SimulatedEc2 {
    /// So young an ENI may be unknown to some calls.
    public static final Duration YOUNG = Duration.ofSeconds(20);

    private static final Comparator<Ec2Eni> BY_SLOT = Comparator.comparingInt(SimulatedEc2::slot);

    private final SimulatedVpc vpc;
    private final Ec2Conditions conditions;
    private final Ec2Observer observer;

    /// What was created with which token.
    private final Map<ClientToken, Ec2Eni> tokens = new HashMap<>();

    private final Map<ClientToken, Ec2Call.Create> creates = new HashMap<>();

    public SimulatedEc2(SimulatedVpc vpc, Ec2Conditions conditions, Ec2Observer observer) {
        this.vpc = vpc;
        this.conditions = conditions;
        this.observer = observer;
    }

    /// Makes one call, once.
    ///
    /// @param now not before that of any earlier call
    /// @throws Ec2Failure when EC2 refuses it
    public Ec2Answer perform(Ec2Call<?> call, Instant now) throws Ec2Failure {
        vpc.settle(now);
        return answer(call, now);
    }

    /// How EC2 refuses a call.
    public static Ec2Failure failure(Ec2Call<?> call, Kind kind, String code) {
        return new Ec2Failure(kind, call.action().apiName(), call.subject(), code, "", null);
    }

    /// A call that EC2 did not answer.
    public static Ec2Failure noAnswer(Ec2Call<?> call, Kind kind) {
        return Ec2Failure.withoutCode(kind, call.action().apiName(), call.subject(), "", null);
    }

    private Ec2Answer answer(Ec2Call<?> call, Instant now) throws Ec2Failure {
        return switch (call) {
            case Ec2Call.LimitsOf _ -> new Ec2Answer.Limits(vpc.limits());
            case Ec2Call.EnisOf of -> attached(of.instanceId(), now);
            case Ec2Call.OneEni one -> one(one, now);
            case Ec2Call.UnattachedOf of ->
                enis(
                        eni -> eni.attachment() == null
                                && of.instanceId().value().equals(eni.tags().get(EniLabels.INSTANCE_ID)),
                        now);
            case Ec2Call.LeftOverIn in ->
                enis(
                        eni -> eni.attachment() == null
                                && eni.tags().containsKey(EniLabels.INSTANCE_ID)
                                && in.clusterName().value().equals(eni.tags().get(EniLabels.CLUSTER_NAME)),
                        now);
            case Ec2Call.SubnetsOf of -> subnets(of.zone());
            case Ec2Call.Create create -> create(create, now);
            case Ec2Call.Attach attach -> attach(attach, now);
            case Ec2Call.DeleteOnTermination modify -> deleteOnTermination(modify, now);
            case Ec2Call.SetGroups set -> setGroups(set, now);
            case Ec2Call.Tag tag -> tag(tag, now);
            case Ec2Call.Detach detach -> detach(detach, now);
            case Ec2Call.Delete delete -> delete(delete, now);
            case Ec2Call.Assign assign -> assign(assign, now);
            case Ec2Call.Unassign unassign -> unassign(unassign, now);
        };
    }

    // ---- views

    private Ec2Answer attached(InstanceId instanceId, Instant now) {
        List<Ec2Eni> all = describe(eni -> SimulatedVpc.hasAttachmentTo(eni, instanceId), now);
        return new Ec2Answer.Enis(conditions.listed(all));
    }

    private Ec2Answer enis(Predicate<Ec2Eni> wanted, Instant now) {
        return new Ec2Answer.Enis(describe(wanted, now));
    }

    private List<Ec2Eni> describe(Predicate<Ec2Eni> wanted, Instant now) {
        List<Ec2Eni> listed = vpc.describe(conditions.describedAt(now), wanted);
        listed.sort(BY_SLOT);
        return listed;
    }

    private static int slot(Ec2Eni eni) {
        EniAttachment attachment = eni.attachment();
        return attachment == null
                ? Integer.MAX_VALUE
                : attachment.slot().networkCard() * 100 + attachment.slot().deviceIndex();
    }

    private Ec2Answer one(Ec2Call.OneEni one, Instant now) throws Ec2Failure {
        Optional<Ec2Eni> eni = vpc.describe(conditions.describedAt(now), one.eni());
        if (eni.isEmpty()) {
            throw failure(one, Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
        }
        return new Ec2Answer.Enis(List.of(eni.get()));
    }

    private Ec2Answer subnets(String zone) {
        return new Ec2Answer.Subnets(vpc.subnets().stream()
                .map(subnet -> new Ec2Subnet(
                        subnet.id(),
                        zone,
                        subnet.block(),
                        subnet.isFilled() ? 0 : subnet.left(),
                        Map.of("kubernetes.io/role/cni", "1")))
                .toList());
    }

    /// One that EC2 knows already: it may need some seconds to know what it made.
    private SimulatedEni existing(Ec2Call<?> call, EniId id, Instant now) throws Ec2Failure {
        Optional<SimulatedEni> eni = vpc.find(id);
        boolean young = eni.filter(e -> e.createdAt().plus(YOUNG).isAfter(now)).isPresent();
        if (eni.isEmpty() || (young && conditions.isUnknownYet(eni.get()))) {
            throw failure(call, Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
        }
        return eni.get();
    }

    // ---- an ENI's life

    private Ec2Answer setGroups(Ec2Call.SetGroups set, Instant now) throws Ec2Failure {
        SimulatedEni eni = existing(set, set.eni(), now);
        observer.changes(eni, set);
        eni.groups(set.groups());
        eni.changed(now);
        return new Ec2Answer.Done();
    }

    private Ec2Answer tag(Ec2Call.Tag tag, Instant now) throws Ec2Failure {
        SimulatedEni eni = existing(tag, tag.eni(), now);
        observer.changes(eni, tag);
        eni.tags().putAll(tag.tags());
        eni.changed(now);
        return new Ec2Answer.Done();
    }

    private Ec2Answer create(Ec2Call.Create create, Instant now) throws Ec2Failure {
        Ec2Eni before = tokens.get(create.clientToken());
        if (before != null) {
            if (!create.equals(creates.get(create.clientToken()))) {
                throw failure(create, Kind.INVALID, "IdempotentParameterMismatch");
            }
            observer.tokenRepeated();
            return new Ec2Answer.Created(
                    vpc.find(before.id()).map(SimulatedEni::now).orElse(before));
        }
        if (conditions.refusesAsOverTheLimit()) {
            throw failure(create, Kind.ENI_LIMIT, "NetworkInterfaceLimitExceeded");
        }
        var request = create.request();
        Optional<SimulatedSubnet> subnet = vpc.subnets().stream()
                .filter(s -> s.id().equals(request.subnetId()))
                .findFirst();
        if (subnet.isEmpty()) {
            throw failure(create, Kind.NOT_FOUND, "InvalidSubnetID.NotFound");
        }
        requireRoom(create, subnet.get());
        Optional<SimulatedEni> eni =
                vpc.create(subnet.get(), EniRole.PODS, request.description(), now, conditions.searchFrom());
        if (eni.isEmpty()) {
            throw failure(create, Kind.SUBNET_EXHAUSTED, "InsufficientFreeAddressesInSubnet");
        }
        eni.get().tags().putAll(request.tags());
        eni.get().groups(request.securityGroups());
        vpc.assign(eni.get(), request.kind(), request.count(), now, conditions.searchFrom());
        eni.get().changed(now);
        observer.created(eni.get(), create);
        tokens.put(create.clientToken(), eni.get().now());
        creates.put(create.clientToken(), create);
        return new Ec2Answer.Created(eni.get().now());
    }

    private static void requireRoom(Ec2Call.Create create, SimulatedSubnet subnet) throws Ec2Failure {
        BlockKind kind = create.request().kind();
        int count = create.request().count();
        boolean room = !subnet.isFilled() && subnet.left() > (kind == BlockKind.ADDRESS ? count : 0);
        if (!room) {
            throw failure(create, Kind.SUBNET_EXHAUSTED, "InsufficientFreeAddressesInSubnet");
        }
        if (kind == BlockKind.PREFIX && count > 0 && !subnet.hasPrefix()) {
            throw failure(create, Kind.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks");
        }
    }

    private Ec2Answer attach(Ec2Call.Attach attach, Instant now) throws Ec2Failure {
        SimulatedEni eni = existing(attach, attach.eni(), now);
        if (eni.attachment().isPresent()) {
            throw failure(attach, Kind.CONFLICT, "InvalidNetworkInterface.InUse");
        }
        if (vpc.occupied(attach.slot().networkCard()).contains(attach.slot().deviceIndex())) {
            throw failure(attach, Kind.INVALID, "InvalidParameterValue");
        }
        if (vpc.cardIsFull(attach.slot().networkCard()) || conditions.refusesAsOverTheLimit()) {
            throw failure(attach, Kind.ENI_LIMIT, "AttachmentLimitExceeded");
        }
        observer.attaches(eni, attach);
        vpc.beginAttach(
                eni,
                attach.instanceId(),
                attach.slot().networkCard(),
                attach.slot().deviceIndex(),
                now,
                now.plus(conditions.attachTakes()));
        return new Ec2Answer.AttachedAs(eni.attachment().orElseThrow().id());
    }

    private Ec2Answer deleteOnTermination(Ec2Call.DeleteOnTermination modify, Instant now) throws Ec2Failure {
        SimulatedEni eni = existing(modify, modify.eni(), now);
        if (eni.attachment()
                .filter(attachment -> attachment.id().equals(modify.attachmentId()))
                .isEmpty()) {
            throw failure(modify, Kind.NOT_FOUND, "InvalidAttachmentID.NotFound");
        }
        observer.changes(eni, modify);
        vpc.deleteOnTermination(eni, now);
        return new Ec2Answer.Done();
    }

    private Ec2Answer detach(Ec2Call.Detach detach, Instant now) throws Ec2Failure {
        Optional<SimulatedEni> eni = vpc.find(detach.eni());
        Optional<EniAttachment> attachment =
                eni.flatMap(SimulatedEni::attachment).filter(t -> t.id().equals(detach.attachmentId()));
        if (attachment.isEmpty() || attachment.get().state() == EniAttachment.State.DETACHING) {
            return new Ec2Answer.Done();
        }
        if (attachment.get().state() == EniAttachment.State.ATTACHING) {
            throw failure(detach, Kind.CONFLICT, "IncorrectState");
        }
        observer.detaches(eni.orElseThrow(), detach);
        Instant settles = now.plus(conditions.detachTakes());
        vpc.beginDetach(eni.orElseThrow(), now, settles);
        return new Ec2Answer.Done();
    }

    private Ec2Answer delete(Ec2Call.Delete delete, Instant now) throws Ec2Failure {
        Optional<SimulatedEni> eni = vpc.find(delete.eni());
        if (eni.isEmpty()) {
            return new Ec2Answer.Done();
        }
        SimulatedEni there = existing(delete, delete.eni(), now);
        if (there.attachment().isPresent()) {
            throw failure(delete, Kind.CONFLICT, "InvalidParameterValue.InUse");
        }
        observer.deletes(there, delete, now);
        List<Cidr> blocks = List.copyOf(there.blocks());
        boolean others = conditions.othersGetBlocksOf(there);
        vpc.delete(there, now);
        if (others) {
            blocks.forEach(there.subnet()::takenByStranger);
        }
        return new Ec2Answer.Done();
    }

    // ---- blocks

    private Ec2Answer assign(Ec2Call.Assign assign, Instant now) throws Ec2Failure {
        SimulatedEni eni = existing(assign, assign.eni(), now);
        if (eni.blocks().size() + assign.count() > vpc.slots()) {
            throw failure(assign, Kind.ADDRESS_LIMIT, "PrivateIpAddressLimitExceeded");
        }
        List<Cidr> added =
                vpc.assign(eni, assign.kind(), conditions.assigns(assign.count()), now, conditions.searchFrom());
        if (added.isEmpty()) {
            throw assign.kind() == BlockKind.PREFIX
                    ? failure(assign, Kind.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks")
                    : failure(assign, Kind.SUBNET_EXHAUSTED, "InsufficientFreeAddressesInSubnet");
        }
        observer.assigned(eni, added, now);
        return new Ec2Answer.Assigned(added);
    }

    private Ec2Answer unassign(Ec2Call.Unassign unassign, Instant now) throws Ec2Failure {
        SimulatedEni eni = existing(unassign, unassign.eni(), now);
        if (!eni.blocks().containsAll(unassign.blocks())) {
            throw failure(unassign, Kind.INVALID, "InvalidParameterValue");
        }
        unassign.blocks().forEach(block -> observer.unassigns(block, unassign));
        vpc.unassign(eni, unassign.blocks(), now);
        return new Ec2Answer.Done();
    }
}
