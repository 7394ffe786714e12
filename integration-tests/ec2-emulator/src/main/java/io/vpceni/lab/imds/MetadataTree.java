package io.vpceni.lab.imds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.backend.Region;
import java.net.InetAddress;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The service's contents: paths below `/latest/` and their texts. A directory lists the paths below it.
final class MetadataTree {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SortedMap<String, String> texts = new TreeMap<>();

    MetadataTree(NodeView view) {
        InstanceMetadata instance = view.instance();
        addInstance(instance);
        instance.interfaces().forEach(this::addInterface);
        view.credentials().ifPresent(credentials -> addRole(instance, credentials));
    }

    /// The text at a path, or the listing of a directory, one entry a line, directories with a slash at the
    /// end.
    ///
    /// @param path without `/latest/`; with or without a slash at the end
    Optional<String> get(String path) {
        String text = texts.get(path);
        if (text != null) {
            return Optional.of(text);
        }
        String directory = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        SortedSet<String> entries = new TreeSet<>();
        for (String known : texts.tailMap(directory).keySet()) {
            if (!known.startsWith(directory)) {
                break;
            }
            String rest = known.substring(directory.length());
            int slash = rest.indexOf('/');
            entries.add(slash < 0 ? rest : rest.substring(0, slash + 1));
        }
        return entries.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", entries));
    }

    private void addInstance(InstanceMetadata instance) {
        InterfaceMetadata primary = instance.primaryInterface();
        String address = primary.privateAddresses().getFirst().getHostAddress();
        meta("ami-id", instance.imageId());
        meta("ami-launch-index", "0");
        meta("hostname", hostName(instance, address));
        meta("instance-id", instance.instanceId());
        meta("instance-life-cycle", "on-demand");
        meta("instance-type", instance.instanceType());
        meta("local-hostname", hostName(instance, address));
        meta("local-ipv4", address);
        primary.ipv6().addresses().stream().limit(1).forEach(ipv6 -> meta("ipv6", ipv6));
        meta("mac", primary.macAddress());
        meta("placement/availability-zone", instance.availabilityZone());
        meta("placement/region", instance.region());
        meta("security-groups", String.join("\n", primary.securityGroupNames()));
        Region region = new Region(instance.region());
        meta("services/domain", region.servicesDomain());
        meta("services/partition", region.partition());
        texts.put("dynamic/instance-identity/document", identityDocument(instance, address));
    }

    private void addInterface(InterfaceMetadata eni) {
        String start = "network/interfaces/macs/" + eni.macAddress() + "/";
        List<String> addresses =
                eni.privateAddresses().stream().map(InetAddress::getHostAddress).toList();
        meta(start + "device-number", Integer.toString(eni.deviceNumber()));
        meta(start + "interface-id", eni.interfaceId());
        meta(start + "local-ipv4s", String.join("\n", addresses));
        meta(start + "mac", eni.macAddress());
        meta(start + "network-card", Integer.toString(eni.networkCard()));
        meta(start + "owner-id", eni.ownerId());
        meta(start + "security-group-ids", String.join("\n", eni.securityGroupIds()));
        meta(start + "security-groups", String.join("\n", eni.securityGroupNames()));
        meta(start + "subnet-id", eni.subnetId());
        meta(start + "subnet-ipv4-cidr-block", eni.subnetCidrBlock());
        meta(start + "vpc-id", eni.vpcId());
        meta(start + "vpc-ipv4-cidr-block", eni.vpcCidrBlocks().getFirst());
        meta(start + "vpc-ipv4-cidr-blocks", String.join("\n", eni.vpcCidrBlocks()));
        some(start + "ipv4-prefix", eni.ipv4Prefixes());
        some(start + "ipv6s", eni.ipv6().addresses());
        some(start + "ipv6-prefix", eni.ipv6().prefixes());
        some(start + "subnet-ipv6-cidr-blocks", eni.ipv6().subnetBlocks());
        some(start + "vpc-ipv6-cidr-blocks", eni.ipv6().vpcBlocks());
    }

    private void addRole(InstanceMetadata instance, RoleCredentials credentials) {
        meta(
                "iam/info",
                json(node -> node.put("Code", "Success")
                        .put("LastUpdated", DateTimeFormatter.ISO_INSTANT.format(credentials.issuedAt()))
                        .put(
                                "InstanceProfileArn",
                                "arn:" + new Region(instance.region()).partition() + ":iam::" + instance.accountId()
                                        + ":instance-profile/" + credentials.roleName())
                        .put("InstanceProfileId", "AIPA" + instance.accountId())));
        meta(
                "iam/security-credentials/" + credentials.roleName(),
                json(node -> node.put("Code", "Success")
                        .put("LastUpdated", DateTimeFormatter.ISO_INSTANT.format(credentials.issuedAt()))
                        .put("Type", "AWS-HMAC")
                        .put("AccessKeyId", credentials.accessKeyId())
                        .put("SecretAccessKey", credentials.secretAccessKey())
                        .put("Token", credentials.sessionToken())
                        .put("Expiration", DateTimeFormatter.ISO_INSTANT.format(credentials.expiresAt()))));
    }

    private static String identityDocument(InstanceMetadata instance, String address) {
        return json(node -> node.put("accountId", instance.accountId())
                .put("architecture", instance.architecture())
                .put("availabilityZone", instance.availabilityZone())
                .put("imageId", instance.imageId())
                .put("instanceId", instance.instanceId())
                .put("instanceType", instance.instanceType())
                .put("pendingTime", DateTimeFormatter.ISO_INSTANT.format(instance.launchedAt()))
                .put("privateIp", address)
                .put("region", instance.region())
                .put("version", "2017-09-30"));
    }

    private static String json(Consumer<ObjectNode> fields) {
        ObjectNode node = JSON.createObjectNode();
        fields.accept(node);
        return node.toPrettyString();
    }

    private static String hostName(InstanceMetadata instance, String address) {
        return "ip-" + address.replace('.', '-') + "." + new Region(instance.region()).internalDomain();
    }

    /// An empty list has no entry.
    private void some(String path, List<String> lines) {
        if (!lines.isEmpty()) {
            meta(path, String.join("\n", lines));
        }
    }

    private void meta(String path, String text) {
        texts.put("meta-data/" + path, text);
    }
}
