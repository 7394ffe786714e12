package io.vpceni.lab.fleet;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniRequest;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ENIs of one instance as EC2 has them. Each instance has a /8 of its own: the fleet is about calls, not about
/// addresses.
final class FleetEc2 {

    static final String SUBNET = "subnet-fleet";
    static final Cidr SUBNET_BLOCK = Cidr.parse("10.0.0.0/8");

    private static final int ADDRESSES_FROM = 0x0A80_0000;
    private static final int PREFIXES_FROM = 0x0AC0_0000;

    private final String instanceId;
    private final NodeLimits limits;
    private final Map<EniId, Ec2Eni> enis = new LinkedHashMap<>();
    private final Map<String, EniId> tokens = new HashMap<>();
    private int addresses;
    private int prefixes;
    private int numbers;

    /// An instance that runs, with its primary ENI.
    FleetEc2(String instanceId, NodeLimits limits) {
        this.instanceId = instanceId;
        this.limits = limits;
        Ec2Eni primary =
                create(new EniRequest(SUBNET, List.of("sg-fleet"), BlockKind.ADDRESS, 0, "", new LinkedHashMap<>()));
        put(primary, tie(0, true), primary.blocks());
    }

    List<Ec2Eni> attached() {
        return enis.values().stream().filter(eni -> eni.attachment() != null).toList();
    }

    /// Does it, without a look at the budget.
    Ec2Answer perform(Ec2Call<?> call) throws Ec2Failure {
        return switch (call) {
            case Ec2Call.LimitsOf _ -> new Ec2Answer.Limits(limits);
            case Ec2Call.EnisOf _ -> new Ec2Answer.Enis(attached());
            case Ec2Call.OneEni(EniId id) -> new Ec2Answer.Enis(List.of(known(call, id)));
            case Ec2Call.UnattachedOf _ ->
                new Ec2Answer.Enis(enis.values().stream()
                        .filter(eni -> eni.attachment() == null)
                        .toList());
            case Ec2Call.LeftOverIn _ -> new Ec2Answer.Enis(List.of());
            case Ec2Call.SubnetsOf(String _, String zone) ->
                new Ec2Answer.Subnets(List.of(new Ec2Subnet(SUBNET, zone, SUBNET_BLOCK, 1 << 20, Map.of())));
            case Ec2Call.Create(EniRequest request, String token) -> {
                @Nullable EniId before = tokens.get(token);
                Ec2Eni eni = before == null ? create(request) : known(call, before);
                tokens.put(token, eni.id());
                yield new Ec2Answer.Created(eni);
            }
            case Ec2Call.Attach(EniId id, String _, int _, int deviceIndex) -> {
                Ec2Eni eni = known(call, id);
                EniAttachment tie = tie(deviceIndex, false);
                put(eni, tie, eni.blocks());
                yield new Ec2Answer.AttachedAs(tie.id());
            }
            case Ec2Call.DeleteOnTermination(EniId id, String _) -> {
                Ec2Eni eni = known(call, id);
                @Nullable EniAttachment tie = eni.attachment();
                put(eni, tie == null ? null : tie(tie.deviceIndex(), true), eni.blocks());
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Detach(EniId id, String _) -> {
                Ec2Eni eni = known(call, id);
                put(eni, null, eni.blocks());
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Delete(EniId id) -> {
                enis.remove(id);
                yield new Ec2Answer.Done();
            }
            case Ec2Call.Assign(EniId id, BlockKind kind, int count) -> {
                Ec2Eni eni = known(call, id);
                List<Cidr> fresh = fresh(
                        kind,
                        Math.min(count, limits.slotsPerEni() - eni.blocks().size()));
                List<Cidr> all = new ArrayList<>(eni.blocks());
                all.addAll(fresh);
                put(eni, eni.attachment(), all);
                yield new Ec2Answer.Assigned(fresh);
            }
            case Ec2Call.Unassign(EniId id, BlockKind _, List<Cidr> blocks) -> {
                Ec2Eni eni = known(call, id);
                put(
                        eni,
                        eni.attachment(),
                        eni.blocks().stream()
                                .filter(block -> !blocks.contains(block))
                                .toList());
                yield new Ec2Answer.Done();
            }
            case Ec2Call.SetGroups _, Ec2Call.Tag _ -> new Ec2Answer.Done();
        };
    }

    private Ec2Eni known(Ec2Call<?> call, EniId id) throws Ec2Failure {
        @Nullable Ec2Eni eni = enis.get(id);
        if (eni == null) {
            throw new Ec2Failure(
                    Kind.NOT_FOUND,
                    call.action().apiName(),
                    call.subject(),
                    "InvalidNetworkInterfaceID.NotFound",
                    "",
                    null);
        }
        return eni;
    }

    private Ec2Eni create(EniRequest request) {
        numbers++;
        Ec2Eni eni = new Ec2Eni(
                new EniId("eni-" + instanceId.substring(2) + numbers),
                request.subnetId(),
                new MacAddress(0x0200_0000_0000L + numbers),
                address(ADDRESSES_FROM + ++addresses),
                fresh(request.kind(), request.count()),
                "interface",
                request.description(),
                request.tags(),
                request.securityGroups(),
                null);
        enis.put(eni.id(), eni);
        return eni;
    }

    private void put(Ec2Eni eni, @Nullable EniAttachment tie, List<Cidr> blocks) {
        enis.put(
                eni.id(),
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
                        tie));
    }

    private EniAttachment tie(int deviceIndex, boolean deleteOnTermination) {
        return new EniAttachment(
                "eni-attach-" + instanceId.substring(2) + deviceIndex,
                instanceId,
                0,
                deviceIndex,
                EniAttachment.State.ATTACHED,
                deleteOnTermination);
    }

    private List<Cidr> fresh(BlockKind kind, int count) {
        List<Cidr> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InetAddress first = kind == BlockKind.PREFIX
                    ? address(PREFIXES_FROM + 16 * prefixes++)
                    : address(ADDRESSES_FROM + ++addresses);
            blocks.add(Cidr.containing(first, kind.prefixBits()));
        }
        return blocks;
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
