package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.DeviceSlot;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// One call to EC2. Each may fail with [Ec2Failure].
///
/// @param <A> what it answers
public sealed interface Ec2Call<A extends Ec2Answer> {
    /// What EC2 answers to it.
    Class<A> answerType();

    /// The EC2 action that it is.
    default Ec2Action action() {
        return switch (this) {
            case LimitsOf _ -> Ec2Action.DESCRIBE_INSTANCE_TYPES;
            case EnisOf _, OneEni _, UnattachedOf _, LeftOverIn _ -> Ec2Action.DESCRIBE_NETWORK_INTERFACES;
            case SubnetsOf _ -> Ec2Action.DESCRIBE_SUBNETS;
            case Create _ -> Ec2Action.CREATE_NETWORK_INTERFACE;
            case Attach _ -> Ec2Action.ATTACH_NETWORK_INTERFACE;
            case DeleteOnTermination _, SetGroups _ -> Ec2Action.MODIFY_NETWORK_INTERFACE_ATTRIBUTE;
            case Tag _ -> Ec2Action.CREATE_TAGS;
            case Detach _ -> Ec2Action.DETACH_NETWORK_INTERFACE;
            case Delete _ -> Ec2Action.DELETE_NETWORK_INTERFACE;
            case Assign(var _, BlockKind kind, var _) ->
                kind == BlockKind.IPV6_PREFIX ? Ec2Action.ASSIGN_IPV6_ADDRESSES : Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES;
            case Unassign(var _, BlockKind kind, var _) ->
                kind == BlockKind.IPV6_PREFIX
                        ? Ec2Action.UNASSIGN_IPV6_ADDRESSES
                        : Ec2Action.UNASSIGN_PRIVATE_IP_ADDRESSES;
        };
    }

    /// Whom or what it is about, for messages.
    default String subject() {
        return switch (this) {
            case LimitsOf(String instanceType) -> instanceType;
            case EnisOf(InstanceId instanceId) -> instanceId.value();
            case OneEni(EniId eni) -> eni.value();
            case UnattachedOf(InstanceId instanceId) -> instanceId.value();
            case LeftOverIn(var _, ClusterName cluster) -> cluster.value();
            case SubnetsOf(VpcId vpcId, String zone) -> vpcId + " in " + zone;
            case Create(EniRequest request, var _) -> "an ENI in " + request.subnetId();
            case Attach attach ->
                attach.eni() + " to " + attach.instanceId() + " as device "
                        + attach.slot().deviceIndex();
            case DeleteOnTermination(EniId eni, var _) -> eni.value();
            case SetGroups(EniId eni, var _) -> eni.value();
            case Tag(EniId eni, var _) -> eni.value();
            case Detach(EniId eni, AttachmentId attachmentId) -> eni + " (" + attachmentId + ")";
            case Delete(EniId eni) -> eni.value();
            case Assign(EniId eni, var _, var _) -> eni.value();
            case Unassign(EniId eni, var _, var _) -> eni.value();
        };
    }

    /// Lists ENIs.
    sealed interface Listing extends Ec2Call<Ec2Answer.Enis> {
        @Override
        default Class<Ec2Answer.Enis> answerType() {
            return Ec2Answer.Enis.class;
        }
    }

    /// Changes something that is there.
    sealed interface Change extends Ec2Call<Ec2Answer.Done> {
        @Override
        default Class<Ec2Answer.Done> answerType() {
            return Ec2Answer.Done.class;
        }
    }

    /// What a type of instance allows. Answers [Ec2Answer.Limits].
    ///
    /// @param instanceType as in `m5.large`
    record LimitsOf(String instanceType) implements Ec2Call<Ec2Answer.Limits> {
        @Override
        public Class<Ec2Answer.Limits> answerType() {
            return Ec2Answer.Limits.class;
        }
    }

    /// The ENIs that are attached, or on the way to be, to this instance; all pages, ordered by network card,
    /// then by device index. Answers [Ec2Answer.Enis].
    record EnisOf(InstanceId instanceId) implements Listing {}

