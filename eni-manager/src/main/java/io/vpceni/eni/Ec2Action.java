package io.vpceni.eni;

/// An action of the EC2 API. EC2 counts and limits requests for each on its own; so do metrics and the API budget.
public enum Ec2Action {
    DESCRIBE_INSTANCE_TYPES("DescribeInstanceTypes", false),
    DESCRIBE_NETWORK_INTERFACES("DescribeNetworkInterfaces", false),
    DESCRIBE_SUBNETS("DescribeSubnets", false),
    CREATE_NETWORK_INTERFACE("CreateNetworkInterface", true),
    ATTACH_NETWORK_INTERFACE("AttachNetworkInterface", true),
    MODIFY_NETWORK_INTERFACE_ATTRIBUTE("ModifyNetworkInterfaceAttribute", true),
    DETACH_NETWORK_INTERFACE("DetachNetworkInterface", true),
    DELETE_NETWORK_INTERFACE("DeleteNetworkInterface", true),
    ASSIGN_PRIVATE_IP_ADDRESSES("AssignPrivateIpAddresses", true),
    UNASSIGN_PRIVATE_IP_ADDRESSES("UnassignPrivateIpAddresses", true),
    ASSIGN_IPV6_ADDRESSES("AssignIpv6Addresses", true),
    UNASSIGN_IPV6_ADDRESSES("UnassignIpv6Addresses", true),
    CREATE_TAGS("CreateTags", true);

    private final String apiName;

    private final boolean changes;

    Ec2Action(String apiName, boolean changes) {
        this.apiName = apiName;
        this.changes = changes;
    }

    /// EC2's name for it, as in `AssignPrivateIpAddresses`.
    public String apiName() {
        return apiName;
    }

    /// Whether it changes something: such a call is not made again before it is known what it did.
    public boolean changes() {
        return changes;
    }
}
