package io.vpceni.lab.contract;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.util.List;
import java.util.Objects;

/// What of all this reaches the product: the same deviations as its own calls see them, after the SDK and its reading.
final class PortDeviations {
    private PortDeviations() {}

    static List<Deviation> rows() {
        return List.of(
                Deviation.of("Create: the MAC that is read", "known", "none", bench -> {
                    Ec2Eni eni = PortContract.create(bench, BlockKind.ADDRESS, 0);
                    return eni.mac() == null ? "none" : "known";
                }),
                Deviation.of("Create twice with one token", "the same ENI", "another ENI", PortDeviations::twice),
                Deviation.of(
                        "Create with a prefix: blocks",
                        "1",
                        "0",
                        bench -> Integer.toString(PortContract.create(bench, BlockKind.PREFIX, 1)
                                .blocks()
                                .size())),
                Deviation.of("Create where the subnet is full", "SUBNET_EXHAUSTED", "done", bench -> {
                    String full = bench.world().addSubnet("10.20.240.0/28", "us-east-1a");
                    for (int i = 0; i < 11; i++) {
                        bench.create(request -> request.subnetId(full));
                    }
                    return outcome(
                            bench, PortContract.creation(full, bench.world().groupId(), BlockKind.ADDRESS, 0));
                }),
                Deviation.of("Attach beyond the type's limit", "ENI_LIMIT", "done", bench -> {
                    String instanceId = bench.running("t3.small");
                    String _ = bench.attachedEni(instanceId);
                    String _ = bench.attached(bench.world().createEni(), instanceId, 2);
                    return outcome(bench, attach(bench.world().createEni(), instanceId, 3));
                }),
                Deviation.of("Attach where another ENI is", "INVALID", "done", bench -> {
                    String instanceId = bench.running("t3.small");
                    String _ = bench.attachedEni(instanceId);
                    return outcome(bench, attach(bench.world().createEni(), instanceId, 1));
                }),
                Deviation.of("Attach what is attached", "CONFLICT", "done", bench -> {
                    String instanceId = bench.running("t3.small");
                    return outcome(bench, attach(bench.attachedEni(instanceId), instanceId, 2));
                }),
                Deviation.of(
                        "DeleteOnTermination: what is described then",
                        "true",
                        "false",
                        PortDeviations::deleteOnTermination),
                Deviation.of("Assign 2 more: blocks in the answer", "2", "5", bench -> {
                    Ec2Eni eni = PortContract.create(bench, BlockKind.ADDRESS, 2);
                    Ec2Answer.Assigned answer =
                            bench.port().perform(new Ec2Call.Assign(eni.id(), BlockKind.ADDRESS, 2));
                    return Integer.toString(answer.blocks().size());
                }),
                Deviation.of("Assign beyond the type's limit", "ADDRESS_LIMIT", "done", bench -> {
                    EniId eni = new EniId(bench.attachedEni(bench.running("t3.small")));
                    return outcome(bench, new Ec2Call.Assign(eni, BlockKind.ADDRESS, 4));
                }),
                Deviation.of("Assign a prefix: blocks in the answer", "1", "1, the primary address", bench -> {
                    Ec2Eni eni = PortContract.create(bench, BlockKind.ADDRESS, 0);
                    Ec2Answer.Assigned answer = bench.port().perform(new Ec2Call.Assign(eni.id(), BlockKind.PREFIX, 1));
                    List<String> blocks =
                            answer.blocks().stream().map(Object::toString).toList();
                    boolean old = blocks.stream().anyMatch(block -> block.endsWith("/32"));
                    return blocks.size() + (old ? ", the primary address" : "");
                }),
                Deviation.of("Assign an IPv6 prefix where the subnet has no IPv6 block", "INVALID", "done", bench -> {
                    EniId eni = PortContract.create(bench, BlockKind.ADDRESS, 0).id();
                    return outcome(bench, new Ec2Call.Assign(eni, BlockKind.IPV6_PREFIX, 1));
                }),
                Deviation.of("Unassign an address that the ENI does not have", "INVALID", "done", bench -> {
                    Ec2Eni eni = PortContract.create(bench, BlockKind.ADDRESS, 0);
                    Ec2Eni other = PortContract.create(bench, BlockKind.ADDRESS, 1);
                    return outcome(bench, new Ec2Call.Unassign(eni.id(), BlockKind.ADDRESS, other.blocks()));
                }),
                Deviation.of("Delete an attached ENI", "INVALID", "done", bench -> {
                    EniId eni = new EniId(bench.attachedEni(bench.running("t3.small")));
                    return outcome(bench, new Ec2Call.Delete(eni));
                }));
    }

    private static String twice(Bench bench) throws Ec2Failure {
        Ec2Call.Create create =
                PortContract.creation(bench.world().subnetId(), bench.world().groupId(), BlockKind.ADDRESS, 0);
        Ec2Call.Create again = new Ec2Call.Create(create.request(), create.clientToken());
        Ec2Eni first = bench.port().perform(create).eni();
        Ec2Eni second = bench.port().perform(again).eni();
        return first.id().equals(second.id()) ? "the same ENI" : "another ENI";
    }

    private static String deleteOnTermination(Bench bench) throws Ec2Failure {
        EniId eni = new EniId(bench.world().createEni());
        String attachmentId = bench.attached(eni.value(), bench.running("t3.small"), 1);
        Ec2Answer _ = bench.port().perform(new Ec2Call.DeleteOnTermination(eni, new AttachmentId(attachmentId)));
        Ec2Eni described = PortContract.described(bench, eni);
        return Boolean.toString(Objects.requireNonNull(described.attachment()).deleteOnTermination());
    }

    private static Ec2Call<?> attach(String eniId, String instanceId, int deviceIndex) {
        return new Ec2Call.Attach(new EniId(eniId), new InstanceId(instanceId), new DeviceSlot(0, deviceIndex));
    }

    private static String outcome(Bench bench, Ec2Call<?> call) {
        try {
            Ec2Answer _ = bench.port().perform(call);
            return "done";
        } catch (Ec2Failure failure) {
            return failure.kind().name();
        }
    }
}
