package io.vpceni.lab.contract;

import io.vpceni.eni.Ec2;
import io.vpceni.lab.ec2.Ec2Clients;
import io.vpceni.lab.ec2.TestWorld;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// What a probe works with: the EC2 under test by the SDK and by the product's port, and a VPC of its own in it, with a
/// subnet of 4091 addresses in us-east-1a.
///
/// Launching and attaching let pass what the EC2 under test takes for it.
final class Bench implements AutoCloseable {
    /// One ENI in several hundred has an address twice, where addresses are drawn by lot.
    static final int DRAWS_MAX = 5;

    private static final String SUBNET = "10.20.0.0/20";

    private final ContractBackend backend;
    private final TestWorld world;
    private final ProductPort port;

    private Bench(ContractBackend backend) {
        this.backend = backend;
        world = TestWorld.build(Ec2Clients.open(backend.endpoint(), backend.credentials()), SUBNET);
        port = ProductPort.open(backend);
    }

    static Bench at(ContractBackend backend) {
        return new Bench(backend);
    }

    ContractBackend backend() {
        return backend;
    }

    TestWorld world() {
        return world;
    }

    Ec2Client ec2() {
        return world.ec2();
    }

    Ec2 port() {
        return port;
    }

    void settle() {
        backend.settle();
    }

    /// A VPC of its own with an IPv6 block, and a subnet with one.
    TestWorld dualStack() {
        String vpcId = ec2().createVpc(
                        request -> request.cidrBlock("10.21.0.0/16").amazonProvidedIpv6CidrBlock(true))
                .vpc()
                .vpcId();
        String block = ec2().describeVpcs(request -> request.vpcIds(vpcId))
                .vpcs()
                .getFirst()
                .ipv6CidrBlockAssociationSet()
                .getFirst()
                .ipv6CidrBlock();
        String subnetId = ec2().createSubnet(request -> request.vpcId(vpcId)
                        .cidrBlock("10.21.0.0/20")
                        .availabilityZone("us-east-1a")
                        .ipv6CidrBlock(block.replaceFirst("/56$", "/64")))
                .subnet()
                .subnetId();
        String groupId = ec2().createSecurityGroup(
                        request -> request.vpcId(vpcId).groupName("pods").description("pods"))
                .groupId();
        return new TestWorld(ec2(), vpcId, subnetId, groupId);
    }

    /// Launches; the instance's id once it runs.
    String running(String type) {
        String instanceId = world.launch(type).instanceId();
        settle();
        return instanceId;
    }

    /// Attaches; the attachment's id once it is attached.
    String attached(String eniId, String instanceId, int deviceIndex) {
        String attachmentId = world.attach(eniId, instanceId, deviceIndex);
        settle();
        return attachmentId;
    }

    /// Creates and attaches as the second device; the ENI's id.
    String attachedEni(String instanceId) {
        String eniId = world.createEni();
        String _ = attached(eniId, instanceId, 1);
        return eniId;
    }

    NetworkInterface create(Consumer<CreateNetworkInterfaceRequest.Builder> more) {
        return world.createEni(more);
    }

    /// An ENI none of whose addresses comes twice: LocalStack draws them by lot, and sometimes one again.
    ///
    /// @param secondaries how many besides the primary one
    String eniWithDistinct(int secondaries) {
        for (int draw = 0; draw < DRAWS_MAX; draw++) {
            NetworkInterface eni = create(request -> request.secondaryPrivateIpAddressCount(secondaries));
            long distinct = eni.privateIpAddresses().stream()
                    .map(address -> address.privateIpAddress())
                    .distinct()
                    .count();
            if (distinct == 1 + secondaries) {
                return eni.networkInterfaceId();
            }
        }
        throw new AssertionError("each of " + DRAWS_MAX + " ENIs had an address twice");
    }

    /// EC2's code where the call is refused, "accepted" where it is not.
    static String refusal(Runnable call) {
        try {
            call.run();
            return "accepted";
        } catch (Ec2Exception e) {
            String code = e.awsErrorDetails().errorCode();
            return e.statusCode() >= 500 ? e.statusCode() + " " + code : code;
        }
    }

    /// The status of a token request to the metadata service of the instance.
    int tokenStatus(String instanceId) throws IOException, InterruptedException {
        URI token = backend.metadata(instanceId).resolve("/latest/api/token");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(token)
                    .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @Override
    public void close() {
        port.close();
        world.ec2().close();
    }
}
