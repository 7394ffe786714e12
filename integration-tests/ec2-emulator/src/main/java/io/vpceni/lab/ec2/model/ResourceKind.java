package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Locale;
import java.util.regex.Pattern;

/// A kind of thing with ids of its own, and the codes with which EC2 refuses a wrong one.
public enum ResourceKind {
    VPC("vpc", "vpc", "InvalidVpcID"),
    SUBNET("subnet", "subnet", "InvalidSubnetID"),
    SECURITY_GROUP("sg", "security-group", "InvalidGroup"),
    INSTANCE("i", "instance", "InvalidInstanceID"),
    NETWORK_INTERFACE("eni", "network-interface", "InvalidNetworkInterfaceID"),
    ATTACHMENT("eni-attach", "network-interface-attachment", "InvalidAttachmentID"),
    CIDR_RESERVATION("scr", "subnet-cidr-reservation", "InvalidSubnetCidrReservationID"),
    RESERVATION("r", "reservation", "InvalidReservationID"),
    IMAGE("ami", "image", "InvalidAMIID");

    private final String prefix;
    private final String tagType;
    private final String codeStart;
    private final Pattern shape;

    ResourceKind(String prefix, String tagType, String codeStart) {
        this.prefix = prefix;
        this.tagType = tagType;
        this.codeStart = codeStart;
        this.shape = Pattern.compile(prefix + "-(?:[0-9a-f]{8}|[0-9a-f]{17})");
    }

    public String prefix() {
        return prefix;
    }

    /// As `TagSpecification.N.ResourceType` and the filter `resource-type` name it.
    public String tagType() {
        return tagType;
    }

    public boolean hasShapeOf(String id) {
        return shape.matcher(id).matches();
    }

    /// @throws Ec2Refusal `Invalid...Malformed`
    public void refuseMalformed(String id) {
        if (!hasShapeOf(id)) {
            throw new Ec2Refusal(
                    codeStart + ".Malformed", "Invalid id: \"" + id + "\" (expecting \"" + prefix + "-...\")");
        }
    }

    public Ec2Refusal notFound(String id) {
        String what = tagType.replace('-', ' ').toLowerCase(Locale.ROOT);
        return new Ec2Refusal(codeStart + ".NotFound", "The " + what + " ID '" + id + "' does not exist");
    }
}
