package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// One call to EC2. What it answers is said at each; each may fail with [Ec2Failure].
public sealed interface Ec2Call {

    /// The EC2 action that it is.
    Ec2Action action();

    /// Whom or what it is about, for messages.
    String subject();

    /// What a type of instance allows. Answers [Ec2Answer.Limits].
    ///
    /// @param instanceType as in `m5.large`
    record LimitsOf(String instanceType) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DESCRIBE_INSTANCE_TYPES;
        }

        @Override
        public String subject() {
            return instanceType;
        }
    }

    /// The ENIs that are attached, or on the way to be, to this instance; all pages, ordered by network card, then by
    /// device index. Answers [Ec2Answer.Enis].
    ///
    /// @param instanceId as in `i-0a1b2c3d4e5f60718`
    record EnisOf(String instanceId) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DESCRIBE_NETWORK_INTERFACES;
        }

        @Override
        public String subject() {
            return instanceId;
        }
    }

    /// One ENI as it is now. Answers [Ec2Answer.Enis] with that one; kind `NOT_FOUND` when EC2 does not know it (yet).
    record OneEni(EniId eni) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DESCRIBE_NETWORK_INTERFACES;
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }

    /// The ENIs that carry this instance's tag ([EniLabels]) and are attached to nothing; all pages. Answers
    /// [Ec2Answer.Enis].
    ///
    /// @param instanceId as in `i-0a1b2c3d4e5f60718`
    record UnattachedOf(String instanceId) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DESCRIBE_NETWORK_INTERFACES;
        }

        @Override
        public String subject() {
            return instanceId;
        }
    }

    /// The ENIs of any node of a cluster that are attached to nothing: status `available`, a tag
    /// `node.k8s.amazonaws.com/instance_id` of any value, the cluster's name tag; all pages.
    /// Answers [Ec2Answer.Enis].
    ///
    /// @param vpcId as in `vpc-0a1b2c3d4e5f60718`
    /// @param clusterName not empty
    record LeftOverIn(String vpcId, String clusterName) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DESCRIBE_NETWORK_INTERFACES;
        }

        @Override
        public String subject() {
            return clusterName;
        }
    }

    /// The subnets of a VPC in one availability zone; all pages. Answers [Ec2Answer.Subnets].
    ///
    /// @param zone as in `eu-west-1a`
    record SubnetsOf(String vpcId, String zone) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DESCRIBE_SUBNETS;
        }

        @Override
        public String subject() {
            return vpcId + " in " + zone;
        }
    }

    /// Makes an ENI with its blocks and tags. Answers [Ec2Answer.Created]. The same token again gives the same.
    /// @param clientToken 1 to 64 ASCII characters, new for every ENI that is wanted
    record Create(EniRequest request, String clientToken) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.CREATE_NETWORK_INTERFACE;
        }

        @Override
        public String subject() {
            return "an ENI in " + request.subnetId();
        }
    }

    /// Ties an ENI to an instance. Answers [Ec2Answer.AttachedAs] before the device is there.
    ///
    /// @param deviceIndex 1 or more, free on that card
    record Attach(EniId eni, String instanceId, int networkCard, int deviceIndex) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.ATTACH_NETWORK_INTERFACE;
        }

        @Override
        public String subject() {
            return eni + " to " + instanceId + " as device " + deviceIndex;
        }
    }

    /// Lets an attached ENI go with its instance. Answers [Ec2Answer.Done].
    record DeleteOnTermination(EniId eni, String attachmentId) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.MODIFY_NETWORK_INTERFACE_ATTRIBUTE;
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }

    /// Replaces an ENI's security groups. Answers [Ec2Answer.Done].
    ///
    /// @param groups ids; 1 or more
    record SetGroups(EniId eni, List<String> groups) implements Ec2Call {
        public SetGroups {
            groups = List.copyOf(groups);
        }

        @Override
        public Ec2Action action() {
            return Ec2Action.MODIFY_NETWORK_INTERFACE_ATTRIBUTE;
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }

    /// Adds tags to an ENI or replaces their values. Answers [Ec2Answer.Done].
    ///
    /// @param tags key to value; 1 or more
    record Tag(EniId eni, SequencedMap<String, String> tags) implements Ec2Call {
        public Tag {
            tags = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tags));
        }

        @Override
        public Ec2Action action() {
            return Ec2Action.CREATE_TAGS;
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }

    /// Starts to untie an ENI. Answers [Ec2Answer.Done]; gone already: fine.
    record Detach(EniId eni, String attachmentId) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DETACH_NETWORK_INTERFACE;
        }

        @Override
        public String subject() {
            return eni + " (" + attachmentId + ")";
        }
    }

    /// Deletes an ENI that is not attached. Answers [Ec2Answer.Done]; gone already: fine.
    record Delete(EniId eni) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return Ec2Action.DELETE_NETWORK_INTERFACE;
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }

    /// Asks for more secondary addresses or prefixes, of EC2's choice. Answers [Ec2Answer.Assigned]. Kind
    /// `NO_CONTIGUOUS_PREFIX` when the subnet has addresses, but no free aligned block.
    ///
    /// @param count 1 or more
    record Assign(EniId eni, BlockKind kind, int count) implements Ec2Call {
        @Override
        public Ec2Action action() {
            return switch (kind) {
                case ADDRESS, PREFIX -> Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES;
                case IPV6_PREFIX -> Ec2Action.ASSIGN_IPV6_ADDRESSES;
            };
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }

    /// Gives blocks back: all or none. Answers [Ec2Answer.Done]; kind `INVALID` when the ENI does not have one of them.
    ///
    /// @param blocks 1 or more, all of that kind
    record Unassign(EniId eni, BlockKind kind, List<Cidr> blocks) implements Ec2Call {
        public Unassign {
            blocks = List.copyOf(blocks);
        }

        @Override
        public Ec2Action action() {
            return switch (kind) {
                case ADDRESS, PREFIX -> Ec2Action.UNASSIGN_PRIVATE_IP_ADDRESSES;
                case IPV6_PREFIX -> Ec2Action.UNASSIGN_IPV6_ADDRESSES;
            };
        }

        @Override
        public String subject() {
            return eni.value();
        }
    }
}
