package io.vpceni.eni.aws;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniAttachment.State;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.Ipv6PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.NetworkInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;

/// Converts the SDK's types, where everything may be null, to ours.
final class SdkMapping {

    private SdkMapping() {}

    static Ec2Eni eni(String action, NetworkInterface said) throws Ec2Failure {
        String id = Objects.requireNonNullElse(said.networkInterfaceId(), "");
        try {
            List<Cidr> blocks = new ArrayList<>();
            for (NetworkInterfacePrivateIpAddress address : said.privateIpAddresses()) {
                if (address.privateIpAddress() != null) {
                    blocks.add(single(address.privateIpAddress()));
                }
            }
            for (Ipv4PrefixSpecification prefix : said.ipv4Prefixes()) {
                blocks.add(prefix(prefix.ipv4Prefix()));
            }
            for (Ipv6PrefixSpecification prefix : said.ipv6Prefixes()) {
                blocks.add(prefix(prefix.ipv6Prefix()));
            }
            return new Ec2Eni(
                    new EniId(id),
                    subnetId(said.subnetId()),
                    mac(said.macAddress()),
                    said.privateIpAddress() == null ? null : InetAddress.ofLiteral(said.privateIpAddress()),
                    blocks,
                    Objects.requireNonNullElse(said.interfaceTypeAsString(), "interface"),
                    tags(said.tagSet()),
                    Objects.requireNonNullElse(said.description(), ""),
                    said.groups().stream()
                            .map(group -> Objects.requireNonNullElse(group.groupId(), ""))
                            .toList(),
                    attachment(said.attachment()));
        } catch (IllegalArgumentException e) {
            throw unreadable(action, id, e);
        }
    }

    static Ec2Subnet subnet(String action, Subnet said) throws Ec2Failure {
        String id = Objects.requireNonNullElse(said.subnetId(), "");
        try {
            return new Ec2Subnet(
                    new SubnetId(id),
                    Objects.requireNonNullElse(said.availabilityZone(), ""),
                    Cidr.parse(Objects.requireNonNullElse(said.cidrBlock(), "")),
                    zeroIfNull(said.availableIpAddressCount()),
                    tags(said.tags()));
        } catch (IllegalArgumentException e) {
            throw unreadable(action, id, e);
        }
    }

    /// A secondary address as a block.
    ///
    /// @throws IllegalArgumentException when the text is not one
    static Cidr single(@Nullable String text) {
        InetAddress address = InetAddress.ofLiteral(Objects.requireNonNullElse(text, ""));
        return Cidr.containing(address, address.getAddress().length * Byte.SIZE);
    }

    /// A prefix as a block.
    ///
    /// @throws IllegalArgumentException when the text is not one
    static Cidr prefix(@Nullable String text) {
        Cidr block = Cidr.parse(Objects.requireNonNullElse(text, ""));
        BlockKind.of(block);
        return block;
    }

    static Ec2Failure unreadable(String action, String subject, @Nullable Throwable cause) {
        String detail = cause == null ? "the answer is incomplete" : String.valueOf(cause.getMessage());
        return Ec2Failure.withoutCode(Kind.OUTCOME_UNKNOWN, action, subject, detail, cause);
    }

    /// The limits of all network cards, from card 0; null when EC2's answer is incomplete.
    static @Nullable NodeLimits limits(InstanceTypeInfo said) {
        NetworkInfo network = said.networkInfo();
        if (network == null || network.ipv4AddressesPerInterface() == null) {
            return null;
        }
        List<Integer> enis = network.networkCards().stream()
                .filter(card -> card.maximumNetworkInterfaces() != null)
                .sorted(Comparator.comparingInt(card -> zeroIfNull(card.networkCardIndex())))
                .map(card -> Math.max(1, card.maximumNetworkInterfaces()))
                .toList();
        if (enis.isEmpty() && network.maximumNetworkInterfaces() != null) {
            enis = List.of(Math.max(1, network.maximumNetworkInterfaces()));
        }
        return enis.isEmpty() ? null : new NodeLimits(enis, Math.max(1, network.ipv4AddressesPerInterface()));
    }

    private static Map<String, String> tags(List<Tag> said) {
        Map<String, String> tags = new HashMap<>();
        for (Tag tag : said) {
            if (tag.key() != null) {
                tags.put(tag.key(), Objects.requireNonNullElse(tag.value(), ""));
            }
        }
        return tags;
    }

    private static @Nullable MacAddress mac(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            return null; // not the real EC2; IMDS has the value
        }
    }

    private static @Nullable SubnetId subnetId(@Nullable String text) {
        return text == null || text.isBlank() ? null : new SubnetId(text);
    }

    private static @Nullable InstanceId instanceId(@Nullable String text) {
        return text == null || text.isBlank() ? null : new InstanceId(text);
    }

    private static @Nullable EniAttachment attachment(@Nullable NetworkInterfaceAttachment said) {
        if (said == null || said.attachmentId() == null || said.status() == AttachmentStatus.DETACHED) {
            return null;
        }
        State state = switch (Objects.requireNonNullElse(said.status(), AttachmentStatus.UNKNOWN_TO_SDK_VERSION)) {
            case ATTACHED -> State.ATTACHED;
            case ATTACHING, UNKNOWN_TO_SDK_VERSION -> State.ATTACHING;
            case DETACHING, DETACHED -> State.DETACHING;
        };
        return new EniAttachment(
                new AttachmentId(said.attachmentId()),
                instanceId(said.instanceId()),
                new DeviceSlot(zeroIfNull(said.networkCardIndex()), zeroIfNull(said.deviceIndex())),
                state,
                Boolean.TRUE.equals(said.deleteOnTermination()));
    }

    private static int zeroIfNull(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
