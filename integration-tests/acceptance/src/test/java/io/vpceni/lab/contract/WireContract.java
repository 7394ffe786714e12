package io.vpceni.lab.contract;

import static io.vpceni.lab.ec2.SdkTerms.filter;
import static io.vpceni.lab.ec2.SdkTerms.tag;
import static io.vpceni.lab.ec2.SdkTerms.tags;
import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.TestWorld;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetCidrReservation;
import software.amazon.awssdk.services.ec2.model.SubnetCidrReservationType;
import software.amazon.awssdk.services.ec2.model.Tag;

/// What every EC2 does that the product may run against, by the AWS SDK: the real one, the embedded one and LocalStack.
///
/// What LocalStack does otherwise is in [Deviations].
public abstract class WireContract {
    @SuppressWarnings("NullAway") // set before each test
    private Bench bench;

    @SuppressWarnings("NullAway")
    private Ec2Client ec2;

    @SuppressWarnings("NullAway")
    private TestWorld world;

    /// The EC2 under test. Asked before each test.
    protected abstract ContractBackend backend();

    @BeforeEach
    void build() {
        bench = Bench.at(backend());
        ec2 = bench.ec2();
        world = bench.world();
    }

    @AfterEach
    void away() {
        bench.close();
    }

    @Test
    void aSubnetTellsItsPlaceAndItsBlock() {
        Subnet subnet = ec2.describeSubnets(request -> request.subnetIds(world.subnetId()))
                .subnets()
                .getFirst();

        assertThat(subnet.vpcId()).isEqualTo(world.vpcId());
        assertThat(subnet.cidrBlock()).isEqualTo("10.20.0.0/20");
        assertThat(subnet.availabilityZone()).isEqualTo("us-east-1a");
        assertThat(subnet.availableIpAddressCount()).isEqualTo(4091);
    }

    @Test
    void subnetsAreFoundByVpcAndZone() {
        String other = world.addSubnet("10.20.16.0/20", "us-east-1b");

        List<Subnet> found = ec2.describeSubnets(request ->
                        request.filters(filter("vpc-id", world.vpcId()), filter("availability-zone", "us-east-1b")))
                .subnets();

        assertThat(found).extracting(Subnet::subnetId).containsExactly(other);
    }

    @Test
    void aLaunchedInstanceHasOnePrimaryEniInItsSubnet() {
        Instance launched = world.launch("t3.small");

        List<NetworkInterface> enis = ec2.describeNetworkInterfaces(
                        request -> request.filters(filter("attachment.instance-id", launched.instanceId())))
                .networkInterfaces();
        assertThat(enis).hasSize(1);
        assertThat(enis.getFirst().subnetId()).isEqualTo(world.subnetId());
        assertThat(enis.getFirst().attachment().deviceIndex()).isZero();
        assertThat(enis.getFirst().groups())
                .extracting(group -> group.groupId())
                .containsExactly(world.groupId());
    }

    @Test
    void anEniIsCreatedWithItsAddressesDescriptionAndTags() {
        NetworkInterface eni = world.createEni(request -> request.secondaryPrivateIpAddressCount(3)
                .description("aws-K8S-i-1")
                .tagSpecifications(tags("node.k8s.amazonaws.com/instance_id", "i-1")));

        NetworkInterface described = world.eni(eni.networkInterfaceId());
        assertThat(described.privateIpAddresses()).hasSize(4);
        assertThat(described.privateIpAddresses())
                .filteredOn(address -> address.primary())
                .extracting(address -> address.privateIpAddress())
                .containsExactly(described.privateIpAddress());
        assertThat(described.description()).isEqualTo("aws-K8S-i-1");
        assertThat(described.tagSet()).contains(tag("node.k8s.amazonaws.com/instance_id", "i-1"));
        assertThat(described.statusAsString()).isEqualTo("available");
    }

    @Test
    void anAttachedEniNamesItsInstanceAndDeviceIndex() {
        String instanceId = world.launch("t3.small").instanceId();
        String eniId = world.createEni();

        String attachmentId = world.attach(eniId, instanceId, 1);

        NetworkInterface attached = world.eni(eniId);
        assertThat(attached.attachment().attachmentId()).isEqualTo(attachmentId);
        assertThat(attached.attachment().instanceId()).isEqualTo(instanceId);
        assertThat(attached.attachment().deviceIndex()).isEqualTo(1);
        assertThat(attached.statusAsString()).isEqualTo("in-use");
    }

