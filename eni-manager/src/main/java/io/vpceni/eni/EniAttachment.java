package io.vpceni.eni;

import io.vpceni.config.DeviceSlot;

/// The attachment of an ENI to an instance.
///
/// @param id EC2's id of it, as in `eni-attach-0a1b2c3d`
/// @param instanceId the instance
/// @param slot where the ENI is attached
/// @param state how far it is
/// @param deleteOnTermination whether the ENI goes with its instance
public record EniAttachment(String id, String instanceId, DeviceSlot slot, State state, boolean deleteOnTermination) {

    /// EC2's `attachment.status`.
    public enum State {
        ATTACHING,
        ATTACHED,
        DETACHING
    }
}
