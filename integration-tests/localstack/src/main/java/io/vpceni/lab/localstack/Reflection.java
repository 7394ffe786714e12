package io.vpceni.lab.localstack;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.imds.InstanceMetadata;
import io.vpceni.lab.imds.InterfaceMetadata;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// What LocalStack says is attached, at one moment.
///
/// @param enis in the order of their ids
/// @param instances by id, those that have an ENI
record Reflection(List<FabricEni> enis, SortedMap<String, InstanceMetadata> instances) {
    private static final int HOP_LIMIT = 1; // EC2's default, and enough for a daemon in the node's own network

    static final Reflection EMPTY = new Reflection(List.of(), new TreeMap<>());

    Reflection {
        enis = List.copyOf(enis);
    }

    /// Describes everything anew.
    ///
    /// @param launched the instances to look at: others on the same LocalStack are none of the lab's
    static Reflection read(Ec2Wire localStack, Set<String> launched) throws IOException {
        if (launched.isEmpty()) {
            return EMPTY;
        }
        Map<String, Element> instances = running(localStack, launched);
        Map<String, String> subnetCidrs = cidrs(localStack.ask("DescribeSubnets", Map.of()), "subnetSet", "subnetId");
        Map<String, String> vpcCidrs = cidrs(localStack.ask("DescribeVpcs", Map.of()), "vpcSet", "vpcId");
        List<FabricEni> enis = new ArrayList<>();
        Map<String, List<InterfaceMetadata>> interfaces = new HashMap<>();
        for (Element eni :
                LocalStackXml.items(localStack.ask("DescribeNetworkInterfaces", Map.of()), "networkInterfaceSet")) {
            String instanceId = LocalStackXml.child(eni, "attachment")
                    .map(attachment -> LocalStackXml.text(attachment, "instanceId"))
                    .orElse("");
            if (instances.containsKey(instanceId)) {
                FabricEni fabric = fabricEni(eni, instanceId);
                enis.add(fabric);
                interfaces
                        .computeIfAbsent(instanceId, _ -> new ArrayList<>())
                        .add(interfaceMetadata(eni, fabric, subnetCidrs, vpcCidrs));
            }
        }
        enis.sort(Comparator.comparing(FabricEni::eniId));
        SortedMap<String, InstanceMetadata> metadata = new TreeMap<>();
        instances.forEach((id, instance) -> {
            if (interfaces.containsKey(id)) {
                metadata.put(id, instanceMetadata(instance, interfaces.get(id)));
            }
        });
        return new Reflection(enis, metadata);
    }

    private static Map<String, Element> running(Ec2Wire localStack, Set<String> launched) throws IOException {
        Map<String, Element> running = new HashMap<>();
        Element answer = localStack.ask("DescribeInstances", Map.of());
        for (Element reservation : LocalStackXml.items(answer, "reservationSet")) {
            for (Element instance : LocalStackXml.items(reservation, "instancesSet")) {
                String state = LocalStackXml.text(
                        LocalStackXml.child(instance, "instanceState").orElseThrow(), "name");
                String instanceId = LocalStackXml.text(instance, "instanceId");
                // The ENIs of a terminated instance stay "in-use" on it in LocalStack.
                if (launched.contains(instanceId) && (state.equals("running") || state.equals("pending"))) {
                    running.put(instanceId, instance);
                }
            }
        }
        return running;
    }

    private static Map<String, String> cidrs(Element answer, String list, String id) {
        Map<String, String> cidrs = new HashMap<>();
        LocalStackXml.items(answer, list)
                .forEach(item -> cidrs.put(LocalStackXml.text(item, id), LocalStackXml.text(item, "cidrBlock")));
        return cidrs;
    }

    private static FabricEni fabricEni(Element eni, String instanceId) {
        Element attachment = LocalStackXml.child(eni, "attachment").orElseThrow();
        EniAddresses addresses = EniAddresses.of(eni);
        String card = LocalStackXml.text(attachment, "networkCardIndex");
        return new FabricEni(
                addresses.eniId(),
                LabMac.of(addresses.eniId()),
                addresses.subnetId(),
                instanceId,
                card.isEmpty() ? 0 : Integer.parseInt(card),
                Integer.parseInt(LocalStackXml.text(attachment, "deviceIndex")),
                addresses.all().stream().map(InetAddress::ofLiteral).toList());
    }

    private static InterfaceMetadata interfaceMetadata(
            Element eni, FabricEni fabric, Map<String, String> subnetCidrs, Map<String, String> vpcCidrs) {
        String vpcId = LocalStackXml.text(eni, "vpcId");
        List<Element> groups = LocalStackXml.items(eni, "groupSet");
        return new InterfaceMetadata(
                fabric.macAddress(),
                fabric.eniId(),
                fabric.networkCard(),
                fabric.deviceIndex(),
                fabric.subnetId(),
                vpcId,
                LocalStackXml.text(eni, "ownerId"),
                groups.stream()
                        .map(group -> LocalStackXml.text(group, "groupId"))
                        .toList(),
                groups.stream()
                        .map(group -> LocalStackXml.text(group, "groupName"))
                        .toList(),
                fabric.addresses(),
                subnetCidrs.getOrDefault(fabric.subnetId(), ""),
                Stream.of(vpcCidrs.getOrDefault(vpcId, "")).toList());
    }

    private static InstanceMetadata instanceMetadata(Element instance, List<InterfaceMetadata> interfaces) {
        String zone =
                LocalStackXml.text(LocalStackXml.child(instance, "placement").orElseThrow(), "availabilityZone");
        return new InstanceMetadata(
                LocalStackXml.text(instance, "instanceId"),
                LocalStackXml.text(instance, "instanceType"),
                LocalStackXml.text(instance, "imageId"),
                interfaces.getFirst().ownerId(),
                zone.substring(0, zone.length() - 1),
                zone,
                LocalStackXml.text(instance, "architecture"),
                Instant.parse(LocalStackXml.text(instance, "launchTime")),
                HOP_LIMIT,
                interfaces.stream()
                        .sorted(Comparator.comparingInt(InterfaceMetadata::networkCard)
                                .thenComparingInt(InterfaceMetadata::deviceNumber))
                        .toList());
    }
}
