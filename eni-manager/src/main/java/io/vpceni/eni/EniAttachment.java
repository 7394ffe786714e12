package io.vpceni.eni;

import io.vpceni.config.DeviceSlot;
import org.jspecify.annotations.Nullable;

/// The attachment of an ENI to an instance.
///
/// @param instanceId null when EC2 names none: it is attached to a service of AWS
/// @param slot where the ENI is attached
/// @param state how far it is
/// @param deleteOnTermination whether the ENI goes with its instance
public record EniAttachment(
        AttachmentId id, @Nullable InstanceId instanceId, DeviceSlot slot, State state, boolean deleteOnTermination) {

    /// EC2's `attachment.status`.
    public enum State {
        ATTACHING,
        ATTACHED,
        DETACHING
    }
}
