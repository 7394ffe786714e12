package io.vpceni.eni.lifecycle;

import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What an EC2 call that has not ended is for. Whoever asked concludes it by a switch over its own kind.
sealed interface PendingOperation {

    /// A step of [EniCreations].
    sealed interface OfCreation extends PendingOperation {}

    /// EC2's list of subnets, before an ENI is created.
    ///
    /// @param waiting all creations that wait for it; more may come until it ends
    record ListSubnetsForCreation(List<EniCreation> waiting) implements OfCreation {}

    /// `CreateNetworkInterface`.
    record Create(EniCreation creation, CreationStage.Creating stage) implements OfCreation {}

    /// `AttachNetworkInterface`.
    record Attach(EniCreation creation, CreationStage.Attaching stage) implements OfCreation {}

    /// All ENIs of the node: whether the new one is attached in spite of the failure.
    record Locate(EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure) implements OfCreation {}

    /// `ModifyNetworkInterfaceAttribute`.
    record SetDeleteOnTermination(EniCreation creation, AttachedAs attached) implements OfCreation {}

    /// A step of [EniRemovals].
    sealed interface OfRemoval extends PendingOperation {
        EniRemoval removal();
    }

    /// `DetachNetworkInterface`.
    record Detach(EniRemoval removal) implements OfRemoval {}

    /// How far the ENI is detached.
    record DescribeRemoval(EniRemoval removal) implements OfRemoval {}

    /// `DeleteNetworkInterface`.
    record Delete(EniRemoval removal) implements OfRemoval {}

    /// A step of [BlockAssignment].
    sealed interface OfBlocks extends PendingOperation {}

    /// What an earlier lost answer did, before more is assigned.
    record DescribeBeforeAssign(BlockGrowth growth) implements OfBlocks {}

    /// `AssignPrivateIpAddresses` or `AssignIpv6Addresses`.
    record Assign(BlockGrowth growth) implements OfBlocks {}

    /// What an assignment did whose answer was lost.
    record DescribeAfterAssign(BlockGrowth growth, Ec2Failure lost) implements OfBlocks {}

    /// `UnassignPrivateIpAddresses` or `UnassignIpv6Addresses`.
    record Unassign(BlockReturn step, Ec2Call.Unassign call) implements OfBlocks {}

    /// Which of the blocks EC2 still lists, after it refused to take them all.
    record DescribeAfterUnassign(BlockReturn step, Ec2Call.Unassign refused, Ec2Failure failure) implements OfBlocks {}

    /// A step of [EniReconciler].
    sealed interface OfReconciler extends PendingOperation {}

    /// All ENIs of the node, for everybody who wants to see them.
    record DescribeNode(List<NodeViewer> viewers) implements OfReconciler {
        public DescribeNode {
            viewers = List.copyOf(viewers);
        }
    }

    /// EC2's list of subnets, from time to time.
    record RefreshSubnets() implements OfReconciler {}

    /// Groups, tags or delete-on-termination of an attached ENI.
    ///
    /// @param what is corrected, for people
    record CorrectDrift(NodeEni eni, String what) implements OfReconciler {}

    /// A step of [LeakedEniCleanup].
    sealed interface OfCleanup extends PendingOperation {}

    /// This node's ENIs that are attached to nothing.
    record ListOwnUnattached() implements OfCleanup {}

    /// The cluster's ENIs that are attached to nothing.
    record ListClusterUnattached() implements OfCleanup {}

    /// Notes on another node's ENI when it was first seen unattached.
    record TagFirstSeen(EniId eni) implements OfCleanup {}

    /// Whether an ENI is attached whose creation an earlier ipamd process began.
    record DescribeResumed(ClientToken token, EniId eni) implements PendingOperation {}

    /// An ENI that is attached, and whose creation has not ended.
    ///
    /// @param token of the creation
    record AttachedAs(ClientToken token, EniId eni, AttachmentId attachmentId) {}

    /// The pool's request for more blocks on an ENI.
    record BlockGrowth(Effect.AssignBlocks request, NodeEni eni, Priority priority) {}

