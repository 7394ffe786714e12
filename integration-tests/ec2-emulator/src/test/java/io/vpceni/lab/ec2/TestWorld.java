package io.vpceni.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

/// A VPC with one subnet and one security group, built through the API of whichever EC2 is tested.
public record TestWorld(Ec2Client ec2, String vpcId, String subnetId, String groupId) {
    public static final String VPC_CIDR = "10.20.0.0/16";

    public static TestWorld build(Ec2Client ec2, String subnetCidr) {
        String vpcId =
                ec2.createVpc(request -> request.cidrBlock(VPC_CIDR)).vpc().vpcId();
        String groupId = ec2.createSecurityGroup(
                        request -> request.vpcId(vpcId).groupName("pods").description("pods"))
                .groupId();
        TestWorld world = new TestWorld(ec2, vpcId, "", groupId);
        return new TestWorld(ec2, vpcId, world.addSubnet(subnetCidr, "us-east-1a"), groupId);
    }

    public String addSubnet(String cidr, String zone) {
        return ec2.createSubnet(request -> request.vpcId(vpcId).cidrBlock(cidr).availabilityZone(zone))
                .subnet()
                .subnetId();
    }

    public Instance launch(String type) {
        return launch(request -> request.instanceType(type));
    }

    public Instance launch(Consumer<RunInstancesRequest.Builder> more) {
        return ec2.runInstances(request -> more.accept(request.imageId("ami-0123456789abcdef0")
                        .instanceType("t3.small")
                        .minCount(1)
                        .maxCount(1)
                        .subnetId(subnetId)
                        .securityGroupIds(groupId)))
                .instances()
                .getFirst();
    }

    public NetworkInterface createEni(Consumer<CreateNetworkInterfaceRequest.Builder> more) {
        return ec2.createNetworkInterface(
                        request -> more.accept(request.subnetId(subnetId).groups(groupId)))
                .networkInterface();
    }

    public String createEni() {
        return createEni(request -> {}).networkInterfaceId();
    }

    /// Attaches; the attachment's id.
    public String attach(String eniId, String instanceId, int deviceIndex) {
        return ec2.attachNetworkInterface(request -> request.networkInterfaceId(eniId)
                        .instanceId(instanceId)
                        .deviceIndex(deviceIndex)
                        .networkCardIndex(0))
                .attachmentId();
    }

    public NetworkInterface eni(String id) {
        return ec2.describeNetworkInterfaces(request -> request.networkInterfaceIds(id))
                .networkInterfaces()
                .getFirst();
    }

    /// The private addresses of an ENI, its primary one first.
    public List<String> addresses(String eniId) {
        return eni(eniId).privateIpAddresses().stream()
                .map(address -> address.privateIpAddress())
                .toList();
    }

    public int freeAddresses() {
        return ec2.describeSubnets(request -> request.subnetIds(subnetId))
                .subnets()
                .getFirst()
                .availableIpAddressCount();
    }

    /// The error code with which EC2 refuses a call.
    public static String refusal(Runnable call) {
        Ec2Exception refused = catchThrowableOfType(Ec2Exception.class, call::run);
        assertThat(refused).as("the call is refused").isNotNull();
        return refused.awsErrorDetails().errorCode();
    }
}
