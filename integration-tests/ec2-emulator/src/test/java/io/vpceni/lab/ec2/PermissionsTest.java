package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.imds.RoleCredentials;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/// Who may do what.
class PermissionsTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(
            Ec2Settings.defaults()
                    .withDelays(Ec2Delays.none())
                    .withNodePolicy(
                            new NodePolicy("two", new TreeSet<>(List.of("DescribeSubnets", "CreateNetworkInterface")))),
            time);

    private final TestWorld world = emulated.world("10.20.0.0/24");
    private final String instanceId = world.launch("t3.small").instanceId();

    @Test
    void aNodesRoleMayDoWhatItsPolicyLists() {
        try (Ec2Client node = Ec2Clients.open(emulated.endpoint(), keys())) {
            assertThat(node.describeSubnets().subnets()).hasSize(1);
        }
    }

    @Test
    void aNodesRoleMayDoNothingElse() {
        try (Ec2Client node = Ec2Clients.open(emulated.endpoint(), keys())) {
            assertThat(refusal(() -> node.createVpc(request -> request.cidrBlock("10.9.0.0/16"))))
                    .isEqualTo("UnauthorizedOperation");
            assertThat(refusal(node::describeVpcs)).isEqualTo("UnauthorizedOperation");
        }
    }

    @Test
    void anUnknownKeyIsNobody() {
        assertThat(statusFor(AwsBasicCredentials.create("AKIANOBODYKNOWSTHIS0", "x")))
                .isEqualTo(401);
    }

    @Test
    void aNodesKeyWithoutItsSessionTokenIsNobody() {
        AwsSessionCredentials keys = keys();

        assertThat(statusFor(AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())))
                .isEqualTo(401);
    }

    @Test
    void aNodesKeyEndsWithItsTime() {
        AwsSessionCredentials keys = keys();

        time.advance(Duration.ofHours(7));

        assertThat(statusFor(keys)).isEqualTo(401);
        assertThat(keys().accessKeyId()).isNotEqualTo(keys.accessKeyId());
    }

    @Test
    void aNodesKeyEndsWithItsInstance() {
        AwsSessionCredentials keys = keys();

        world.ec2().terminateInstances(request -> request.instanceIds(instanceId));

        assertThat(statusFor(keys)).isEqualTo(401);
    }

    /// The status alone: the SDK's URLConnection client loses the body of a 401 ([QueryProtocolTest] reads it).
    private int statusFor(AwsCredentials keys) {
        try (Ec2Client client = Ec2Clients.open(emulated.endpoint(), keys)) {
            Ec2Exception refused = catchThrowableOfType(Ec2Exception.class, client::describeSubnets);
            assertThat(refused).as("the call is refused").isNotNull();
            return refused.statusCode();
        }
    }

    private AwsSessionCredentials keys() {
        RoleCredentials role =
                emulated.emulation().nodeView(instanceId).credentials().orElseThrow();
        return AwsSessionCredentials.create(role.accessKeyId(), role.secretAccessKey(), role.sessionToken());
    }
}
