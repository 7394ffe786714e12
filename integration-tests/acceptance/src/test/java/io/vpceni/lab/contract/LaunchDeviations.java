package io.vpceni.lab.contract;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;

/// Instances: how they begin and what their end leaves.
final class LaunchDeviations {
    private LaunchDeviations() {}

    static List<Deviation> rows() {
        return List.of(
                Deviation.of(
                        "RunInstances of a type that there is not",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> Bench.refusal(() -> bench.world().launch("x9.unheardof"))),
                Deviation.of("RunInstances: the state right after it", "pending", "running", LaunchDeviations::state),
                Deviation.of(
                        "RunInstances with SecondaryPrivateIpAddressCount 2: addresses of the primary ENI",
                        "3",
                        "1",
                        LaunchDeviations::addressesAtLaunch),
                Deviation.of(
                        "RunInstances: DeleteOnTermination of the primary ENI",
                        "true",
                        "false",
                        bench -> Boolean.toString(AttachmentDeviations.primary(bench, bench.running("t3.small"))
                                .attachment()
                                .deleteOnTermination())),
                Deviation.of(
                        "TerminateInstances: an ENI without DeleteOnTermination",
                        "available",
                        "in-use",
                        bench -> afterTermination(bench, false)),
                Deviation.of(
                        "TerminateInstances: an ENI with DeleteOnTermination",
                        "InvalidNetworkInterfaceID.NotFound",
                        "in-use",
                        bench -> afterTermination(bench, true)));
    }

    private static String state(Bench bench) {
        String instanceId = bench.world().launch("t3.small").instanceId();
        return bench.ec2()
                .describeInstances(request -> request.instanceIds(instanceId))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .state()
                .nameAsString();
    }

    private static String addressesAtLaunch(Bench bench) {
        String instanceId = bench.world()
                .launch(request -> request.subnetId(null)
                        .securityGroupIds(List.of())
                        .networkInterfaces(InstanceNetworkInterfaceSpecification.builder()
                                .deviceIndex(0)
                                .subnetId(bench.world().subnetId())
                                .groups(bench.world().groupId())
                                .secondaryPrivateIpAddressCount(2)
                                .build()))
                .instanceId();
        bench.settle();
        return Integer.toString(AttachmentDeviations.primary(bench, instanceId)
                .privateIpAddresses()
                .size());
    }

    private static String afterTermination(Bench bench, boolean deleteOnTermination) {
        String instanceId = bench.running("t3.small");
        String eniId = bench.world().createEni();
        String attachmentId = bench.attached(eniId, instanceId, 1);
        bench.ec2()
                .modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                        .attachment(attachment ->
                                attachment.attachmentId(attachmentId).deleteOnTermination(deleteOnTermination)));
        bench.ec2().terminateInstances(request -> request.instanceIds(instanceId));
        bench.settle();
        return AttachmentDeviations.status(bench, eniId);
    }
}
