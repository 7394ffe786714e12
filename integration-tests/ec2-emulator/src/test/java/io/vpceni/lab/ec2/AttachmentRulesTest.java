package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Which ENI can be attached where, and what then cannot be done with it.
class AttachmentRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/24");
    private final String instanceId = world.launch("t3.small").instanceId();

    @Test
    void aDeviceIndexIsUsedOnce() {
        world.attach(world.createEni(), instanceId, 1);

        assertThat(refusal(() -> world.attach(world.createEni(), instanceId, 1)))
                .isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> world.attach(world.createEni(), instanceId, 0)))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void theTypeOfInstanceLimitsItsEnis() {
        world.attach(world.createEni(), instanceId, 1);
        world.attach(world.createEni(), instanceId, 2);

        assertThat(refusal(() -> world.attach(world.createEni(), instanceId, 3)))
                .isEqualTo("AttachmentLimitExceeded");
    }

    @Test
    void anAttachedEniCannotBeAttachedAgain() {
        String eniId = world.createEni();
        world.attach(eniId, instanceId, 1);

        assertThat(refusal(() -> world.attach(eniId, instanceId, 2))).isEqualTo("InvalidNetworkInterface.InUse");
    }

    @Test
    void anEniWithMoreAddressesThanTheTypeTakesIsNotAttached() {
        String eniId = world.createEni(request -> request.secondaryPrivateIpAddressCount(4))
                .networkInterfaceId();

        assertThat(refusal(() -> world.attach(eniId, instanceId, 1))).isEqualTo("PrivateIpAddressLimitExceeded");
        assertThat(world.eni(eniId).statusAsString()).isEqualTo("available");
    }

    @Test
    void anEniOfAnotherZoneIsNotAttached() {
        String elsewhere = world.addSubnet("10.20.1.0/24", "us-east-1b");
        String eniId = world.createEni(request -> request.subnetId(elsewhere)).networkInterfaceId();

        assertThat(refusal(() -> world.attach(eniId, instanceId, 1))).isEqualTo("InvalidParameterCombination");
    }

    @Test
    void aNetworkCardThatTheTypeLacksIsRefused() {
        assertThat(refusal(() -> world.ec2()
                        .attachNetworkInterface(request -> request.networkInterfaceId(world.createEni())
                                .instanceId(instanceId)
                                .deviceIndex(1)
                                .networkCardIndex(1))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void anAttachedEniCannotBeDeleted() {
        String eniId = world.createEni();
        world.attach(eniId, instanceId, 1);

        assertThat(refusal(() -> world.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId))))
                .isEqualTo("InvalidParameterValue");
        assertThat(world.eni(eniId).statusAsString()).isEqualTo("in-use");
    }

    @Test
    void theEniAtDeviceIndex0CannotBeDetached() {
        String primary = emulated.emulation().attachedEnis().getFirst().eniId();
        String attachmentId = world.eni(primary).attachment().attachmentId();

        assertThat(refusal(() -> detach(attachmentId))).isEqualTo("OperationNotPermitted");
    }

    @Test
    void aDetachedEniIsAvailableAndItsPlaceFree() {
        String eniId = world.createEni();
        detach(world.attach(eniId, instanceId, 1));

        assertThat(world.eni(eniId).statusAsString()).isEqualTo("available");
        assertThat(world.eni(eniId).attachment()).isNull();
        world.attach(world.createEni(), instanceId, 1);
    }

    @Test
    void anUnknownAttachmentIsNotFound() {
        assertThat(refusal(() -> detach("eni-attach-0123456789abcdef0"))).isEqualTo("InvalidAttachmentID.NotFound");
        assertThat(refusal(() -> detach("nonsense"))).isEqualTo("InvalidAttachmentID.Malformed");
    }

    @Test
    void deleteOnTerminationIsOffForAnAttachedEniUntilItIsSet() {
        String eniId = world.createEni();
        String attachmentId = world.attach(eniId, instanceId, 1);
        assertThat(world.eni(eniId).attachment().deleteOnTermination()).isFalse();

        world.ec2()
                .modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                        .attachment(change -> change.attachmentId(attachmentId).deleteOnTermination(true)));

        assertThat(world.eni(eniId).attachment().deleteOnTermination()).isTrue();
    }

    @Test
    void aTerminatedInstanceTakesOnlyItsDeleteOnTerminationEnisAlong() {
        String primary = emulated.emulation().attachedEnis().getFirst().eniId();
        String kept = world.createEni();
        world.attach(kept, instanceId, 1);

        world.ec2().terminateInstances(request -> request.instanceIds(instanceId));

        assertThat(refusal(() -> world.eni(primary))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
        assertThat(world.eni(kept).statusAsString()).isEqualTo("available");
        assertThat(emulated.emulation().attachedEnis()).isEmpty();
        assertThat(refusal(() -> world.attach(kept, instanceId, 1))).isEqualTo("IncorrectState");
    }

    private void detach(String attachmentId) {
        world.ec2().detachNetworkInterface(request -> request.attachmentId(attachmentId));
    }
}
