package io.vpceni.lab.acceptance;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.World;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// Attaches and detaches ENIs as an administrator does, through the lab's EC2 API.
final class Ec2ApiEnis implements AutoCloseable {
    private final LabInfrastructure infrastructure;
    private final Ec2Client ec2;

    Ec2ApiEnis(LabInfrastructure infrastructure) {
        this.infrastructure = infrastructure;
        World.ApiAccess account = infrastructure.administrator();
        URI endpoint = account.endpoint();
        this.ec2 = Ec2Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(account.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(account.keyId(), account.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /// Creates an ENI with so many secondary addresses, attaches it, and waits for its link in the node.
    FabricEni attach(VpcNode node, int deviceIndex, int secondaryAddresses) throws IOException {
        String subnetId = infrastructure.world().subnets().getFirst().id();
        String eniId = ec2.createNetworkInterface(
                        request -> request.subnetId(subnetId).secondaryPrivateIpAddressCount(secondaryAddresses))
                .networkInterface()
                .networkInterfaceId();
        ec2.attachNetworkInterface(request ->
                request.networkInterfaceId(eniId).instanceId(node.instanceId()).deviceIndex(deviceIndex));
        Eventually.holds(
                eniId + " has a link in " + node.name(),
                () -> infrastructure.vpc().linksOf(node).containsKey(eniId));
        return Objects.requireNonNull(infrastructure.enisOf(node).get(eniId));
    }

    /// Gives the ENI so many secondary addresses more.
    void assign(FabricEni eni, int secondaryAddresses) {
        var _ = ec2.assignPrivateIpAddresses(
                request -> request.networkInterfaceId(eni.eniId()).secondaryPrivateIpAddressCount(secondaryAddresses));
    }

    void detach(FabricEni eni) {
        String attachmentId = ec2.describeNetworkInterfaces(request -> request.networkInterfaceIds(eni.eniId()))
                .networkInterfaces()
                .getFirst()
                .attachment()
                .attachmentId();
        ec2.detachNetworkInterface(request -> request.attachmentId(attachmentId));
    }

    @Override
    public void close() {
        ec2.close();
    }
}
