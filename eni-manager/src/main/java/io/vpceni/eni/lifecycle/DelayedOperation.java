package io.vpceni.eni.lifecycle;

import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.lifecycle.PendingOperation.AttachedAs;
import io.vpceni.eni.lifecycle.PendingOperation.BlockGrowth;
import io.vpceni.pool.EniId;

/// What is to be done when its time has come. Whoever asked for it does it by a switch over its own kind.
sealed interface DelayedOperation {

    /// A step of [EniCreations].
    sealed interface OfCreation extends DelayedOperation {}

    /// The same create call, with the same token.
    record CreateAgain(EniCreation creation, CreationStage.Creating stage) implements OfCreation {}

    record AttachAgain(EniCreation creation, CreationStage.Attaching stage) implements OfCreation {}

    /// Where the ENI is that could not be attached.
    record LocateLater(EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure) implements OfCreation {}

    record SetDeleteOnTerminationAgain(EniCreation creation, AttachedAs attached) implements OfCreation {}

    /// How far the ENI is, for [EniRemovals].
    record DescribeRemovalLater(EniRemoval removal) implements DelayedOperation {}

    /// What an assignment did whose answer was lost, for [BlockAssignment].
    record DescribeAssignedLater(BlockGrowth growth, Ec2Failure lost) implements DelayedOperation {}

    /// The link of an attached ENI, for [LinkSetup].
    record SetUpLinkAgain(NodeEni eni) implements DelayedOperation {}

    /// A step of [LeakedEniCleanup].
    sealed interface OfCleanup extends DelayedOperation {}

    record CleanUpOwn() implements OfCleanup {}

    /// Planned at most once at a time.
    record CleanUpOwnAgain() implements OfCleanup {}

    record CleanUpCluster() implements OfCleanup {}

    /// A creation that an earlier ipamd process began, for [ResumedCreations].
    record UndoUnlessAttached(ClientToken token, EniId eni) implements DelayedOperation {}
}
