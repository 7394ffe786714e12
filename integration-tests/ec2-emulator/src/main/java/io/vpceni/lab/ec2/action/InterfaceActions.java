package io.vpceni.lab.ec2.action;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.model.AddressSpecification;
import io.vpceni.lab.ec2.model.Attachment;
import io.vpceni.lab.ec2.model.ConnectionTracking;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.InterfaceSpecification;
import io.vpceni.lab.ec2.model.InterfaceType;
import io.vpceni.lab.ec2.model.Interfaces;
import io.vpceni.lab.ec2.model.Ipv6Block;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.model.SecurityGroup;
import io.vpceni.lab.ec2.model.Subnet;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.ClientTokens;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.TagParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// CreateNetworkInterface, DescribeNetworkInterfaces, DeleteNetworkInterface.
final class InterfaceActions {
    private static final int PAGE_MAX = 1000;

    private final Ec2State state;
    private final Interfaces interfaces;
    private final InterfaceXml shape;
    private final ClientTokens tokens = new ClientTokens();
    private final FilterTable<NetworkInterface> filters;

    InterfaceActions(Ec2State state, Interfaces interfaces) {
        this.state = state;
        this.interfaces = interfaces;
        this.shape = new InterfaceXml(state);
        this.filters = filters(state, shape);
    }

    private static FilterTable<NetworkInterface> filters(Ec2State state, InterfaceXml shape) {
        return new FilterTable<NetworkInterface>(Resource::tags)
                .with("network-interface-id", NetworkInterface::id)
                .with("subnet-id", eni -> eni.subnet().id())
                .with("vpc-id", eni -> eni.subnet().vpc().id())
                .with("availability-zone", eni -> eni.subnet().zone())
                .with("availability-zone-id", eni -> Region.zoneId(eni.subnet().zone()))
                .with("description", NetworkInterface::description)
                .with("interface-type", eni -> eni.type().text())
                .with("mac-address", NetworkInterface::macAddress)
                .with("owner-id", eni -> state.accountId())
                .with("private-dns-name", eni -> shape.dnsName(eni.primaryAddress()))
                .with("private-ip-address", eni -> eni.primaryAddress().getHostAddress())
                .withMany(
                        "addresses.private-ip-address",
                        eni -> eni.addresses().stream()
                                .map(held -> held.address().getHostAddress()))
                .withMany(
                        "addresses.primary",
                        eni -> eni.addresses().stream().map(held -> Boolean.toString(held.primary())))
                .withMany(
                        "ipv6-addresses.ipv6-address",
                        eni -> eni.ipv6Addresses().stream().map(Ipv6Block::text))
                .with("requester-managed", eni -> "false")
                .with("source-dest-check", eni -> Boolean.toString(eni.sourceDestCheck()))
                .with("status", NetworkInterface::status)
                .withMany("group-id", eni -> eni.groups().stream().map(SecurityGroup::id))
                .withMany("group-name", eni -> eni.groups().stream().map(SecurityGroup::name))
                .withMany("attachment.attachment-id", ofAttachment(Attachment::id))
                .withMany(
                        "attachment.instance-id",
                        ofAttachment(attachment -> attachment.instance().id()))
                .withMany("attachment.instance-owner-id", ofAttachment(attachment -> state.accountId()))
                .withMany("attachment.status", ofAttachment(attachment -> attachment.status(state.now())))
                .withMany(
                        "attachment.attach-time",
                        ofAttachment(attachment -> attachment.requestedAt().toString()))
                .withMany(
                        "attachment.device-index",
                        ofAttachment(attachment -> Integer.toString(attachment.deviceIndex())))
                .withMany(
                        "attachment.network-card-index",
                        ofAttachment(attachment -> Integer.toString(attachment.networkCard())))
                .withMany(
                        "attachment.delete-on-termination",
                        ofAttachment(attachment -> Boolean.toString(attachment.deleteOnTermination())));
    }

    private static Function<NetworkInterface, Stream<String>> ofAttachment(Function<Attachment, String> value) {
        return eni -> eni.attachment().map(value).stream();
    }

    Map<String, Action> all() {
        return Map.of(
                "CreateNetworkInterface", this::create,
                "DescribeNetworkInterfaces", this::describe,
                "DeleteNetworkInterface", this::delete);
    }

    private Operation create(Parameters parameters) {
        String subnetId = parameters.required("SubnetId");
        String description = parameters.text("Description", "");
        List<String> groupIds = parameters.list("SecurityGroupId");
        AddressSpecification addresses = InterfaceParameters.addresses(parameters);
        InterfaceType type = InterfaceParameters.type(parameters, InterfaceType.values());
        ConnectionTracking tracking = InterfaceParameters.connectionTracking(parameters);
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "network-interface");
        Optional<String> token = ClientTokens.read(parameters);
        return xml -> {
            Optional<String> earlier = tokens.created(parameters);
            NetworkInterface eni;
            if (earlier.isPresent()) {
                eni = state.interfaces().get(earlier.get());
            } else {
                Subnet subnet = state.subnets().get(subnetId);
                List<SecurityGroup> groups = state.groupsFor(subnet, groupIds);
                eni = interfaces.create(
                        new InterfaceSpecification(subnet, type, description, groups, addresses, tracking, tags));
                tokens.remember(parameters, eni.id());
            }
            xml.element("networkInterface", () -> shape.eni(xml, eni));
            token.ifPresent(text -> xml.text("clientToken", text));
        };
    }

    private Operation describe(Parameters parameters) {
        List<String> ids = parameters.list("NetworkInterfaceId");
        Predicate<NetworkInterface> filter = filters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !ids.isEmpty());
        return xml -> page.write(
                xml,
                "networkInterfaceSet",
                state.interfaces().select(ids).stream().filter(filter).toList(),
                NetworkInterface::id,
                eni -> shape.eni(xml, eni));
    }

    private Operation delete(Parameters parameters) {
        String id = parameters.required("NetworkInterfaceId");
        return xml -> {
            interfaces.delete(state.interfaces().get(id));
            xml.text("return", true);
        };
    }
}
