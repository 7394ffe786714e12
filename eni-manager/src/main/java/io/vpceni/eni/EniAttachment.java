package io.vpceni.eni;

/// The tie between an ENI and an instance.
///
/// @param id EC2's name of the tie, as in `eni-attach-0a1b2c3d`
/// @param instanceId the instance
/// @param networkCard 0 for the first
/// @param deviceIndex on its card; 0 for the primary ENI
/// @param state how far it is
/// @param deleteOnTermination whether the ENI goes with its instance
public record EniAttachment(
        String id, String instanceId, int networkCard, int deviceIndex, State state, boolean deleteOnTermination) {

    /// EC2's `attachment.status`.
    public enum State {
        ATTACHING,
        ATTACHED,
        DETACHING
    }
}
