package io.vpceni.lab.ec2.model;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.imds.InstanceMetadata;
import io.vpceni.lab.imds.InterfaceMetadata;
import io.vpceni.lab.imds.Ipv6Metadata;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What others than the API see of the account: the fabric, and each instance's metadata service.
public final class Views {
    private final Ec2State state;

    public Views(Ec2State state) {
        this.state = state;
    }

    /// The ENIs that their instances have as devices now, by id.
    public List<FabricEni> attachedEnis() {
        Instant now = state.now();
        return state.interfaces().all().stream()
                .filter(eni -> eni.attachment()
                        .filter(attachment -> attachment.isEffective(now))
                        .isPresent())
                .map(Views::fabricEni)
                .toList();
    }

    private static FabricEni fabricEni(NetworkInterface eni) {
        Attachment attachment = eni.attachment().orElseThrow();
        return new FabricEni(
                eni.id(),
                eni.macAddress(),
                eni.subnet().id(),
                attachment.instance().id(),
                attachment.networkCard(),
                attachment.deviceIndex(),
                eni.routed());
    }

    /// The instance with the ENIs and addresses that its metadata service has heard of. The primary ENI is
    /// there from the first moment.
    public InstanceMetadata metadata(Instance instance) {
        Instant now = state.now();
        List<InterfaceMetadata> interfaces = state.interfacesOf(instance).stream()
                .filter(eni -> isKnown(eni.attachment().orElseThrow(), now))
                .map(eni -> interfaceMetadata(eni, now))
                .toList();
        return new InstanceMetadata(
                instance.id(),
                instance.type().name(),
                instance.launch().imageId(),
                state.accountId(),
                state.region().name(),
                instance.subnet().zone(),
                instance.type().architecture(),
                instance.launchedAt(),
                instance.launch().hopLimit(),
                interfaces);
    }

    private boolean isKnown(Attachment attachment, Instant now) {
        Duration lag = state.delays().metadataInterface();
        return attachment.isPrimary() || !now.isBefore(attachment.attachedAt().plus(lag));
    }

    private InterfaceMetadata interfaceMetadata(NetworkInterface eni, Instant now) {
        Attachment attachment = eni.attachment().orElseThrow();
        Duration lag = state.delays().metadataAddress();
        List<InetAddress> addresses = eni.addressesAsOf(now, lag);
        List<String> prefixes =
                eni.prefixesAsOf(now, lag).stream().map(Ipv4Block::toString).toList();
        return new InterfaceMetadata(
                eni.macAddress(),
                eni.id(),
                attachment.networkCard(),
                attachment.deviceIndex(),
                eni.subnet().id(),
                eni.subnet().vpc().id(),
                state.accountId(),
                eni.groups().stream().map(SecurityGroup::id).toList(),
                eni.groups().stream().map(SecurityGroup::name).toList(),
                addresses,
                eni.subnet().block().toString(),
                List.of(eni.subnet().vpc().block().toString()),
                prefixes,
                ipv6(eni, now));
    }

    private Ipv6Metadata ipv6(NetworkInterface eni, Instant now) {
        Duration lag = state.delays().metadataAddress();
        return new Ipv6Metadata(
                eni.ipv6AddressesAsOf(now, lag).stream().map(Ipv6Block::text).toList(),
                eni.ipv6PrefixesAsOf(now, lag).stream().map(Ipv6Block::toString).toList(),
                eni.subnet().ipv6Block().stream().map(Ipv6Block::toString).toList(),
                eni.subnet().vpc().ipv6Block().stream().map(Ipv6Block::toString).toList());
    }
}
