package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.imds.RoleCredentials;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// What others' daemons may do with a node's role, and that ours gets no more than it needs.
class NodePolicyTest {
    @Test
    void daemonsOfCniPluginsMayReadWhatAwsGrantsThem() {
        try (EmulatedEc2 emulated = emulated(NodePolicy.eksCni())) {
            String instanceId =
                    emulated.world("10.20.0.0/24").launch("t3.small").instanceId();

            try (Ec2Client node = node(emulated, instanceId)) {
                assertThat(node.describeInstances().reservations()).hasSize(1);
                assertThat(node.describeSecurityGroups().securityGroups()).isNotEmpty();
                assertThat(node.describeTags().tags()).isEmpty();
                assertThat(refusal(node::describeVpcs)).isEqualTo("UnauthorizedOperation");
            }
        }
    }

    @Test
    void ourDaemonIsTriedWithoutThat() {
        try (EmulatedEc2 emulated = emulated(Ec2Settings.defaults().nodePolicy())) {
            String instanceId =
                    emulated.world("10.20.0.0/24").launch("t3.small").instanceId();

            try (Ec2Client node = node(emulated, instanceId)) {
                assertThat(refusal(node::describeInstances)).isEqualTo("UnauthorizedOperation");
            }
        }
    }

    @Test
    void thePoliciesDifferInWhatOurDaemonDoesNotNeed() {
        Set<String> more = new TreeSet<>(NodePolicy.eksCni().actions());
        more.removeAll(NodePolicy.minimal().actions());
        Set<String> less = new TreeSet<>(NodePolicy.minimal().actions());
        less.removeAll(NodePolicy.eksCni().actions());

        assertThat(more).containsExactly("DescribeInstances", "DescribeSecurityGroups", "DescribeTags");
        assertThat(less).containsExactly("UnassignIpv6Addresses");
    }

    private static EmulatedEc2 emulated(NodePolicy policy) {
        return new EmulatedEc2(
                Ec2Settings.defaults().withDelays(Ec2Delays.none()).withNodePolicy(policy), new SteppedTime());
    }

    private static Ec2Client node(EmulatedEc2 emulated, String instanceId) {
        RoleCredentials role =
                emulated.emulation().nodeView(instanceId).credentials().orElseThrow();
        return Ec2Clients.open(
                emulated.endpoint(),
                AwsSessionCredentials.create(role.accessKeyId(), role.secretAccessKey(), role.sessionToken()));
    }
}
