package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Attachment;
import io.vpceni.lab.ec2.model.ConnectionTracking;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Interfaces;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.ResourceKind;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// ModifyNetworkInterfaceAttribute: one attribute a call, as on EC2. DescribeNetworkInterfaceAttribute: the same,
/// read.
final class InterfaceAttributeActions {
    private final Ec2State state;
    private final Interfaces interfaces;

    InterfaceAttributeActions(Ec2State state, Interfaces interfaces) {
        this.state = state;
        this.interfaces = interfaces;
    }

    Map<String, Action> all() {
        return Map.of(
                "ModifyNetworkInterfaceAttribute", this::modify,
                "DescribeNetworkInterfaceAttribute", this::describe);
    }

    private Operation modify(Parameters parameters) {
        String id = parameters.required("NetworkInterfaceId");
        Optional<String> description = parameters.optional("Description.Value");
        Optional<Boolean> sourceDestCheck = parameters.flag("SourceDestCheck.Value");
        List<String> groupIds = parameters.list("SecurityGroupId");
        Optional<AttachmentChange> attachment = attachmentChange(parameters);
        boolean tracked = parameters.given("ConnectionTrackingSpecification");
        ConnectionTracking tracking = InterfaceParameters.connectionTracking(parameters);
        long changes =
                Stream.of(description.isPresent() || parameters.given("Description"), sourceDestCheck.isPresent())
                                .filter(given -> given)
                                .count()
                        + (groupIds.isEmpty() ? 0 : 1)
                        + (attachment.isPresent() ? 1 : 0)
                        + (tracked ? 1 : 0);
        if (changes != 1) {
            throw Ec2Refusal.invalidCombination("Exactly one attribute can be modified in a request, not " + changes);
        }
        return xml -> {
            NetworkInterface eni = state.interfaces().get(id);
            if (!groupIds.isEmpty()) {
                interfaces.changeGroups(eni, state.groupsFor(eni.subnet(), groupIds));
            } else if (sourceDestCheck.isPresent()) {
                eni.sourceDestCheck(sourceDestCheck.get());
            } else if (attachment.isPresent()) {
                attachment.get().apply(eni);
            } else if (tracked) {
                eni.connectionTracking(tracking);
            } else {
                eni.description(description.orElse(""));
            }
            xml.text("return", true);
        };
    }

    private record AttachmentChange(String attachmentId, boolean deleteOnTermination) {
        void apply(NetworkInterface eni) {
            ResourceKind.ATTACHMENT.refuseMalformed(attachmentId);
            Attachment attachment = eni.attachment()
                    .filter(found -> found.id().equals(attachmentId))
                    .orElseThrow(() -> ResourceKind.ATTACHMENT.notFound(attachmentId));
            attachment.deleteOnTermination(deleteOnTermination);
        }
    }

    private static Optional<AttachmentChange> attachmentChange(Parameters parameters) {
        if (!parameters.given("Attachment")) {
            return Optional.empty();
        }
        String id = parameters.required("Attachment.AttachmentId");
        boolean delete = parameters
                .flag("Attachment.DeleteOnTermination")
                .orElseThrow(() -> Ec2Refusal.missing("Attachment.DeleteOnTermination"));
        return Optional.of(new AttachmentChange(id, delete));
    }

    private Operation describe(Parameters parameters) {
        String id = parameters.required("NetworkInterfaceId");
        String attribute = parameters.word("Attribute", "", "description", "groupSet", "sourceDestCheck", "attachment");
        return xml -> {
            NetworkInterface eni = state.interfaces().get(id);
            xml.text("networkInterfaceId", eni.id());
            switch (attribute) {
                case "description" -> xml.element("description", () -> xml.text("value", eni.description()));
                case "sourceDestCheck" ->
                    xml.element("sourceDestCheck", () -> xml.text("value", eni.sourceDestCheck()));
                case "groupSet" -> InterfaceXml.groups(xml, eni.groups());
                default -> eni.attachment().ifPresent(attachment -> attachment(xml, attachment));
            }
        };
    }

    private void attachment(Xml xml, Attachment attachment) {
        xml.element(
                "attachment",
                () -> xml.text("attachmentId", attachment.id())
                        .text("instanceId", attachment.instance().id())
                        .text("deviceIndex", attachment.deviceIndex())
                        .text("status", attachment.status(state.now()))
                        .text("deleteOnTermination", attachment.deleteOnTermination()));
    }
}
