package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Instance;
import io.vpceni.lab.ec2.model.InstanceState;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;

/// How instances and their reservation look in XML.
final class InstanceXml {
    private final Ec2State state;
    private final InterfaceXml interfaceShape;

    InstanceXml(Ec2State state) {
        this.state = state;
        this.interfaceShape = new InterfaceXml(state);
    }

    /// The elements of a reservation.
    void reservation(Xml xml, List<Instance> instances) {
        xml.text("reservationId", instances.getFirst().reservationId())
                .text("ownerId", state.accountId())
                .list("groupSet", List.of(), none -> {})
                .list("instancesSet", instances, instance -> instance(xml, instance));
    }

    private void instance(Xml xml, Instance instance) {
        List<NetworkInterface> enis = state.interfacesOf(instance);
        xml.text("instanceId", instance.id()).text("imageId", instance.launch().imageId());
        state(xml, "instanceState", instance.state(state.now()));
        xml.text("amiLaunchIndex", instance.launchIndex())
                .text("instanceType", instance.type().name())
                .text("launchTime", instance.launchedAt().toString())
                .element(
                        "placement",
                        () -> xml.text("availabilityZone", instance.subnet().zone())
                                .text("tenancy", "default"))
                .element("monitoring", () -> xml.text("state", "disabled"))
                .text("architecture", instance.type().architecture())
                .text("hypervisor", "xen") // EC2 says so for Nitro too
                .text("rootDeviceType", "ebs")
                .text("virtualizationType", "hvm")
                .text("enaSupport", instance.type().isNitro())
                .text("ebsOptimized", false);
        if (!enis.isEmpty()) {
            place(xml, instance, enis.getFirst());
        }
        xml.list("networkInterfaceSet", enis, eni -> interfaceShape.eniOfInstance(xml, eni))
                .element("metadataOptions", () -> metadataOptions(xml, instance))
                .tags(instance.tags());
    }

    private void place(Xml xml, Instance instance, NetworkInterface primary) {
        xml.text("subnetId", instance.subnet().id())
                .text("vpcId", instance.subnet().vpc().id())
                .text("privateIpAddress", primary.primaryAddress().getHostAddress())
                .text("privateDnsName", interfaceShape.dnsName(primary.primaryAddress()))
                .text("sourceDestCheck", primary.sourceDestCheck());
        InterfaceXml.groups(xml, primary.groups());
    }

    private static void metadataOptions(Xml xml, Instance instance) {
        xml.text("state", "applied")
                .text("httpTokens", "required")
                .text("httpPutResponseHopLimit", instance.launch().hopLimit())
                .text("httpEndpoint", "enabled")
                .text("httpProtocolIpv6", "disabled")
                .text("instanceMetadataTags", "disabled");
    }

    static void state(Xml xml, String name, InstanceState state) {
        xml.element(name, () -> xml.text("code", state.code()).text("name", state.text()));
    }
}
