package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// EC2's API for this node: does what a call asks for in EC2's books, or refuses it, or loses the answer.
final class SimApi {
    private static final Duration YOUNG = Duration.ofSeconds(20);
    private static final int ATTACH_MILLIS = 2_500;
    private static final int DETACH_MILLIS = 6_000;
    private static final int SLOW_MILLIS = 120_000;
    private static final int THROTTLED_SECONDS = 3_000; // longer than any call waits for its turn

    private static final Comparator<Ec2Eni> BY_PLACE = Comparator.comparingInt(SimApi::place);

    private final SimWorld world;
    private final SimulatedVpc ec2;

    /// What was created with which token.
    private final Map<String, Ec2Eni> tokens = new HashMap<>();

    private final Map<String, Ec2Call.Create> creates = new HashMap<>();

    private boolean unauthorized;
    private boolean byCredentials;

    /// Until when EC2 refuses all calls that change something.
    private Instant throttledUntil = Instant.MIN;

    SimApi(SimWorld world) {
        this.world = world;
        this.ec2 = world.ec2();
    }

    void calm() {
        unauthorized = false;
        throttledUntil = Instant.MIN;
    }

    /// Makes one call, once.
    Ec2Answer perform(Ec2Call<?> call) throws Ec2Failure {
        ec2.settle(world.now());
        mayRefuse(call);
        if (world.accident(SimulatedFault.TIMEOUT_UNDONE)) {
            throw failure(call, Kind.OUTCOME_UNKNOWN, "");
        }
        boolean lost = world.accident(SimulatedFault.TIMEOUT_DONE);
        Ec2Answer answer = answer(call);
        if (lost) {
            throw failure(call, Kind.OUTCOME_UNKNOWN, "");
        }
        return answer;
    }

    private void mayRefuse(Ec2Call<?> call) throws Ec2Failure {
        if (world.accident(SimulatedFault.UNAUTHORIZED)) {
            unauthorized = !unauthorized;
            byCredentials = world.now().getEpochSecond() % 2 == 0; // no choice is spent on it
        }
        if (unauthorized && call.action().changes()) {
            throw byCredentials
                    ? failure(call, Kind.NOT_AUTHENTICATED, "AuthFailure")
                    : failure(call, Kind.UNAUTHORIZED, "UnauthorizedOperation");
        }
        if (world.accident(SimulatedFault.THROTTLED)) {
            if (world.choices().of(16) == 15) {
                throttledUntil = world.now().plusSeconds(world.choices().of(THROTTLED_SECONDS));
            }
            throw failure(call, Kind.THROTTLED, "RequestLimitExceeded");
        }
        if (call.action().changes() && world.now().isBefore(throttledUntil)) {
            throw failure(call, Kind.THROTTLED, "RequestLimitExceeded");
        }
        if (world.accident(SimulatedFault.REFUSED)) {
            throw failure(call, Kind.OTHER, "InsufficientInstanceCapacity");
        }
        if (world.accident(SimulatedFault.NOT_SENT)) {
            throw failure(call, Kind.UNAVAILABLE, "");
        }
    }

    static Ec2Failure failure(Ec2Call<?> call, Kind kind, String code) {
        return new Ec2Failure(kind, call.action().apiName(), call.subject(), code, "", null);
    }

