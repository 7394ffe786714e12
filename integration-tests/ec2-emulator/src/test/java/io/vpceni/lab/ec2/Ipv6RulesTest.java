package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.imds.InterfaceMetadata;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Address;
import software.amazon.awssdk.services.ec2.model.Ipv6PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.UnassignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.Vpc;

/// IPv6 subnets, addresses and prefixes of 80 bits.
class Ipv6RulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final Vpc vpc = emulated.ec2()
            .createVpc(request -> request.cidrBlock("10.20.0.0/16").amazonProvidedIpv6CidrBlock(true))
            .vpc();
    private final String vpcBlock = vpc.ipv6CidrBlockAssociationSet().getFirst().ipv6CidrBlock();
    private final String block = vpcBlock.replace("/56", "/64");
    private final String subnetId = emulated.ec2()
            .createSubnet(request ->
                    request.vpcId(vpc.vpcId()).cidrBlock("10.20.0.0/24").ipv6CidrBlock(block))
            .subnet()
            .subnetId();

    private final TestWorld world = new TestWorld(emulated.ec2(), vpc.vpcId(), subnetId, group());

    private String group() {
        return emulated.ec2()
                .createSecurityGroup(
                        request -> request.vpcId(vpc.vpcId()).groupName("pods").description("pods"))
                .groupId();
    }

    @Test
    void aSubnetShowsItsBlockAndIsFoundByIt() {
        assertThat(vpcBlock).endsWith("/56");
        assertThat(world.ec2()
                        .describeSubnets(request -> request.filters(Filter.builder()
                                .name("ipv6-cidr-block-association.ipv6-cidr-block")
                                .values(block)
                                .build()))
                        .subnets())
                .singleElement()
                .satisfies(subnet -> assertThat(
                                subnet.ipv6CidrBlockAssociationSet().getFirst().ipv6CidrBlock())
                        .isEqualTo(block));
    }

    @Test
    void anEniIsBornWithPrefixesAndGetsMore() {
        NetworkInterface born = world.createEni(request -> request.ipv6PrefixCount(1));
        AssignIpv6AddressesResponse more = world.ec2()
                .assignIpv6Addresses(request ->
                        request.networkInterfaceId(born.networkInterfaceId()).ipv6PrefixCount(2));

        assertThat(more.assignedIpv6Prefixes()).hasSize(2).allMatch(prefix -> prefix.endsWith("/80"));
        assertThat(prefixes(born.networkInterfaceId()))
                .hasSize(3)
                .doesNotHaveDuplicates()
                .containsAll(more.assignedIpv6Prefixes());
    }

    @Test
    void onlyWhatIsThereIsUnassigned() {
        String eniId = world.createEni(request -> request.ipv6PrefixCount(2)).networkInterfaceId();
        String first = prefixes(eniId).getFirst();

        UnassignIpv6AddressesResponse answer = world.ec2()
                .unassignIpv6Addresses(
                        request -> request.networkInterfaceId(eniId).ipv6Prefixes(first));
        assertThat(answer.unassignedIpv6Prefixes()).containsExactly(first);
        assertThat(prefixes(eniId)).hasSize(1);
        assertThat(refusal(() -> world.ec2()
                        .unassignIpv6Addresses(
                                request -> request.networkInterfaceId(eniId).ipv6Prefixes(first))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void addressesAreGivenByCountAndByName() {
        String eniId = world.createEni();
        String named = block.replace("::/64", ":0:1:2:3");

        assertThat(world.ec2()
                        .assignIpv6Addresses(
                                request -> request.networkInterfaceId(eniId).ipv6AddressCount(2))
                        .assignedIpv6Addresses())
                .hasSize(2);
        world.ec2()
                .assignIpv6Addresses(
                        request -> request.networkInterfaceId(eniId).ipv6Addresses(named));

        assertThat(world.eni(eniId).ipv6Addresses())
                .hasSize(3)
                .anyMatch(
                        address -> InetAddress.ofLiteral(address.ipv6Address()).equals(InetAddress.ofLiteral(named)));
        assertThat(refusal(() -> world.createEni(request -> request.ipv6Addresses(
                        InstanceIpv6Address.builder().ipv6Address(named).build()))))
                .isEqualTo("InvalidIPAddress.InUse");
    }

    @Test
    void aPrefixIsTakenFromAReservationForPrefixesFirst() {
        String reserved = block.replace("::/64", ":abc::/80");
        world.ec2()
                .createSubnetCidrReservation(
                        request -> request.subnetId(subnetId).cidr(reserved).reservationType("prefix"));

        assertThat(world.createEni(request -> request.ipv6PrefixCount(1)).ipv6Prefixes())
                .extracting(Ipv6PrefixSpecification::ipv6Prefix)
                .containsExactly(reserved);
        assertThat(world.ec2()
                        .getSubnetCidrReservations(request -> request.subnetId(subnetId))
                        .subnetIpv6CidrReservations())
                .hasSize(1);
    }

    @Test
    void theTypeOfInstanceLimitsTheSlots() {
        String eniId = world.createEni();
        world.attach(eniId, world.launch("t3.small").instanceId(), 1);

        assertThat(refusal(() -> world.ec2()
                        .assignIpv6Addresses(
                                request -> request.networkInterfaceId(eniId).ipv6PrefixCount(5))))
                .isEqualTo("PrivateIpAddressLimitExceeded");
    }

    @Test
    void aSubnetWithoutIpv6GivesNone() {
        String plain = world.addSubnet("10.20.1.0/24", "us-east-1a");

        assertThat(refusal(
                        () -> world.createEni(request -> request.subnetId(plain).ipv6PrefixCount(1))))
                .isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> world.launch(request -> request.subnetId(plain).ipv6AddressCount(1))))
                .isEqualTo("InvalidParameterValue");
        assertThat(emulated.emulation().groundTruth().enis()).isEmpty();
        assertThat(emulated.emulation().groundTruth().instances()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.20.9.0/24, /60", "10.20.9.0/24, /64"})
    void aBlockThatIsNoFreeSixtyFourOfTheVpcIsRefused(String cidr, String length) {
        assertThat(refusal(() -> world.ec2()
                        .createSubnet(request -> request.vpcId(vpc.vpcId())
                                .cidrBlock(cidr)
                                .ipv6CidrBlock(block.replace("/64", length)))))
                .startsWith("InvalidSubnet.");
    }

    @Test
    void theMetadataServiceShowsWhatTheEniHas() {
        String instanceId = world.launch(request -> request.ipv6AddressCount(1)).instanceId();
        String eniId = emulated.emulation().groundTruth().enis().getFirst().id();
        world.ec2()
                .assignIpv6Addresses(
                        request -> request.networkInterfaceId(eniId).ipv6PrefixCount(1));
        world.ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).ipv4PrefixCount(1));

        InterfaceMetadata shown =
                emulated.emulation().nodeView(instanceId).instance().primaryInterface();
        assertThat(shown.ipv6().addresses()).hasSize(1);
        assertThat(shown.ipv6().prefixes()).isEqualTo(prefixes(eniId));
        assertThat(shown.ipv6().subnetBlocks()).containsExactly(block);
        assertThat(shown.ipv6().vpcBlocks()).containsExactly(vpcBlock);
        assertThat(shown.ipv4Prefixes()).hasSize(1).allMatch(prefix -> prefix.endsWith("/28"));
    }

    private List<String> prefixes(String eniId) {
        return world.eni(eniId).ipv6Prefixes().stream()
                .map(Ipv6PrefixSpecification::ipv6Prefix)
                .toList();
    }
}
