package io.vpceni.lab.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.NodeEnis;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.WallPause;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.eni.imds.HttpImds;
import io.vpceni.lab.imds.ImdsServer;
import io.vpceni.lab.world.World;
import io.vpceni.lab.world.WorldPlan;
import io.vpceni.pool.BlockKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The product's own clients against a LocalStack whose AssignPrivateIpAddresses nobody mends: it answers all addresses
/// of the ENI, the primary one among them, where EC2 answers the new ones.
@Tag("root")
class AllAddressesAnsweredTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /// What ipamd gets as environment variables; the SDK reads these first.
    private static final List<String> SDK_PROPERTIES =
            List.of("aws.endpointUrlEc2", "aws.region", "aws.ec2MetadataServiceEndpoint");

    @SuppressWarnings("NullAway") // set before each test
    private LocalStackBackend backend;

    @SuppressWarnings("NullAway")
    private ImdsServer imdsServer;

    @SuppressWarnings("NullAway")
    private AwsEc2 ec2;

    @SuppressWarnings("NullAway")
    private NodeEnis enis;

    @BeforeEach
    void aNode() throws IOException {
        List<Mend> others = Mend.all().stream()
                .filter(mend -> !(mend instanceof OnlyNewAddresses))
                .toList();
        backend = LocalStackBackend.start(TestLocalStack.start(), others, InstantSource.system());
        World world = World.build(
                new World.Account(backend.endpoint(), "us-east-1", "test", "test"),
                WorldPlan.ofNodes(1).withInstanceType("m5.large").withOneSubnet());
        imdsServer = ImdsServer.bind(
                        ANY_PORT, backend.nodeView(world.nodes().getFirst().instanceId()), InstantSource.system())
                .start();
        System.setProperty("aws.endpointUrlEc2", backend.endpoint().toString());
        System.setProperty("aws.region", "us-east-1");
        System.setProperty(
                "aws.ec2MetadataServiceEndpoint", imdsServer.endpoint().toString());
        ec2 = AwsEc2.open("test", Clock.systemUTC());
        enis = new NodeEnis(
                ec2,
                new HttpImds(imdsServer.endpoint(), InstantSource.system(), new WallPause()),
                new EniSettings("lab"),
                new WallPause(),
                InstantSource.system(),
                new SecureRandom());
    }

    @AfterEach
    void away() {
        SDK_PROPERTIES.forEach(System::clearProperty);
        if (backend != null) { // else there is no LocalStack on this machine
            ec2.close();
            imdsServer.close();
            backend.close();
        }
    }

    @Test
    void theProductIsNotFooled() throws IOException, InterruptedException {
        NodeStart start = enis.start();
        AttachedEni primary = start.primary();
        Set<Cidr> seen = new HashSet<>(primary.blocks());
        seen.add(Cidr.containing(primary.primaryAddress(), 32));

        for (int count : List.of(3, 2, 1)) {
            List<Cidr> added = enis.assign(primary.id(), BlockKind.ADDRESS, count);

            assertThat(added).hasSize(count).doesNotContainAnyElementsOf(seen);
            seen.addAll(added);
        }
        AttachedEni second = enis.addEni(0, BlockKind.ADDRESS, 4);
        assertThat(second.blocks()).hasSize(4).doesNotContainAnyElementsOf(seen);
        assertThat(enis.assign(second.id(), BlockKind.ADDRESS, 2))
                .hasSize(2)
                .doesNotContainAnyElementsOf(second.blocks())
                .doesNotContain(Cidr.containing(second.primaryAddress(), 32));
        assertThat(allOf(second)).hasSize(1 + 4 + 2);
    }

    private List<InetAddress> allOf(AttachedEni eni) {
        return backend.attachedEnis().stream()
                .filter(attached -> attached.eniId().equals(eni.id().value()))
                .findFirst()
                .orElseThrow()
                .addresses();
    }
}
