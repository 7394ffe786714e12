package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.imds.ImdsServer;
import java.io.IOException;
import java.time.InstantSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The AWS SDK's own provider of a node's credentials gets them from the metadata service, and the API knows them.
class RoleOverMetadataTest {
    @AutoClose
    private final EmulatedEc2 emulated =
            new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), InstantSource.system());

    private final TestWorld world = emulated.world("10.20.0.0/24");

    @AutoClose
    private final ImdsServer imds;

    RoleOverMetadataTest() throws IOException {
        imds = ImdsServer.bind(
                        EmulatedEc2.loopback(),
                        emulated.emulation().nodeView(world.launch("t3.small").instanceId()),
                        InstantSource.system())
                .start();
    }

    @Test
    void theRolesCredentialsAreFoundAndOpenWhatThePolicyAllows() {
        AwsCredentials credentials;
        try (InstanceProfileCredentialsProvider provider = InstanceProfileCredentialsProvider.builder()
                .endpoint(imds.endpoint().toString())
                .build()) {
            credentials = provider.resolveCredentials();
        }

        try (Ec2Client node = Ec2Clients.open(emulated.endpoint(), credentials)) {
            assertThat(node.describeNetworkInterfaces().networkInterfaces()).hasSize(1);
            assertThat(refusal(() -> node.createVpc(request -> request.cidrBlock("10.9.0.0/16"))))
                    .isEqualTo("UnauthorizedOperation");
        }
    }
}