    /// One ENI as it is now. Answers [Ec2Answer.Enis] with that one; kind `NOT_FOUND` when EC2 does not know it
    /// (yet).
    record OneEni(EniId eni) implements Listing {}

    /// The ENIs that carry this instance's tag ([EniLabels]) and are attached to nothing; all pages. Answers
    /// [Ec2Answer.Enis].
    record UnattachedOf(InstanceId instanceId) implements Listing {}

    /// The ENIs of any node of a cluster that are attached to nothing: status `available`, a tag
    /// `node.k8s.amazonaws.com/instance_id` of any value, the cluster's name tag; all pages.
    /// Answers [Ec2Answer.Enis].
    record LeftOverIn(VpcId vpcId, ClusterName clusterName) implements Listing {}

    /// The subnets of a VPC in one availability zone; all pages. Answers [Ec2Answer.Subnets].
    ///
    /// @param zone as in `eu-west-1a`
    record SubnetsOf(VpcId vpcId, String zone) implements Ec2Call<Ec2Answer.Subnets> {
        @Override
        public Class<Ec2Answer.Subnets> answerType() {
            return Ec2Answer.Subnets.class;
        }
    }

    /// Makes an ENI with its blocks and tags. Answers [Ec2Answer.Created]. The same token again gives the same.
    record Create(EniRequest request, ClientToken clientToken) implements Ec2Call<Ec2Answer.Created> {
        @Override
        public Class<Ec2Answer.Created> answerType() {
            return Ec2Answer.Created.class;
        }
    }

    /// Attaches an ENI to an instance. Answers [Ec2Answer.AttachedAs] before the device is there.
    ///
    /// @param slot not the primary ENI's, and free
    record Attach(EniId eni, InstanceId instanceId, DeviceSlot slot) implements Ec2Call<Ec2Answer.AttachedAs> {
        @Override
        public Class<Ec2Answer.AttachedAs> answerType() {
            return Ec2Answer.AttachedAs.class;
        }
    }

    /// Lets an attached ENI go with its instance. Answers [Ec2Answer.Done].
    record DeleteOnTermination(EniId eni, AttachmentId attachmentId) implements Change {}

    /// Replaces an ENI's security groups. Answers [Ec2Answer.Done].
    ///
    /// @param groups ids; 1 or more
    record SetGroups(EniId eni, List<String> groups) implements Change {
        public SetGroups {
            groups = List.copyOf(groups);
        }
    }

    /// Adds tags to an ENI or replaces their values. Answers [Ec2Answer.Done].
    ///
    /// @param tags key to value; 1 or more
    record Tag(EniId eni, SequencedMap<String, String> tags) implements Change {
        public Tag {
            tags = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tags));
        }
    }

    /// Starts to detach an ENI. Answers [Ec2Answer.Done], also when it is gone already.
    record Detach(EniId eni, AttachmentId attachmentId) implements Change {}

    /// Deletes an ENI that is not attached. Answers [Ec2Answer.Done], also when it is gone already.
    record Delete(EniId eni) implements Change {}

    /// Asks for more secondary addresses or prefixes, of EC2's choice. Answers [Ec2Answer.Assigned]. Kind
    /// `NO_CONTIGUOUS_PREFIX` when the subnet has addresses, but no free aligned block.
    ///
    /// @param count 1 or more
    record Assign(EniId eni, BlockKind kind, int count) implements Ec2Call<Ec2Answer.Assigned> {
        @Override
        public Class<Ec2Answer.Assigned> answerType() {
            return Ec2Answer.Assigned.class;
        }
    }

    /// Gives blocks back: all or none. Answers [Ec2Answer.Done]; kind `INVALID` when the ENI does not have one
    /// of them.
    ///
    /// @param blocks 1 or more, all of that kind
    record Unassign(EniId eni, BlockKind kind, List<Cidr> blocks) implements Change {
        public Unassign {
            blocks = List.copyOf(blocks);
        }
    }
}
