package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.NetworkInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

/// Building a world: VPCs, subnets, groups, instances and their types.
class LaunchRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/28");

    @Test
    void thePrimaryEniIsMadeAsItsSpecificationSays() {
        Instance instance = world.launch(specifying(primaryEni()
                .secondaryPrivateIpAddressCount(3)
                .deleteOnTermination(false)
                .description("primary")
                .build()));

        NetworkInterface primary =
                world.eni(instance.networkInterfaces().getFirst().networkInterfaceId());
        assertThat(primary.privateIpAddresses()).hasSize(4);
        assertThat(primary.description()).isEqualTo("primary");
        assertThat(primary.attachment().deleteOnTermination()).isFalse();
    }

    @Test
    void thePrimaryEniGoesWithItsInstanceByDefault() {
        Instance instance = world.launch("t3.small");

        assertThat(instance.networkInterfaces().getFirst().attachment().deleteOnTermination())
                .isTrue();
    }

    @Test
    void anUnknownInstanceTypeIsRefused() {
        assertThat(refusal(() -> world.launch("t3.enormous"))).isEqualTo("InvalidParameterValue");
    }

    @Test
    void theTypeLimitsThePrimaryEnisAddresses() {
        InstanceNetworkInterfaceSpecification tooMany =
                primaryEni().secondaryPrivateIpAddressCount(4).build();

        assertThat(refusal(() -> world.launch(specifying(tooMany)))).isEqualTo("PrivateIpAddressLimitExceeded");
    }

    @Test
    void asManyAreLaunchedAsTheSubnetHasAddressesFor() {
        assertThat(world.ec2()
                        .runInstances(request -> request.imageId("ami-0123456789abcdef0")
                                .instanceType("t3.small")
                                .subnetId(world.subnetId())
                                .minCount(1)
                                .maxCount(50))
                        .instances())
                .hasSize(11);
        assertThat(refusal(() -> world.launch("t3.small"))).isEqualTo("InsufficientFreeAddressesInSubnet");
    }

    @Test
    void aClientTokenLaunchesOnce() {
        Instance first = world.launch(request -> request.clientToken("launch-1"));
        Instance again = world.launch(request -> request.clientToken("launch-1"));

        assertThat(again.instanceId()).isEqualTo(first.instanceId());
        assertThat(refusal(() ->
                        world.launch(request -> request.clientToken("launch-1").instanceType("t3.large"))))
                .isEqualTo("IdempotentParameterMismatch");
    }

    @Test
    void theHopLimitIsOneUnlessAskedFor() {
        assertThat(world.launch("t3.small").metadataOptions().httpPutResponseHopLimit())
                .isEqualTo(1);
        assertThat(world.launch(request -> request.metadataOptions(options -> options.httpPutResponseHopLimit(2)))
                        .metadataOptions()
                        .httpPutResponseHopLimit())
                .isEqualTo(2);
    }

    @Test
    void aTerminatedInstanceIsDescribedWithoutEnis() {
        String id = world.launch("t3.small").instanceId();

        world.ec2().terminateInstances(request -> request.instanceIds(id));

        Instance gone = world.ec2()
                .describeInstances(request -> request.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
        assertThat(gone.state().nameAsString()).isEqualTo("terminated");
        assertThat(gone.networkInterfaces()).isEmpty();
    }

    @Test
    void runningInstancesHaveAStatus() {
        String id = world.launch("t3.small").instanceId();

        assertThat(world.ec2().describeInstanceStatus().instanceStatuses())
                .extracting(status ->
                        status.instanceId() + " " + status.instanceStatus().statusAsString())
                .containsExactly(id + " ok");
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            type,         enis, addresses, cards, hypervisor
            t3.nano,      2,    2,         1,     nitro
            t3.small,     3,    4,         1,     nitro
            m5.large,     3,    10,        1,     nitro
            m4.large,     2,    10,        1,     xen
            c5.18xlarge,  15,   50,        1,     nitro
            p4d.24xlarge, 60,   50,        4,     nitro
            """)
    void typesHaveTheLimitsThatEc2Documents(String type, int enis, int addresses, int cards, String hypervisor) {
        var described = world.ec2()
                .describeInstanceTypes(request -> request.instanceTypesWithStrings(type))
                .instanceTypes()
                .getFirst();

        NetworkInfo network = described.networkInfo();
        assertThat(network.maximumNetworkInterfaces()).isEqualTo(enis);
        assertThat(network.ipv4AddressesPerInterface()).isEqualTo(addresses);
        assertThat(network.networkCards())
                .hasSize(cards)
                .allMatch(card -> card.maximumNetworkInterfaces() * cards == enis);
        assertThat(described.hypervisorAsString()).isEqualTo(hypervisor);
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.0.0/15,  InvalidSubnet.Range",
        "10.20.1.0/29,  InvalidSubnet.Range",
        "10.21.0.0/24,  InvalidSubnet.Range",
        "10.20.0.0/24,  InvalidSubnet.Conflict",
        "10.20.1.0,     InvalidParameterValue"
    })
    void aSubnetOutsideItsVpcOrOverAnotherIsRefused(String cidr, String code) {
        assertThat(refusal(() -> world.addSubnet(cidr, "us-east-1a"))).isEqualTo(code);
    }

    @Test
    void aZoneOfAnotherRegionIsRefused() {
        assertThat(refusal(() -> world.addSubnet("10.20.1.0/24", "eu-west-1a"))).isEqualTo("InvalidParameterValue");
        assertThat(world.ec2().describeAvailabilityZones().availabilityZones())
                .extracting(zone -> zone.zoneName())
                .containsExactly("us-east-1a", "us-east-1b", "us-east-1c");
    }

    @Test
    void aGroupNameIsUsedOnceInAVpc() {
        assertThat(refusal(() -> world.ec2()
                        .createSecurityGroup(request ->
                                request.vpcId(world.vpcId()).groupName("pods").description("again"))))
                .isEqualTo("InvalidGroup.Duplicate");
    }

    @Test
    void theSameSeedGivesTheSameIdsAndAddresses() {
        try (EmulatedEc2 twin = EmulatedEc2.withoutDelays()) {
            TestWorld same = twin.world("10.20.0.0/28");

            assertThat(same.subnetId()).isEqualTo(world.subnetId());
            assertThat(same.eni(same.createEni())).isEqualTo(world.eni(world.createEni()));
        }
    }

    private InstanceNetworkInterfaceSpecification.Builder primaryEni() {
        return InstanceNetworkInterfaceSpecification.builder()
                .deviceIndex(0)
                .subnetId(world.subnetId())
                .groups(world.groupId());
    }

    private static Consumer<RunInstancesRequest.Builder> specifying(InstanceNetworkInterfaceSpecification eni) {
        return request ->
                request.subnetId(null).securityGroupIds((List<String>) null).networkInterfaces(eni);
    }
}