    @Test
    void assignedAddressesAreOnTheEni() {
        String instanceId = world.launch("t3.small").instanceId();
        String eniId = world.createEni();
        world.attach(eniId, instanceId, 1);

        List<String> answered = ec2
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).secondaryPrivateIpAddressCount(2))
                .assignedPrivateIpAddresses()
                .stream()
                .map(assigned -> assigned.privateIpAddress())
                .toList();

        assertThat(world.addresses(eniId)).containsAll(answered);
    }

    @Test
    void anUnassignedAddressIsNoLongerOnTheEni() {
        String eniId = bench.eniWithDistinct(2);
        String secondary = world.addresses(eniId).getLast();

        ec2.unassignPrivateIpAddresses(
                request -> request.networkInterfaceId(eniId).privateIpAddresses(secondary));

        assertThat(world.addresses(eniId)).doesNotContain(secondary);
    }

    @Test
    void severalAddressesAreUnassignedAtOnceAndTheOthersStay() {
        String eniId = bench.eniWithDistinct(3);
        List<String> before = world.addresses(eniId);

        ec2.unassignPrivateIpAddresses(
                request -> request.networkInterfaceId(eniId).privateIpAddresses(before.get(1), before.get(2)));

        assertThat(world.addresses(eniId)).containsExactlyInAnyOrder(before.getFirst(), before.getLast());
    }

    @Test
    void aDetachedEniIsAvailableWithItsAddressesAndCanBeDeleted() {
        String instanceId = world.launch("t3.small").instanceId();
        String eniId = world.createEni(request -> request.secondaryPrivateIpAddressCount(2))
                .networkInterfaceId();
        List<String> addresses = world.addresses(eniId);
        String attachmentId = world.attach(eniId, instanceId, 1);

        ec2.detachNetworkInterface(request -> request.attachmentId(attachmentId));

        assertThat(world.eni(eniId).statusAsString()).isEqualTo("available");
        assertThat(world.eni(eniId).attachment()).isNull();
        assertThat(world.addresses(eniId)).containsExactlyInAnyOrderElementsOf(addresses);
        ec2.deleteNetworkInterface(request -> request.networkInterfaceId(eniId));
        assertThat(refusal(() -> world.eni(eniId))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
    }

    @Test
    void aDeviceIndexIsFreeAfterADetach() {
        String instanceId = world.launch("t3.small").instanceId();
        String attachmentId = world.attach(world.createEni(), instanceId, 1);

        ec2.detachNetworkInterface(request -> request.attachmentId(attachmentId));
        world.attach(world.createEni(), instanceId, 1);

        assertThat(refusal(() -> ec2.detachNetworkInterface(request -> request.attachmentId(attachmentId))))
                .isEqualTo("InvalidAttachmentID.NotFound");
    }

    @Test
    void aDeletedEniIsNotFound() {
        String eniId = world.createEni();

        ec2.deleteNetworkInterface(request -> request.networkInterfaceId(eniId));

        assertThat(refusal(() -> world.eni(eniId))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            description,      aws-K8S-*
            description,      aws-K8S-i-1
            tag:owner,        team-a
            tag-key,          owner
            status,           available
            interface-type,   interface
            """)
    void enisAreFoundBy(String name, String value) {
        String eniId = world.createEni(
                        request -> request.description("aws-K8S-i-1").tagSpecifications(tags("owner", "team-a")))
                .networkInterfaceId();

        List<NetworkInterface> found = ec2.describeNetworkInterfaces(
                        request -> request.filters(filter(name, value), filter("vpc-id", world.vpcId())))
                .networkInterfaces();

        assertThat(found).extracting(NetworkInterface::networkInterfaceId).containsExactly(eniId);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network-interface-id",
                "private-ip-address",
                "addresses.private-ip-address",
                "subnet-id",
                "group-id",
                "availability-zone"
            })
    void anEniIsFoundByItsOwn(String name) {
        String elsewhere = world.addSubnet("10.20.16.0/20", "us-east-1b");
        String otherGroup = ec2.createSecurityGroup(request ->
                        request.vpcId(world.vpcId()).groupName("other").description("other"))
                .groupId();
        NetworkInterface _ = world.createEni(request -> {});
        NetworkInterface eni =
                world.createEni(request -> request.subnetId(elsewhere).groups(otherGroup));
        String value = Objects.requireNonNull(Map.of(
                        "network-interface-id",
                        eni.networkInterfaceId(),
                        "private-ip-address",
                        eni.privateIpAddress(),
                        "addresses.private-ip-address",
                        eni.privateIpAddress(),
                        "subnet-id",
                        elsewhere,
                        "group-id",
                        otherGroup,
                        "availability-zone",
                        "us-east-1b")
                .get(name));

        List<NetworkInterface> found = ec2.describeNetworkInterfaces(
                        request -> request.filters(filter(name, value), filter("vpc-id", world.vpcId())))
                .networkInterfaces();

        assertThat(found).extracting(NetworkInterface::networkInterfaceId).containsExactly(eni.networkInterfaceId());
    }

    @Test
    void theSourceCheckCanBeTurnedOff() {
        String eniId = world.createEni();

        ec2.modifyNetworkInterfaceAttribute(
                request -> request.networkInterfaceId(eniId).sourceDestCheck(check -> check.value(false)));

        assertThat(world.eni(eniId).sourceDestCheck()).isFalse();
    }

    @Test
    void subnetsAreFoundByTheirTags() {
        String tagged = world.addSubnet("10.20.16.0/20", "us-east-1a");
        ec2.createTags(request -> request.resources(tagged).tags(tag("kubernetes.io/role/cni", "1")));

        List<Subnet> found = ec2.describeSubnets(request ->
                        request.filters(filter("vpc-id", world.vpcId()), filter("tag:kubernetes.io/role/cni", "1")))
                .subnets();

        assertThat(found).extracting(Subnet::subnetId).containsExactly(tagged);
    }

    @Test
    void descriptionAndGroupsCanBeChanged() {
        String eniId = world.createEni();
        String otherGroup = ec2.createSecurityGroup(request ->
                        request.vpcId(world.vpcId()).groupName("other").description("other"))
                .groupId();

        ec2.modifyNetworkInterfaceAttribute(
                request -> request.networkInterfaceId(eniId).description(text -> text.value("changed")));
        ec2.modifyNetworkInterfaceAttribute(
                request -> request.networkInterfaceId(eniId).groups(otherGroup));

        assertThat(world.eni(eniId).description()).isEqualTo("changed");
        assertThat(world.eni(eniId).groups())
                .extracting(group -> group.groupId())
                .containsExactly(otherGroup);
    }

    @Test
    void tagsAreCreatedAndDeleted() {
        String eniId = world.createEni();

        ec2.createTags(request -> request.resources(eniId).tags(tag("a", "1"), tag("b", "2")));
        ec2.deleteTags(
                request -> request.resources(eniId).tags(Tag.builder().key("a").build()));

        assertThat(world.eni(eniId).tagSet()).containsExactly(tag("b", "2"));
    }

    @Test
    void anInstanceTypeTellsItsNetworkLimits() {
        InstanceTypeInfo type = ec2.describeInstanceTypes(request -> request.instanceTypes(InstanceType.T3_SMALL))
                .instanceTypes()
                .getFirst();

        assertThat(type.networkInfo().maximumNetworkInterfaces()).isEqualTo(3);
        assertThat(type.networkInfo().ipv4AddressesPerInterface()).isEqualTo(4);
        assertThat(type.networkInfo().maximumNetworkCards()).isEqualTo(1);
        assertThat(type.networkInfo().networkCards()).hasSize(1);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(refusal(() -> world.eni("eni-0123456789abcdef0"))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
        assertThat(refusal(() -> ec2.describeInstances(request -> request.instanceIds("i-0123456789abcdef0"))))
                .isEqualTo("InvalidInstanceID.NotFound");
        assertThat(refusal(() -> ec2.describeSubnets(request -> request.subnetIds("subnet-0123456789abcdef0"))))
                .isEqualTo("InvalidSubnetID.NotFound");
    }

    @Test
    void aReservedPartOfASubnetIsListedAndCanBeGivenUp() {
        String reservationId = ec2.createSubnetCidrReservation(request -> request.subnetId(world.subnetId())
                        .cidr("10.20.1.0/24")
                        .reservationType(SubnetCidrReservationType.PREFIX))
                .subnetCidrReservation()
                .subnetCidrReservationId();

        assertThat(ec2.getSubnetCidrReservations(request -> request.subnetId(world.subnetId()))
                        .subnetIpv4CidrReservations())
                .extracting(SubnetCidrReservation::cidr)
                .containsExactly("10.20.1.0/24");
        ec2.deleteSubnetCidrReservation(request -> request.subnetCidrReservationId(reservationId));
        assertThat(ec2.getSubnetCidrReservations(request -> request.subnetId(world.subnetId()))
                        .subnetIpv4CidrReservations())
                .isEmpty();
    }

    @Test
    void aDryRunChangesNothing() {
        String eniId = world.createEni();

        assertThat(refusal(() -> ec2.deleteNetworkInterface(
                        request -> request.networkInterfaceId(eniId).dryRun(true))))
                .isEqualTo("DryRunOperation");
        assertThat(world.eni(eniId).networkInterfaceId()).isEqualTo(eniId);
    }
}
