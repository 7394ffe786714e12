package io.vpceni.lab.world;

import io.vpceni.config.Cidr;
import io.vpceni.lab.machine.LabBoundary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.NetworkCardInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInfo;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// A VPC with its subnets and instances, created through the EC2 API.
///
/// @param nodes in the order of their names, `node-1` first
/// @param limits of their instance type
public record World(String vpcId, Cidr vpc, List<LabSubnet> subnets, List<LaunchedNode> nodes, TypeLimits limits) {
    private static final Duration RUNNING_MAX = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    public World {
        subnets = List.copyOf(subnets);
        nodes = List.copyOf(nodes);
    }

    /// A running instance.
    public record LaunchedNode(String name, String instanceId, String subnetId, InetAddress address) {}

    /// Credentials and endpoint.
    public record ApiAccess(URI endpoint, String region, String keyId, String secret) {}

    /// Builds the world and waits until its instances run.
    ///
    /// @throws IOException with EC2's message, or when an instance does not reach `running`
    public static World build(ApiAccess account, WorldPlan plan) throws IOException {
        try (Ec2Client ec2 = Ec2Client.builder()
                .endpointOverride(account.endpoint())
                .region(Region.of(account.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(account.keyId(), account.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
            return new Builder(ec2, account.region(), plan).build();
        } catch (SdkException e) {
            throw new IOException("EC2 at " + account.endpoint() + ": " + e.getMessage(), e);
        }
    }

    private record Builder(Ec2Client ec2, String region, WorldPlan plan) {
        World build() throws IOException {
            String vpcId = ec2.createVpc(request -> request.cidrBlock(plan.vpc().toString())
                            .tagSpecifications(named(ResourceType.VPC, "vpc-eni-lab")))
                    .vpc()
                    .vpcId();
            List<LabSubnet> subnets = new ArrayList<>();
            for (Cidr cidr : plan.subnets()) {
                String zone = region + (char) ('a' + subnets.size());
                subnets.add(new LabSubnet(
                        ec2.createSubnet(request -> request.vpcId(vpcId)
                                        .cidrBlock(cidr.toString())
                                        .availabilityZone(zone)
                                        .tagSpecifications(named(ResourceType.SUBNET, "vpc-eni-lab-" + zone)))
                                .subnet()
                                .subnetId(),
                        cidr));
            }
            String groupId = ec2.createSecurityGroup(
                            request -> request.vpcId(vpcId).groupName("nodes").description("The nodes of the lab"))
                    .groupId();
            List<LaunchedNode> nodes = new ArrayList<>();
            for (int number = 1; number <= plan.nodeCount(); number++) {
                LabSubnet subnet = subnets.get((number - 1) % subnets.size());
                nodes.add(launch("node-" + number, subnet, groupId));
            }
            awaitRunning(nodes.stream().map(LaunchedNode::instanceId).toList());
            return new World(vpcId, plan.vpc(), subnets, nodes, limits());
        }

        private TypeLimits limits() throws IOException {
            NetworkInfo network = ec2
                    .describeInstanceTypes(request -> request.instanceTypesWithStrings(plan.instanceType()))
                    .instanceTypes()
                    .stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException("EC2 tells no limits of " + plan.instanceType()))
                    .networkInfo();
            int enis = network.networkCards().stream()
                    .findFirst()
                    .map(NetworkCardInfo::maximumNetworkInterfaces)
                    .orElse(network.maximumNetworkInterfaces());
            return new TypeLimits(enis, network.ipv4AddressesPerInterface());
        }

        private LaunchedNode launch(String name, LabSubnet subnet, String groupId) {
            Instance instance = ec2.runInstances(request -> request.imageId("ami-0123456789abcdef0")
                            .instanceType(plan.instanceType())
                            .minCount(1)
                            .maxCount(1)
                            .subnetId(subnet.id())
                            .securityGroupIds(groupId)
                            .metadataOptions(options -> options.httpTokens(HttpTokensState.REQUIRED)
                                    .httpPutResponseHopLimit(plan.imdsHopLimit()))
                            .tagSpecifications(named(ResourceType.INSTANCE, name)))
                    .instances()
                    .getFirst();
            return new LaunchedNode(
                    name, instance.instanceId(), subnet.id(), InetAddress.ofLiteral(instance.privateIpAddress()));
        }

        @LabBoundary
        private void awaitRunning(List<String> instanceIds) throws IOException {
            DescribeInstancesRequest request =
                    DescribeInstancesRequest.builder().instanceIds(instanceIds).build();
            for (long look = 0; look < RUNNING_MAX.dividedBy(LOOK_EVERY); look++) {
                long running = ec2.describeInstances(request).reservations().stream()
                        .flatMap(reservation -> reservation.instances().stream())
                        .filter(instance -> instance.state().name() == InstanceStateName.RUNNING)
                        .count();
                if (running == instanceIds.size()) {
                    return;
                }
                pause();
            }
            throw new IOException("instances " + instanceIds + " do not run after " + RUNNING_MAX.toSeconds() + " s");
        }

        @LabBoundary
        private static void pause() throws IOException {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the instances start", e);
            }
        }

        private static TagSpecification named(ResourceType type, String name) {
            return TagSpecification.builder()
                    .resourceType(type)
                    .tags(Tag.builder().key("Name").value(name).build())
                    .build();
        }
    }
}
