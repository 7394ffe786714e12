package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// The rules of attaching an ENI to an instance and detaching it.
public final class Attachments {
    private static final int DEVICE_INDEX_MAX = 127; // far above any type's number of ENIs

    private final Ec2State state;

    public Attachments(Ec2State state) {
        this.state = state;
    }

    /// Begins to attach; the attachment is `attached` after [io.vpceni.lab.ec2.model.Ec2Delays#attach].
    public Attachment attach(NetworkInterface eni, Instance instance, int networkCard, int deviceIndex) {
        if (eni.attachment().isPresent()) {
            throw new Ec2Refusal("InvalidNetworkInterface.InUse", "Interface: [" + eni.id() + "] in use.");
        }
        if (instance.isTerminating()) {
            throw new Ec2Refusal(
                    "IncorrectState",
                    "Instance '" + instance.id() + "' is "
                            + instance.state(state.now()).text());
        }
        refuseOtherPlace(eni, instance);
        refuseSlot(instance, networkCard, deviceIndex);
        int addressesMax = instance.type().addressesPerEni();
        if (eni.slots() > addressesMax) {
            throw PrivateAddresses.limitExceeded(addressesMax);
        }
        if (eni.ipv6Slots() > addressesMax) {
            throw PrivateAddresses.limitExceeded(addressesMax);
        }
        refuseType(eni, instance, networkCard);
        if (!eni.prefixes().isEmpty() || !eni.ipv6Prefixes().isEmpty()) {
            PrivateAddresses.refusePrefixesOn(instance.type());
        }
        Instant now = state.now();
        return attachment(
                eni, instance, networkCard, deviceIndex, now.plus(state.delays().attach()), false);
    }

    /// The attachment of a primary ENI to an instance that is being launched.
    Attachment attachPrimary(NetworkInterface eni, Instance instance, Instant attachedAt, boolean deleteOnTermination) {
        return attachment(eni, instance, 0, 0, attachedAt, deleteOnTermination);
    }

    private Attachment attachment(
            NetworkInterface eni,
            Instance instance,
            int networkCard,
            int deviceIndex,
            Instant attachedAt,
            boolean deleteOnTermination) {
        Attachment attachment = new Attachment(
                state.ids().next(ResourceKind.ATTACHMENT),
                instance,
                networkCard,
                deviceIndex,
                state.now(),
                attachedAt,
                deleteOnTermination);
        eni.attach(attachment);
        return attachment;
    }

    private static void refuseOtherPlace(NetworkInterface eni, Instance instance) {
        if (!eni.subnet().zone().equals(instance.subnet().zone())) {
            throw Ec2Refusal.invalidCombination(
                    "You may not attach a network interface to an instance if they are not in"
                            + " the same availability zone");
        }
        if (!Objects.equals(eni.subnet().vpc().id(), instance.subnet().vpc().id())) {
            throw Ec2Refusal.invalidCombination("The network interface and the instance are not in the same VPC");
        }
    }

    private void refuseSlot(Instance instance, int networkCard, int deviceIndex) {
        InstanceType type = instance.type();
        if (networkCard < 0 || networkCard >= type.networkCards()) {
            throw Ec2Refusal.invalidValue(
                    "networkCardIndex",
                    Integer.toString(networkCard),
                    type.name() + " has " + type.networkCards() + " network card(s)");
        }
        if (deviceIndex < 0 || deviceIndex > DEVICE_INDEX_MAX) {
            throw Ec2Refusal.invalidValue(
                    "deviceIndex", Integer.toString(deviceIndex), "Expecting 0 to " + DEVICE_INDEX_MAX);
        }
        List<Attachment> onCard = state.interfacesOf(instance).stream()
                .map(other -> other.attachment().orElseThrow())
                .filter(other -> other.networkCard() == networkCard)
                .toList();
        if (onCard.stream().anyMatch(other -> other.deviceIndex() == deviceIndex)) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "Instance '" + instance.id() + "' already has an interface attached at device index '" + deviceIndex
                            + "'.");
        }
        if (onCard.size() >= type.enisPerCard()) {
            throw new Ec2Refusal(
                    "AttachmentLimitExceeded",
                    "Interface count " + (onCard.size() + 1) + " exceeds the limit for " + type.name());
        }
    }

    private void refuseType(NetworkInterface eni, Instance instance, int networkCard) {
        InstanceType type = instance.type();
        switch (eni.type()) {
            case INTERFACE -> {}
            case TRUNK -> {
                if (!type.takesTrunk()) {
                    throw new Ec2Refusal(
                            "UnsupportedOperation",
                            "Instance type " + type.name() + " does not support trunk interfaces");
                }
                if (state.interfacesOf(instance).stream().anyMatch(other -> other.type() == InterfaceType.TRUNK)) {
                    throw new Ec2Refusal(
                            "AttachmentLimitExceeded", "Instance '" + instance.id() + "' has a trunk interface");
                }
            }
            case EFA -> {
                if (!type.takesEfa()) {
                    throw new Ec2Refusal(
                            "InvalidParameterCombination", "EFA interfaces are not supported on " + type.name());
                }
                if (efasOn(instance, networkCard) > 0) {
                    throw new Ec2Refusal(
                            "AttachmentLimitExceeded",
                            "Network card " + networkCard + " of '" + instance.id() + "' has an EFA interface");
                }
            }
        }
    }

    private long efasOn(Instance instance, int networkCard) {
        return state.interfacesOf(instance).stream()
                .filter(other -> other.type() == InterfaceType.EFA)
                .flatMap(other -> other.attachment().stream())
                .filter(attachment -> attachment.networkCard() == networkCard)
                .count();
    }

    /// The ENI with the attachment.
    ///
    /// @throws Ec2Refusal `InvalidAttachmentID.NotFound`
    public NetworkInterface holder(String attachmentId) {
        ResourceKind.ATTACHMENT.refuseMalformed(attachmentId);
        return state.interfaces().all().stream()
                .filter(eni -> eni.attachment()
                        .filter(attachment -> attachment.id().equals(attachmentId))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> ResourceKind.ATTACHMENT.notFound(attachmentId));
    }

    /// Begins to detach; the ENI is `available` after [io.vpceni.lab.ec2.model.Ec2Delays#detach].
    public void detach(Attachment attachment) {
        if (attachment.isPrimary()) {
            throw new Ec2Refusal(
                    "OperationNotPermitted", "The network interface at device index 0 cannot be detached.");
        }
        if (attachment.isDetaching()) {
            throw new Ec2Refusal(
                    "IncorrectState", "The attachment '" + attachment.id() + "' is being detached already");
        }
        attachment.endAt(state.now().plus(state.delays().detach()));
    }
}
