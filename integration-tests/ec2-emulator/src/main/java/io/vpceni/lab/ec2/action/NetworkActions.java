package io.vpceni.lab.ec2.action;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Ipv4Block;
import io.vpceni.lab.ec2.model.Ipv6Block;
import io.vpceni.lab.ec2.model.Networks;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.model.Subnet;
import io.vpceni.lab.ec2.model.Vpc;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.TagParameters;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/// CreateVpc, DescribeVpcs, CreateSubnet, DescribeSubnets.
final class NetworkActions {
    private static final int PAGE_MAX = 1000;

    private final Ec2State state;
    private final Networks networks;
    private final FilterTable<Vpc> vpcFilters = new FilterTable<Vpc>(Resource::tags)
            .with("vpc-id", Vpc::id)
            .with("cidr", vpc -> vpc.block().toString())
            .with("cidr-block-association.cidr-block", vpc -> vpc.block().toString())
            .with("is-default", vpc -> "false")
            .with("state", vpc -> "available");
    private final FilterTable<Subnet> subnetFilters;

    NetworkActions(Ec2State state, Networks networks) {
        this.state = state;
        this.networks = networks;
        this.subnetFilters = new FilterTable<Subnet>(Resource::tags)
                .with("subnet-id", Subnet::id)
                .with("vpc-id", subnet -> subnet.vpc().id())
                .with("availability-zone", Subnet::zone)
                .with("availability-zone-id", subnet -> Region.zoneId(subnet.zone()))
                .with("availabilityZone", Subnet::zone)
                .with("cidrBlock", subnet -> subnet.block().toString())
                .with("subnet-arn", state::arn)
                .with("ipv6-native", subnet -> "false")
                .withMany(
                        "ipv6-cidr-block-association.ipv6-cidr-block",
                        subnet -> subnet.ipv6Block().stream().map(Ipv6Block::toString))
                .with("cidr", subnet -> subnet.block().toString())
                .with("cidr-block", subnet -> subnet.block().toString())
                .with("available-ip-address-count", subnet -> Integer.toString(subnet.freeAddresses()))
                .with("default-for-az", subnet -> "false")
                .with("owner-id", subnet -> state.accountId())
                .with("state", subnet -> "available");
    }

    Map<String, Action> all() {
        return Map.of(
                "CreateVpc", this::createVpc,
                "DescribeVpcs", this::describeVpcs,
                "CreateSubnet", this::createSubnet,
                "DescribeSubnets", this::describeSubnets);
    }

    private Operation createVpc(Parameters parameters) {
        Ipv4Block block = block(parameters, "CidrBlock");
        parameters.word("InstanceTenancy", "default", "default");
        boolean ipv6 = parameters.flag("AmazonProvidedIpv6CidrBlock").orElse(false);
        parameters.refuseUnsupported("IPv6 address of one's own", "Ipv6CidrBlock", "Ipv6Pool");
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "vpc");
        return xml -> xml.element("vpc", () -> vpc(xml, networks.createVpc(block, ipv6, tags)));
    }

    private Operation describeVpcs(Parameters parameters) {
        List<String> ids = parameters.list("VpcId");
        Predicate<Vpc> filter = vpcFilters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !ids.isEmpty());
        return xml -> page.write(
                xml,
                "vpcSet",
                state.vpcs().select(ids).stream().filter(filter).toList(),
                Vpc::id,
                vpc -> vpc(xml, vpc));
    }

    private void vpc(Xml xml, Vpc vpc) {
        xml.text("vpcId", vpc.id())
                .text("ownerId", state.accountId())
                .text("state", "available")
                .text("cidrBlock", vpc.block().toString())
                .list(
                        "cidrBlockAssociationSet",
                        List.of(vpc.block()),
                        block -> xml.text(
                                        "associationId",
                                        "vpc-cidr-assoc-" + vpc.id().substring("vpc-".length()))
                                .text("cidrBlock", block.toString())
                                .element("cidrBlockState", () -> xml.text("state", "associated")))
                .list(
                        "ipv6CidrBlockAssociationSet",
                        vpc.ipv6Block().stream().toList(),
                        block -> ipv6Association(xml, "vpc", vpc, block))
                .text("dhcpOptionsId", "default")
                .text("instanceTenancy", "default")
                .text("isDefault", false)
                .tags(vpc.tags());
    }

    private Operation createSubnet(Parameters parameters) {
        String vpcId = parameters.required("VpcId");
        Ipv4Block block = block(parameters, "CidrBlock");
        String zone = parameters.text("AvailabilityZone", state.zones().getFirst());
        Optional<Ipv6Block> ipv6Block = parameters.optional("Ipv6CidrBlock").map(NetworkActions::ipv6Block);
        parameters.refuseUnsupported("subnet without IPv4", "Ipv6Native");
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "subnet");
        return xml -> {
            Subnet subnet = networks.createSubnet(state.vpcs().get(vpcId), block, ipv6Block, zone, tags);
            xml.element("subnet", () -> subnet(xml, subnet));
        };
    }

    private Operation describeSubnets(Parameters parameters) {
        List<String> ids = parameters.list("SubnetId");
        Predicate<Subnet> filter = subnetFilters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !ids.isEmpty());
        return xml -> page.write(
                xml,
                "subnetSet",
                state.subnets().select(ids).stream().filter(filter).toList(),
                Subnet::id,
                subnet -> subnet(xml, subnet));
    }

    private void subnet(Xml xml, Subnet subnet) {
        xml.text("subnetId", subnet.id())
                .text("subnetArn", state.arn(subnet))
                .text("state", "available")
                .text("ownerId", state.accountId())
                .text("vpcId", subnet.vpc().id())
                .text("cidrBlock", subnet.block().toString())
                .list(
                        "ipv6CidrBlockAssociationSet",
                        subnet.ipv6Block().stream().toList(),
                        block -> ipv6Association(xml, "subnet", subnet, block))
                .text("availableIpAddressCount", subnet.freeAddresses())
                .text("availabilityZone", subnet.zone())
                .text("availabilityZoneId", Region.zoneId(subnet.zone()))
                .text("defaultForAz", false)
                .text("mapPublicIpOnLaunch", false)
                .text("assignIpv6AddressOnCreation", false)
                .text("ipv6Native", false)
                .tags(subnet.tags());
    }

    private static void ipv6Association(Xml xml, String kind, Resource holder, Ipv6Block block) {
        String number = holder.id().substring(holder.id().indexOf('-') + 1);
        xml.text("associationId", kind + "-cidr-assoc-" + number)
                .text("ipv6CidrBlock", block.toString())
                .element("ipv6CidrBlockState", () -> xml.text("state", "associated"));
    }

    private static Ipv6Block ipv6Block(String text) {
        try {
            return Ipv6Block.parse(text);
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal) Ec2Refusal.invalidValue("Ipv6CidrBlock", text, "This is not a valid CIDR block.")
                    .initCause(e);
        }
    }

    private static Ipv4Block block(Parameters parameters, String name) {
        String text = parameters.required(name);
        try {
            return Ipv4Block.parse(text);
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal) Ec2Refusal.invalidValue(name, text, "This is not a valid CIDR block.")
                    .initCause(e);
        }
    }
}
