package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.EniId;
import java.time.Instant;

/// What is about to be done to an ENI, written down before EC2 is asked, or what came of it. It outlives ipamd and the
/// node's reboot, as the ENI does, so that whoever starts next finishes or undoes it.
///
/// A birth is known by its client token, a removal by its ENI.
public sealed interface Intent {

    Instant at();

    /// Next is `CreateNetworkInterface` with that token.
    ///
    /// @param slot where it is to be attached
    record Creating(ClientToken token, SubnetId subnetId, DeviceSlot slot, Instant at) implements Intent {}

    /// It was created; next is `AttachNetworkInterface`.
    record Attaching(ClientToken token, EniId eni, Instant at) implements Intent {}

    /// It was attached; next is `ModifyNetworkInterfaceAttribute` (delete on termination), and its link.
    record SettingDeleteOnTermination(ClientToken token, EniId eni, AttachmentId attachmentId, Instant at)
            implements Intent {}

    /// It is ours, goes with its instance, and its link is set up: nothing is left to do.
    record Added(ClientToken token, EniId eni, Instant at) implements Intent {}

    /// It is of no use and is to be taken away: next is `DetachNetworkInterface` or `DeleteNetworkInterface`.
    record Undoing(ClientToken token, EniId eni, Instant at) implements Intent {}

    /// It was taken away, or EC2 never made it.
    record Undone(ClientToken token, Instant at) implements Intent {}

    /// Nobody needs it: next is `DetachNetworkInterface`.
    record Detaching(EniId eni, AttachmentId attachmentId, Instant at) implements Intent {}

    /// It is detached, or attached to nothing: next is `DeleteNetworkInterface`.
    record Deleting(EniId eni, Instant at) implements Intent {}

    /// It was deleted, or was gone before.
    record Deleted(EniId eni, Instant at) implements Intent {}

    /// It stays after all: it was found attached.
    record Kept(EniId eni, Instant at) implements Intent {}
}
