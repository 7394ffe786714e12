package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Ipv4Block;
import io.vpceni.lab.ec2.model.Networks;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.model.Subnet;
import io.vpceni.lab.ec2.model.Vpc;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Page;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.TagParameters;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
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
                .with("availability-zone-id", subnet -> Zones.id(state, subnet.zone()))
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
        parameters.refuseUnsupported("IPv6", "AmazonProvidedIpv6CidrBlock", "Ipv6CidrBlock");
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "vpc");
        return xml -> xml.element("vpc", () -> vpc(xml, networks.createVpc(block, tags)));
    }

    private Operation describeVpcs(Parameters parameters) {
        List<String> ids = parameters.list("VpcId");
        Predicate<Vpc> filter = vpcFilters.read(parameters);
        Page page = Page.read(parameters, PAGE_MAX, !ids.isEmpty());
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
                .text("dhcpOptionsId", "default")
                .text("instanceTenancy", "default")
                .text("isDefault", false)
                .tags(vpc.tags());
    }

    private Operation createSubnet(Parameters parameters) {
        String vpcId = parameters.required("VpcId");
        Ipv4Block block = block(parameters, "CidrBlock");
        String zone = parameters.text("AvailabilityZone", state.zones().getFirst());
        parameters.refuseUnsupported("IPv6", "Ipv6CidrBlock", "Ipv6Native");
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "subnet");
        return xml -> {
            Subnet subnet = networks.createSubnet(state.vpcs().get(vpcId), block, zone, tags);
            xml.element("subnet", () -> subnet(xml, subnet));
        };
    }

    private Operation describeSubnets(Parameters parameters) {
        List<String> ids = parameters.list("SubnetId");
        Predicate<Subnet> filter = subnetFilters.read(parameters);
        Page page = Page.read(parameters, PAGE_MAX, !ids.isEmpty());
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
                .text("availableIpAddressCount", subnet.freeAddresses())
                .text("availabilityZone", subnet.zone())
                .text("availabilityZoneId", Zones.id(state, subnet.zone()))
                .text("defaultForAz", false)
                .text("mapPublicIpOnLaunch", false)
                .text("assignIpv6AddressOnCreation", false)
                .text("ipv6Native", false)
                .tags(subnet.tags());
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
