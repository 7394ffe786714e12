package io.vpceni.lab.contract;

import io.vpceni.lab.ec2.SdkTerms;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;

/// Attach, detach, delete: what is allowed when, and how long it takes.
final class AttachmentDeviations {
    private AttachmentDeviations() {}

    static List<Deviation> rows() {
        return List.of(
                Deviation.of(
                        "AttachNetworkInterface at a device index that is taken",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> {
                            String instanceId = bench.running("t3.small");
                            String _ = bench.attachedEni(instanceId);
                            return attach(bench, bench.world().createEni(), instanceId, 1);
                        }),
                Deviation.of(
                        "AttachNetworkInterface of an ENI that is attached",
                        "InvalidNetworkInterface.InUse",
                        "accepted",
                        bench -> {
                            String instanceId = bench.running("t3.small");
                            return attach(bench, bench.attachedEni(instanceId), instanceId, 2);
                        }),
                Deviation.of(
                        "AttachNetworkInterface of an ENI in another zone",
                        "InvalidParameterCombination",
                        "accepted",
                        bench -> {
                            String elsewhere = bench.world().addSubnet("10.20.16.0/20", "us-east-1b");
                            String eniId = bench.create(request -> request.subnetId(elsewhere))
                                    .networkInterfaceId();
                            return attach(bench, eniId, bench.running("t3.small"), 1);
                        }),
                Deviation.of(
                        "AttachNetworkInterface of a fourth ENI to a t3.small",
                        "AttachmentLimitExceeded",
                        "accepted",
                        bench -> {
                            String instanceId = bench.running("t3.small");
                            String _ = bench.attachedEni(instanceId);
                            String _ = bench.attached(bench.world().createEni(), instanceId, 2);
                            return attach(bench, bench.world().createEni(), instanceId, 3);
                        }),
                Deviation.of(
                        "AttachNetworkInterface: the attachment right after it", "attaching", "attached", bench -> {
                            String instanceId = bench.running("t3.small");
                            String eniId = bench.world().createEni();
                            String _ = bench.world().attach(eniId, instanceId, 1);
                            return attachment(bench, eniId);
                        }),
                Deviation.of(
                        "ModifyNetworkInterfaceAttribute to DeleteOnTermination true: what is described then",
                        "true",
                        "false",
                        AttachmentDeviations::deleteOnTermination),
                Deviation.of("DetachNetworkInterface: the attachment right after it", "detaching", "none", bench -> {
                    String eniId = bench.world().createEni();
                    String attachmentId = bench.attached(eniId, bench.running("t3.small"), 1);
                    bench.ec2().detachNetworkInterface(request -> request.attachmentId(attachmentId));
                    return attachment(bench, eniId);
                }),
                Deviation.of(
                        "DetachNetworkInterface of the primary ENI where there is another",
                        "OperationNotPermitted",
                        "accepted",
                        bench -> {
                            String instanceId = bench.running("t3.small");
                            String attachmentId =
                                    primary(bench, instanceId).attachment().attachmentId();
                            String _ = bench.attachedEni(instanceId);
                            return Bench.refusal(() ->
                                    bench.ec2().detachNetworkInterface(request -> request.attachmentId(attachmentId)));
                        }),
                Deviation.of(
                        "DeleteNetworkInterface of an attached ENI", "InvalidParameterValue", "accepted", bench -> {
                            String eniId = bench.attachedEni(bench.running("t3.small"));
                            return Bench.refusal(() ->
                                    bench.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId)));
                        }));
    }

    /// The status of an ENI, or EC2's code when it does not know it.
    static String status(Bench bench, String eniId) {
        StringBuilder status = new StringBuilder();
        String answer =
                Bench.refusal(() -> status.append(bench.world().eni(eniId).statusAsString()));
        return answer.equals("accepted") ? status.toString() : answer;
    }

    static NetworkInterface primary(Bench bench, String instanceId) {
        return bench.ec2()
                .describeNetworkInterfaces(
                        request -> request.filters(SdkTerms.filter("attachment.instance-id", instanceId)))
                .networkInterfaces()
                .getFirst();
    }

    private static String attach(Bench bench, String eniId, String instanceId, int deviceIndex) {
        return Bench.refusal(() -> bench.world().attach(eniId, instanceId, deviceIndex));
    }

    private static String attachment(Bench bench, String eniId) {
        NetworkInterfaceAttachment attachment = bench.world().eni(eniId).attachment();
        return attachment == null ? "none" : attachment.statusAsString();
    }

    private static String deleteOnTermination(Bench bench) {
        String eniId = bench.world().createEni();
        String attachmentId = bench.attached(eniId, bench.running("t3.small"), 1);
        bench.ec2()
                .modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                        .attachment(attachment ->
                                attachment.attachmentId(attachmentId).deleteOnTermination(true)));
        return Boolean.toString(bench.world().eni(eniId).attachment().deleteOnTermination());
    }
}
