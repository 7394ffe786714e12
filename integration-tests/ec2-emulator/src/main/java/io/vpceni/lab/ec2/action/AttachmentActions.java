package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Attachment;
import io.vpceni.lab.ec2.model.Attachments;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Instance;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Parameters;
import java.util.Map;

/// AttachNetworkInterface, DetachNetworkInterface.
final class AttachmentActions {
    private final Ec2State state;
    private final Attachments attachments;

    AttachmentActions(Ec2State state, Attachments attachments) {
        this.state = state;
        this.attachments = attachments;
    }

    Map<String, Action> all() {
        return Map.of("AttachNetworkInterface", this::attach, "DetachNetworkInterface", this::detach);
    }

    private Operation attach(Parameters parameters) {
        String eniId = parameters.required("NetworkInterfaceId");
        String instanceId = parameters.required("InstanceId");
        int deviceIndex = parameters.requiredInteger("DeviceIndex", Integer.MIN_VALUE, Integer.MAX_VALUE);
        int networkCard = parameters
                .integer("NetworkCardIndex", Integer.MIN_VALUE, Integer.MAX_VALUE)
                .orElse(0);
        parameters.refuseUnsupported("ENA Express", "EnaSrdSpecification", "EnaQueueCount");
        return xml -> {
            NetworkInterface eni = state.interfaces().get(eniId);
            Instance instance = state.instances().get(instanceId);
            Attachment attachment = attachments.attach(eni, instance, networkCard, deviceIndex);
            xml.text("attachmentId", attachment.id()).text("networkCardIndex", attachment.networkCard());
        };
    }

    private Operation detach(Parameters parameters) {
        String attachmentId = parameters.required("AttachmentId");
        parameters.flag("Force");
        return xml -> {
            NetworkInterface eni = attachments.holder(attachmentId);
            attachments.detach(eni.attachment().orElseThrow());
            xml.text("return", true);
        };
    }
}
