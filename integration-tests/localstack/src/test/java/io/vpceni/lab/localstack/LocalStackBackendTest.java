package io.vpceni.lab.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.imds.InterfaceMetadata;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.w3c.dom.Element;

/// LocalStack itself, from wherever this machine has it; the first run on a machine installs it.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalStackBackendTest {
    @SuppressWarnings("NullAway") // set before all tests
    private LocalStackServer server;

    @SuppressWarnings("NullAway")
    private LocalStackBackend backend;

    @SuppressWarnings("NullAway")
    private HttpWire ec2;

    @SuppressWarnings("NullAway")
    private String subnetId;

    @BeforeAll
    void start() throws IOException {
        server = TestLocalStack.start();
        backend = LocalStackBackend.start(server, Mend.all(), InstantSource.system());
        ec2 = new HttpWire(backend.endpoint());
        Element vpc = ec2.ask("CreateVpc", Map.of("CidrBlock", "10.7.0.0/16"));
        String vpcId = LocalStackXml.text(LocalStackXml.child(vpc, "vpc").orElseThrow(), "vpcId");
        Element subnet = ec2.ask("CreateSubnet", Map.of("VpcId", vpcId, "CidrBlock", "10.7.0.0/24"));
        subnetId = LocalStackXml.text(LocalStackXml.child(subnet, "subnet").orElseThrow(), "subnetId");
    }

    @AfterAll
    void stop() {
        if (backend != null) { // else there is no LocalStack on this machine
            ec2.close();
            backend.close();
        }
    }

    @Test
    void aLaunchedInstanceIsReflectedBeforeTheCallerHasItsAnswer() throws IOException {
        String instanceId = launch();

        assertThat(backend.attachedEnis())
                .filteredOn(eni -> eni.instanceId().equals(instanceId))
                .singleElement()
                .satisfies(eni -> {
                    assertThat(eni.deviceIndex()).isZero();
                    assertThat(eni.macAddress()).matches("02(:[0-9a-f]{2}){5}");
                });
        assertThat(backend.nodeView(instanceId).instance().instanceType()).isEqualTo("t3.small");
    }

    @Test
    void anAttachedEniShowsInFabricAndMetadataWithOneMac() throws IOException {
        String instanceId = launch();
        String eniId = createEni(3);

        attach(eniId, instanceId);

        FabricEni eni = backend.attachedEnis().stream()
                .filter(attached -> attached.eniId().equals(eniId))
                .findFirst()
                .orElseThrow();
        InterfaceMetadata metadata =
                backend.nodeView(instanceId).instance().interfaces().getLast();
        assertThat(eni.addresses()).hasSize(4);
        assertThat(metadata.interfaceId()).isEqualTo(eniId);
        assertThat(metadata.macAddress()).isEqualTo(eni.macAddress());
        assertThat(metadata.privateAddresses()).isEqualTo(eni.addresses());
        assertThat(metadata.subnetCidrBlock()).isEqualTo("10.7.0.0/24");
        assertThat(metadata.vpcCidrBlocks()).containsExactly("10.7.0.0/16");
    }

    @Test
    void anEniOfATerminatedInstanceIsNoLongerAttached() throws IOException {
        String instanceId = launch();

        ec2.ask("TerminateInstances", Map.of("InstanceId.1", instanceId));

        assertThat(backend.attachedEnis()).noneMatch(eni -> eni.instanceId().equals(instanceId));
    }

    @Test
    void assignAnswersOnlyWhatItAdded() throws IOException {
        String eniId = createEni(2);

        assertThat(assign(ec2, eniId, 3)).hasSize(3);
    }

    /// What the product meets where nobody mends: the test fails once LocalStack is mended, and the mend can go.
    @Test
    void withoutTheMendAssignAnswersAllAddresses() throws IOException {
        String eniId = createEni(2);
        List<Mend> others = Mend.all().stream()
                .filter(mend -> !(mend instanceof OnlyNewAddresses))
                .toList();
        MendingProxy unmended = new MendingProxy(Mend.chain(others, new HttpWire(server.endpoint())), (_, _) -> {});
        try (unmended) {
            URI door = unmended.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            assertThat(assign(new HttpWire(door), eniId, 3)).hasSize(6);
        }
    }

    @Test
    void noAnswerHasAMalformedMac() throws IOException {
        createEni(0);

        assertThat(LocalStackXml.everywhere(ec2.ask("DescribeNetworkInterfaces", Map.of()), "macAddress"))
                .allSatisfy(mac -> assertThat(mac.getTextContent()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}"));
    }

    @Test
    void listenersHearOfAChange() throws IOException, InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        backend.onChange(heard::countDown);

        launch();

        assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private String launch() throws IOException {
        Element answer = ec2.ask(
                "RunInstances",
                Map.of(
                        "ImageId", "ami-12345678",
                        "InstanceType", "t3.small",
                        "MinCount", "1",
                        "MaxCount", "1",
                        "SubnetId", subnetId));
        return LocalStackXml.text(LocalStackXml.items(answer, "instancesSet").getFirst(), "instanceId");
    }

    private String createEni(int secondaries) throws IOException {
        Map<String, String> parameters = secondaries == 0
                ? Map.of("SubnetId", subnetId)
                : Map.of("SubnetId", subnetId, "SecondaryPrivateIpAddressCount", Integer.toString(secondaries));
        Element answer = ec2.ask("CreateNetworkInterface", parameters);
        return LocalStackXml.text(
                LocalStackXml.child(answer, "networkInterface").orElseThrow(), "networkInterfaceId");
    }

    private void attach(String eniId, String instanceId) throws IOException {
        ec2.ask(
                "AttachNetworkInterface",
                Map.of("NetworkInterfaceId", eniId, "InstanceId", instanceId, "DeviceIndex", "1"));
    }

    private static List<Element> assign(Ec2Wire ec2, String eniId, int count) throws IOException {
        return LocalStackXml.items(
                ec2.ask(
                        "AssignPrivateIpAddresses",
                        Map.of("NetworkInterfaceId", eniId, "SecondaryPrivateIpAddressCount", Integer.toString(count))),
                "assignedPrivateIpAddressesSet");
    }
}
