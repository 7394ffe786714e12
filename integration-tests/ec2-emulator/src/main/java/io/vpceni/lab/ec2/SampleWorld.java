package io.vpceni.lab.ec2;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// A small sample: one VPC, a subnet in each of two zones, one security group, and in the first subnet one instance of
/// type t3.small.
public record SampleWorld(
        String vpcId, String subnetId, String otherSubnetId, String securityGroupId, String instanceId) {
    public static final String VPC_CIDR = "10.0.0.0/16";
    public static final String SUBNET_CIDR = "10.0.0.0/24";
    public static final String OTHER_SUBNET_CIDR = "10.0.1.0/24";

    /// Builds it through the API at `endpoint`, as the administrator.
    public static SampleWorld build(URI endpoint, String region) {
        AwsBasicCredentials key =
                AwsBasicCredentials.create(Ec2Emulation.ADMINISTRATOR_KEY_ID, Ec2Emulation.ADMINISTRATOR_SECRET);
        try (Ec2Client ec2 = Ec2Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(key))
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
            String vpcId = ec2.createVpc(
                            request -> request.cidrBlock(VPC_CIDR).tagSpecifications(name(ResourceType.VPC, "lab")))
                    .vpc()
                    .vpcId();
            String subnetId = subnet(ec2, vpcId, SUBNET_CIDR, region, "a");
            String otherSubnetId = subnet(ec2, vpcId, OTHER_SUBNET_CIDR, region, "b");
            String groupId = ec2.createSecurityGroup(
                            request -> request.vpcId(vpcId).groupName("nodes").description("The nodes of the lab"))
                    .groupId();
            String instanceId = ec2.runInstances(request -> request.imageId("ami-0123456789abcdef0")
                            .instanceType(InstanceType.T3_SMALL)
                            .minCount(1)
                            .maxCount(1)
                            .subnetId(subnetId)
                            .securityGroupIds(groupId)
                            .tagSpecifications(name(ResourceType.INSTANCE, "node-1")))
                    .instances()
                    .getFirst()
                    .instanceId();
            return new SampleWorld(vpcId, subnetId, otherSubnetId, groupId, instanceId);
        }
    }

    private static String subnet(Ec2Client ec2, String vpcId, String cidr, String region, String zone) {
        return ec2.createSubnet(request -> request.vpcId(vpcId)
                        .cidrBlock(cidr)
                        .availabilityZone(region + zone)
                        .tagSpecifications(name(ResourceType.SUBNET, "lab-" + zone)))
                .subnet()
                .subnetId();
    }

    private static TagSpecification name(ResourceType type, String name) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(Tag.builder().key("Name").value(name).build())
                .build();
    }
}