    /// The pool's request to give blocks back.
    ///
    /// @param next calls that follow
    /// @param begun whether EC2 has taken some of them already
    record BlockReturn(Effect.Unassign request, NodeEni eni, List<Ec2Call.Unassign> next, boolean begun) {
        public BlockReturn {
            next = List.copyOf(next);
        }
    }

    /// Who wants to see all ENIs of the node.
    sealed interface NodeViewer {
        /// The look of each minute.
        record RegularLook() implements NodeViewer {}

        /// The pool, before it gives something back.
        ///
        /// @param asked when the kernel was asked
        /// @param held addresses that sandboxes have, as the kernel says
        record Verification(Effect.Verify request, Instant asked, Set<InetAddress> held) implements NodeViewer {}
    }

    /// Numbers of the pool's requests that this call is made for, answered or not; empty when it serves none.
    default List<Long> requests() {
        return switch (this) {
            case Create(EniCreation creation, var _) -> List.of(creation.request.request());
            case Attach(EniCreation creation, var _) -> List.of(creation.request.request());
            case Locate(EniCreation creation, var _, var _) -> List.of(creation.request.request());
            case SetDeleteOnTermination(EniCreation creation, var _) -> List.of(creation.request.request());
            case OfRemoval removal -> List.copyOf(removal.removal().requests);
            case ListSubnetsForCreation(List<EniCreation> waiting) ->
                waiting.stream().map(creation -> creation.request.request()).toList();
            case DescribeBeforeAssign(BlockGrowth growth) ->
                List.of(growth.request().request());
            case Assign(BlockGrowth growth) -> List.of(growth.request().request());
            case DescribeAfterAssign(BlockGrowth growth, var _) ->
                List.of(growth.request().request());
            case Unassign(BlockReturn step, var _) -> List.of(step.request().request());
            case DescribeAfterUnassign(BlockReturn step, var _, var _) ->
                List.of(step.request().request());
            case DescribeNode(List<NodeViewer> viewers) ->
                viewers.stream()
                        .flatMap(viewer -> switch (viewer) {
                            case NodeViewer.Verification verification ->
                                Stream.of(verification.request().request());
                            case NodeViewer.RegularLook _ -> Stream.<Long>empty();
                        })
                        .toList();
            case RefreshSubnets _,
                    CorrectDrift _,
                    ListOwnUnattached _,
                    ListClusterUnattached _,
                    TagFirstSeen _,
                    DescribeResumed _ -> List.of();
        };
    }

    /// What it is, for people.
    default String text() {
        return switch (this) {
            case ListSubnetsForCreation _ -> "list subnets before an ENI is created";
            case Create _ -> "create an ENI";
            case Attach _ -> "attach a new ENI";
            case Locate _ -> "find out whether a new ENI is attached";
            case SetDeleteOnTermination _ -> "set delete-on-termination of a new ENI";
            case Detach _ -> "detach an ENI";
            case DescribeRemoval _ -> "find out how far an ENI is detached";
            case Delete _ -> "delete an ENI";
            case DescribeBeforeAssign _ -> "find out what an earlier assignment did whose answer was lost";
            case Assign _ -> "assign addresses or prefixes";
            case DescribeAfterAssign _ -> "find out what an assignment did whose answer was lost";
            case Unassign _ -> "unassign addresses or prefixes";
            case DescribeAfterUnassign _ -> "find out which addresses are left to unassign";
            case DescribeNode _ -> "describe this node's ENIs";
            case RefreshSubnets _ -> "list subnets";
            case CorrectDrift(var _, String what) -> "correct " + what;
            case ListOwnUnattached _ -> "list this node's ENIs that are attached to nothing";
            case ListClusterUnattached _ -> "list the cluster's ENIs that are attached to nothing";
            case TagFirstSeen _ -> "tag another node's ENI that is attached to nothing";
            case DescribeResumed _ -> "find out whether an ENI is attached that an earlier ipamd created";
        };
    }
}