    private Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        return switch (call) {
            case Ec2Call.LimitsOf _ -> new Ec2Answer.Limits(ec2.limits());
            case Ec2Call.EnisOf of -> enis(eni -> SimulatedVpc.isTiedTo(eni, of.instanceId()), true);
            case Ec2Call.OneEni one -> one(one);
            case Ec2Call.UnattachedOf of ->
                enis(
                        eni -> eni.attachment() == null
                                && of.instanceId().equals(eni.tags().get(EniLabels.INSTANCE_ID)),
                        false);
            case Ec2Call.LeftOverIn in ->
                enis(
                        eni -> eni.attachment() == null
                                && eni.tags().containsKey(EniLabels.INSTANCE_ID)
                                && in.clusterName().equals(eni.tags().get(EniLabels.CLUSTER_NAME)),
                        false);
            case Ec2Call.SubnetsOf _ -> subnets();
            case Ec2Call.Create create -> create(create);
            case Ec2Call.Attach attach -> attach(attach);
            case Ec2Call.DeleteOnTermination modify -> deleteOnTermination(modify);
            case Ec2Call.SetGroups set -> {
                SimulatedEni eni = existing(set, set.eni());
                world.checker().enis().changed(eni, set);
                eni.groups(set.groups());
                eni.changed(world.now());
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Tag tag -> {
                SimulatedEni eni = existing(tag, tag.eni());
                world.checker().enis().changed(eni, tag);
                eni.tags().putAll(tag.tags());
                eni.changed(world.now());
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Detach detach -> detach(detach);
            case Ec2Call.Delete delete -> delete(delete);
            case Ec2Call.Assign assign -> assign(assign);
            case Ec2Call.Unassign unassign -> unassign(unassign);
        };
    }

    // ---- views

    /// What moment a Describe tells of: now, or up to 45 seconds ago.
    private Instant moment() {
        if (world.accident(SimulatedFault.STALE_VIEW)) {
            return world.now().minusMillis(1 + world.choices().of((int) SimulatedVpc.LAG_MAX.toMillis()));
        }
        return world.now();
    }

    private Ec2Answer enis(Predicate<Ec2Eni> wanted, boolean mayLeaveOut) {
        List<Ec2Eni> listed = ec2.describe(moment(), wanted);
        listed.sort(BY_PLACE);
        if (mayLeaveOut && world.accident(SimulatedFault.BLOCK_LEFT_OUT)) {
            leaveOut(listed);
        }
        return new Ec2Answer.Enis(listed);
    }

    /// What a start is told that asks until it is told something.
    List<Ec2Eni> enisAtStart() {
        ec2.settle(world.now());
        return enis(eni -> SimulatedVpc.isTiedTo(eni, SimulatedVpc.NODE), true)
                        instanceof Ec2Answer.Enis(List<Ec2Eni> enis)
                ? enis
                : List.of();
    }

    private static int place(Ec2Eni eni) {
        EniAttachment tie = eni.attachment();
        return tie == null ? Integer.MAX_VALUE : tie.networkCard() * 100 + tie.deviceIndex();
    }

    private void leaveOut(List<Ec2Eni> listed) {
        List<Ec2Eni> enis =
                listed.stream().filter(eni -> !eni.blocks().isEmpty()).toList();
        if (!enis.isEmpty()) {
            Ec2Eni eni = enis.get(world.choices().of(enis.size()));
            List<Cidr> blocks = new ArrayList<>(eni.blocks());
            Cidr block = blocks.remove(world.choices().of(blocks.size()));
            listed.set(
                    listed.indexOf(eni),
                    new Ec2Eni(
                            eni.id(),
                            eni.subnetId(),
                            eni.mac(),
                            eni.primaryAddress(),
                            blocks,
                            eni.interfaceType(),
                            eni.description(),
                            eni.tags(),
                            eni.groups(),
                            eni.attachment()));
            world.checker().limits().gone(block);
        }
    }

    private Ec2Answer one(Ec2Call.OneEni one) throws Ec2Failure {
        Optional<Ec2Eni> eni = ec2.describe(moment(), one.eni());
        if (eni.isEmpty()) {
            throw failure(one, Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
        }
        return new Ec2Answer.Enis(List.of(eni.get()));
    }

    private Ec2Answer subnets() {
        return new Ec2Answer.Subnets(ec2.subnets().stream()
                .map(subnet -> new Ec2Subnet(
                        subnet.id(),
                        SimulatedVpc.ZONE,
                        subnet.block(),
                        subnet.isFilled() ? 0 : subnet.left(),
                        Map.of("kubernetes.io/role/cni", "1")))
                .toList());
    }

    /// One that EC2 knows already: it may need some seconds to know what it made.
    private SimulatedEni existing(Ec2Call<?> call, EniId id) throws Ec2Failure {
        Optional<SimulatedEni> eni = ec2.find(id);
        boolean young =
                eni.filter(e -> e.createdAt().plus(YOUNG).isAfter(world.now())).isPresent();
        if (eni.isEmpty() || (young && world.accident(SimulatedFault.NOT_KNOWN_YET))) {
            throw failure(call, Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
        }
        return eni.get();
    }

    // ---- an ENI's life

    private Ec2Answer create(Ec2Call.Create create) throws Ec2Failure {
        Ec2Eni before = tokens.get(create.clientToken());
        if (before != null) {
            if (!create.equals(creates.get(create.clientToken()))) {
                throw failure(create, Kind.INVALID, "IdempotentParameterMismatch");
            }
            world.coverage().fault(SimulatedFault.TOKEN_REPEATED);
            return new Ec2Answer.Created(
                    ec2.find(before.id()).map(SimulatedEni::now).orElse(before));
        }
        if (world.accident(SimulatedFault.FALSE_ENI_LIMIT)) {
            throw failure(create, Kind.ENI_LIMIT, "NetworkInterfaceLimitExceeded");
        }
        var request = create.request();
        Optional<SimulatedSubnet> subnet = ec2.subnets().stream()
                .filter(s -> s.id().equals(request.subnetId()))
                .findFirst();
        if (subnet.isEmpty()) {
            throw failure(create, Kind.NOT_FOUND, "InvalidSubnetID.NotFound");
        }
        requireRoom(create, subnet.get());
        Optional<SimulatedEni> eni =
                ec2.create(subnet.get(), EniRole.PODS, request.description(), world.now(), world.place());
        if (eni.isEmpty()) {
            throw failure(create, Kind.SUBNET_EXHAUSTED, "InsufficientFreeAddressesInSubnet");
        }
        eni.get().tags().putAll(request.tags());
        eni.get().groups(request.securityGroups());
        List<Cidr> added = ec2.assign(eni.get(), request.kind(), request.count(), world.now(), world.place());
        eni.get().changed(world.now());
        world.checker().ec2Added(added);
        world.checker().enis().created(eni.get(), create);
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

    private Ec2Answer attach(Ec2Call.Attach attach) throws Ec2Failure {
        SimulatedEni eni = existing(attach, attach.eni());
        if (eni.tie().isPresent()) {
            throw failure(attach, Kind.CONFLICT, "InvalidNetworkInterface.InUse");
        }
        if (ec2.occupied(attach.networkCard()).contains(attach.deviceIndex())) {
            throw failure(attach, Kind.INVALID, "InvalidParameterValue");
        }
        if (ec2.cardIsFull(attach.networkCard()) || world.accident(SimulatedFault.FALSE_ENI_LIMIT)) {
            throw failure(attach, Kind.ENI_LIMIT, "AttachmentLimitExceeded");
        }
        world.checker().enis().attached(eni, attach);
        ec2.tie(
                eni,
                attach.instanceId(),
                attach.networkCard(),
                attach.deviceIndex(),
                world.now(),
                world.now().plus(takes(SimulatedFault.ATTACH_SLOW, ATTACH_MILLIS)));
        return new Ec2Answer.AttachedAs(eni.tie().orElseThrow().id());
    }

    /// How long EC2 takes for something that goes on behind the call's back.
    private Duration takes(SimulatedFault slow, int usual) {
        return Duration.ofMillis(world.choices().of(world.accident(slow) ? SLOW_MILLIS : usual));
    }

    private Ec2Answer deleteOnTermination(Ec2Call.DeleteOnTermination modify) throws Ec2Failure {
        SimulatedEni eni = existing(modify, modify.eni());
        if (eni.tie().filter(tie -> tie.id().equals(modify.attachmentId())).isEmpty()) {
            throw failure(modify, Kind.NOT_FOUND, "InvalidAttachmentID.NotFound");
        }
        world.checker().enis().changed(eni, modify);
        ec2.deleteOnTermination(eni, world.now());
        return new Ec2Answer.Done();
    }

    private Ec2Answer detach(Ec2Call.Detach detach) throws Ec2Failure {
        Optional<SimulatedEni> eni = ec2.find(detach.eni());
        Optional<EniAttachment> tie = eni.flatMap(SimulatedEni::tie).filter(t -> t.id().equals(detach.attachmentId()));
        if (tie.isEmpty() || tie.get().state() == EniAttachment.State.DETACHING) {
            return new Ec2Answer.Done();
        }
        if (tie.get().state() == EniAttachment.State.ATTACHING) {
            throw failure(detach, Kind.CONFLICT, "IncorrectState");
        }
        world.checker().detaches(eni.orElseThrow(), detach);
        Instant settles = world.now().plus(takes(SimulatedFault.DETACH_SLOW, DETACH_MILLIS));
        ec2.untie(eni.orElseThrow(), world.now(), settles);
        return new Ec2Answer.Done();
    }

    private Ec2Answer delete(Ec2Call.Delete delete) throws Ec2Failure {
        Optional<SimulatedEni> eni = ec2.find(delete.eni());
        if (eni.isEmpty()) {
            return new Ec2Answer.Done();
        }
        SimulatedEni there = existing(delete, delete.eni());
        if (there.tie().isPresent()) {
            throw failure(delete, Kind.CONFLICT, "InvalidParameterValue.InUse");
        }
        world.checker().enis().deleted(there, delete, world.now());
        if (world.checker().enis().isTouched(there.id())) {
            world.byHand().delete(there);
        } else {
            ec2.delete(there, world.now());
        }
        return new Ec2Answer.Done();
    }

    // ---- blocks

    private Ec2Answer assign(Ec2Call.Assign assign) throws Ec2Failure {
        SimulatedEni eni = existing(assign, assign.eni());
        if (eni.blocks().size() + assign.count() > ec2.slots()) {
            throw failure(assign, Kind.ADDRESS_LIMIT, "PrivateIpAddressLimitExceeded");
        }
        int count = assign.count();
        if (count > 1 && world.accident(SimulatedFault.PARTIAL)) {
            count = 1 + world.choices().of(count - 1);
        }
        List<Cidr> added = ec2.assign(eni, assign.kind(), count, world.now(), world.place());
        if (added.isEmpty()) {
            throw assign.kind() == BlockKind.PREFIX
                    ? failure(assign, Kind.NO_CONTIGUOUS_PREFIX, "InsufficientCidrBlocks")
                    : failure(assign, Kind.SUBNET_EXHAUSTED, "InsufficientFreeAddressesInSubnet");
        }
        world.checker().ec2Added(added);
        if (ec2.eni(eni.id()).isEmpty()) { // somebody detached it, and nobody here could know
            added.forEach(block -> world.checker().takenByOthers(block, world.now()));
        }
        return new Ec2Answer.Assigned(added);
    }

    private Ec2Answer unassign(Ec2Call.Unassign unassign) throws Ec2Failure {
        SimulatedEni eni = existing(unassign, unassign.eni());
        if (!eni.blocks().containsAll(unassign.blocks())) {
            throw failure(unassign, Kind.INVALID, "InvalidParameterValue");
        }
        unassign.blocks().forEach(block -> world.checker().ec2Takes(block, unassign));
        ec2.unassign(eni, unassign.blocks(), world.now());
        return new Ec2Answer.Done();
    }

    /// Whether a call of that action does something that has to be finished or undone.
    static boolean isStep(Ec2Action action) {
        return switch (action) {
            case CREATE_NETWORK_INTERFACE,
                    ATTACH_NETWORK_INTERFACE,
                    MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
                    DETACH_NETWORK_INTERFACE,
                    DELETE_NETWORK_INTERFACE -> true;
            case DESCRIBE_INSTANCE_TYPES,
                    DESCRIBE_NETWORK_INTERFACES,
                    DESCRIBE_SUBNETS,
                    ASSIGN_PRIVATE_IP_ADDRESSES,
                    UNASSIGN_PRIVATE_IP_ADDRESSES,
                    ASSIGN_IPV6_ADDRESSES,
                    UNASSIGN_IPV6_ADDRESSES,
                    CREATE_TAGS -> false;
        };
    }
}
