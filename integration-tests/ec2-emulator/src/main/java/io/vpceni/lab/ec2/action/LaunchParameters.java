package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.AddressSpecification;
import io.vpceni.lab.ec2.model.ConnectionTracking;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.InstanceType;
import io.vpceni.lab.ec2.model.InterfaceSpecification;
import io.vpceni.lab.ec2.model.InterfaceType;
import io.vpceni.lab.ec2.model.Launch;
import io.vpceni.lab.ec2.model.ResourceKind;
import io.vpceni.lab.ec2.model.Subnet;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.TagParameters;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;

/// What a RunInstances request says, as far as this emulation knows it: one ENI, described either by the
/// request itself or by `NetworkInterface.1`.
record LaunchParameters(
        String imageId,
        String typeName,
        int min,
        int max,
        Primary primary,
        int hopLimit,
        String roleName,
        SortedMap<String, SortedMap<String, String>> tags) {
    private static final int INSTANCES_MAX = 100; // of a request
    private static final String ROLE = "vpc-eni-node"; // every instance has one: a node cannot do without

    /// The primary ENI as asked for.
    record Primary(
            InterfaceType type,
            String subnetId,
            List<String> groupIds,
            AddressSpecification addresses,
            ConnectionTracking connectionTracking,
            String description,
            boolean deleteOnTermination) {}

    static LaunchParameters read(Parameters parameters) {
        String imageId = parameters.required("ImageId");
        ResourceKind.IMAGE.refuseMalformed(imageId);
        String typeName = parameters.required("InstanceType");
        int min = parameters.requiredInteger("MinCount", 1, INSTANCES_MAX);
        int max = parameters.requiredInteger("MaxCount", min, INSTANCES_MAX);
        // Recorded nowhere: they mean nothing to a network namespace.
        parameters.optional("KeyName");
        parameters.optional("UserData");
        parameters.flag("EbsOptimized");
        parameters.optional("Placement.AvailabilityZone");
        return new LaunchParameters(
                imageId,
                typeName,
                min,
                max,
                primary(parameters),
                hopLimit(parameters.structure("MetadataOptions")),
                parameters.text("IamInstanceProfile.Name", ROLE),
                TagParameters.readSpecifications(parameters, Set.of("instance", "network-interface")));
    }

    private static int hopLimit(Parameters options) {
        options.word("HttpTokens", "required", "required"); // version 1 of the metadata service is not served
        options.word("HttpEndpoint", "enabled", "enabled");
        return options.integer("HttpPutResponseHopLimit", 1, 64).orElse(1);
    }

    private static Primary primary(Parameters parameters) {
        String subnetId = parameters.text("SubnetId", "");
        List<String> groupIds = parameters.list("SecurityGroupId");
        List<Parameters> specifications = parameters.structures("NetworkInterface");
        if (specifications.isEmpty()) {
            AddressSpecification addresses = InterfaceParameters.addresses(parameters);
            return new Primary(
                    InterfaceType.INTERFACE, subnetId, groupIds, addresses, ConnectionTracking.defaults(), "", true);
        }
        if (!subnetId.isEmpty() || !groupIds.isEmpty()) {
            throw Ec2Refusal.invalidCombination(
                    "Network interfaces and an instance-level subnet ID or security groups may not be specified on the"
                            + " same request");
        }
        if (specifications.size() > 1) {
            throw new Ec2Refusal("UnsupportedOperation", "This EC2 emulation launches with one network interface only");
        }
        return specified(specifications.getFirst());
    }

    private static Primary specified(Parameters eni) {
        eni.requiredInteger("DeviceIndex", 0, 0);
        eni.integer("NetworkCardIndex", 0, 0);
        eni.flag("AssociatePublicIpAddress"); // no address of a node is public here
        InterfaceType type = InterfaceParameters.type(eni, InterfaceType.INTERFACE, InterfaceType.EFA);
        eni.refuseUnsupported("launch with an existing network interface", "NetworkInterfaceId");
        return new Primary(
                type,
                eni.text("SubnetId", ""),
                eni.list("SecurityGroupId"),
                InterfaceParameters.addresses(eni),
                InterfaceParameters.connectionTracking(eni),
                eni.text("Description", ""),
                eni.flag("DeleteOnTermination").orElse(true));
    }

    /// The same with the things that the ids name.
    Launch toLaunch(Ec2State state) {
        if (primary.subnetId().isEmpty()) {
            throw new Ec2Refusal("VPCIdNotSpecified", "No default VPC for this user: name a subnet");
        }
        Subnet subnet = state.subnets().get(primary.subnetId());
        InstanceType instanceType = state.types().launchable(typeName);
        if (primary.type() == InterfaceType.EFA && !instanceType.takesEfa()) {
            throw Ec2Refusal.invalidCombination("EFA interfaces are not supported on " + typeName);
        }
        InterfaceSpecification specification = new InterfaceSpecification(
                subnet,
                primary.type(),
                primary.description(),
                state.groupsFor(subnet, primary.groupIds()),
                primary.addresses(),
                primary.connectionTracking(),
                Objects.requireNonNull(tags.get("network-interface")));
        return new Launch(
                imageId,
                instanceType,
                specification,
                primary.deleteOnTermination(),
                hopLimit,
                roleName,
                Objects.requireNonNull(tags.get("instance")));
    }
}
