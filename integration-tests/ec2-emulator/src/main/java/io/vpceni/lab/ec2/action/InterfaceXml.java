package io.vpceni.lab.ec2.action;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.model.Attachment;
import io.vpceni.lab.ec2.model.ConnectionTracking;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Ipv6Block;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.PrivateAddress;
import io.vpceni.lab.ec2.model.SecurityGroup;
import io.vpceni.lab.ec2.query.Xml;
import java.net.InetAddress;
import java.util.List;

/// How an ENI looks in XML: alone, and as part of its instance.
final class InterfaceXml {
    private final Ec2State state;

    InterfaceXml(Ec2State state) {
        this.state = state;
    }

    /// The elements of a `networkInterface`.
    void eni(Xml xml, NetworkInterface eni) {
        xml.text("networkInterfaceId", eni.id())
                .text("subnetId", eni.subnet().id())
                .text("vpcId", eni.subnet().vpc().id())
                .text("availabilityZone", eni.subnet().zone())
                .text("availabilityZoneId", Region.zoneId(eni.subnet().zone()))
                .text("description", eni.description())
                .text("ownerId", state.accountId())
                .text("requesterManaged", false)
                .element("operator", () -> xml.text("managed", false))
                .text("status", eni.status())
                .text("macAddress", eni.macAddress())
                .text("privateIpAddress", eni.primaryAddress().getHostAddress())
                .text("privateDnsName", dnsName(eni.primaryAddress()))
                .text("sourceDestCheck", eni.sourceDestCheck())
                .text("denyAllIgwTraffic", false)
                .text("interfaceType", eni.type().text());
        groups(xml, eni.groups());
        eni.attachment().ifPresent(attachment -> xml.element("attachment", () -> attachment(xml, attachment)));
        connectionTracking(xml, eni.connectionTracking());
        addresses(xml, eni);
        xml.tags(eni.tags());
    }

    private void attachment(Xml xml, Attachment attachment) {
        xml.text("attachmentId", attachment.id())
                .text("instanceId", attachment.instance().id())
                .text("instanceOwnerId", state.accountId())
                .text("networkCardIndex", attachment.networkCard())
                .text("deviceIndex", attachment.deviceIndex())
                .text("status", attachment.status(state.now()))
                .text("attachTime", attachment.requestedAt().toString())
                .text("deleteOnTermination", attachment.deleteOnTermination());
    }

    /// The elements of an `item` of an instance's `networkInterfaceSet`.
    void eniOfInstance(Xml xml, NetworkInterface eni) {
        Attachment attachment = eni.attachment().orElseThrow();
        xml.text("networkInterfaceId", eni.id())
                .text("subnetId", eni.subnet().id())
                .text("vpcId", eni.subnet().vpc().id())
                .text("description", eni.description())
                .text("ownerId", state.accountId())
                .text("status", eni.status())
                .text("macAddress", eni.macAddress())
                .text("privateIpAddress", eni.primaryAddress().getHostAddress())
                .text("privateDnsName", dnsName(eni.primaryAddress()))
                .text("sourceDestCheck", eni.sourceDestCheck())
                .text("interfaceType", eni.type().text());
        groups(xml, eni.groups());
        xml.element(
                "attachment",
                () -> xml.text("attachmentId", attachment.id())
                        .text("networkCardIndex", attachment.networkCard())
                        .text("deviceIndex", attachment.deviceIndex())
                        .text("status", attachment.status(state.now()))
                        .text("attachTime", attachment.requestedAt().toString())
                        .text("deleteOnTermination", attachment.deleteOnTermination()));
        connectionTracking(xml, eni.connectionTracking());
        addresses(xml, eni);
    }

    /// Only where something was asked for; with what was asked for.
    private static void connectionTracking(Xml xml, ConnectionTracking tracking) {
        if (!tracking.isDefault()) {
            xml.element("connectionTrackingConfiguration", () -> {
                tracking.tcpEstablished().ifPresent(seconds -> xml.text("tcpEstablishedTimeout", seconds));
                tracking.udpStream().ifPresent(seconds -> xml.text("udpStreamTimeout", seconds));
                tracking.udp().ifPresent(seconds -> xml.text("udpTimeout", seconds));
            });
        }
    }

    private void addresses(Xml xml, NetworkInterface eni) {
        xml.list("privateIpAddressesSet", eni.addresses(), held -> address(xml, held));
        if (!eni.prefixes().isEmpty()) {
            xml.list("ipv4PrefixSet", eni.prefixes(), prefix -> xml.text("ipv4Prefix", prefix.toString()));
        }
        xml.list(
                "ipv6AddressesSet",
                eni.ipv6Addresses(),
                address -> xml.text("ipv6Address", Ipv6Block.text(address)).text("isPrimaryIpv6", false));
        if (!eni.ipv6Prefixes().isEmpty()) {
            xml.list("ipv6PrefixSet", eni.ipv6Prefixes(), prefix -> xml.text("ipv6Prefix", prefix.toString()));
        }
    }

    private void address(Xml xml, PrivateAddress held) {
        xml.text("privateIpAddress", held.address().getHostAddress())
                .text("privateDnsName", dnsName(held.address()))
                .text("primary", held.primary());
    }

    static void groups(Xml xml, List<SecurityGroup> groups) {
        xml.list("groupSet", groups, group -> xml.text("groupId", group.id()).text("groupName", group.name()));
    }

    String dnsName(InetAddress address) {
        String domain = state.region().internalDomain();
        return "ip-" + address.getHostAddress().replace('.', '-') + "." + domain;
    }
}
