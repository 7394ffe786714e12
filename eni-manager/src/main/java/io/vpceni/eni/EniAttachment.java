package io.vpceni.eni;

import io.vpceni.config.DeviceSlot;

/// The attachment of an ENI to an instance.
///
/// @param id EC2's id of it, as in `eni-attach-0a1b2c3d`
/// @param instanceId the instance
/// @param networkCard 0 for the first
/// @param deviceIndex on its card
/// @param state how far it is
/// @param deleteOnTermination whether the ENI goes with its instance
public record EniAttachment(
        String id, String instanceId, int networkCard, int deviceIndex, State state, boolean deleteOnTermination) {

    /// Where the ENI is attached.
    public DeviceSlot slot() {
        return new DeviceSlot(networkCard, deviceIndex);
    }

    /// EC2's `attachment.status`.
    public enum State {
        ATTACHING,
        ATTACHED,
        DETACHING
    }
}
