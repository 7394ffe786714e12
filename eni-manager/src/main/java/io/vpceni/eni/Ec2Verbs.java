package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.util.List;

/// The verbs of [Ec2], for what asks one thing after the other. Every call blocks. Thread-safe.
public final class Ec2Verbs {

    private final Ec2 ec2;

    public Ec2Verbs(Ec2 ec2) {
        this.ec2 = ec2;
    }

    /// What a type of instance allows on each network card (`DescribeInstanceTypes`).
    ///
    /// @param instanceType as in `m5.large`
    public NodeLimits limits(String instanceType) throws Ec2Failure {
        return ((Ec2Answer.Limits) ec2.perform(new Ec2Call.LimitsOf(instanceType))).limits();
    }

    /// The ENIs that are attached, or on the way to be, to this instance; all pages (`DescribeNetworkInterfaces`).
    /// Ordered by network card, then by device index.
    ///
    /// @param instanceId as in `i-0a1b2c3d4e5f60718`
    public List<Ec2Eni> enisOf(String instanceId) throws Ec2Failure {
        return enis(new Ec2Call.EnisOf(instanceId));
    }

    /// One ENI as it is now (`DescribeNetworkInterfaces`).
    ///
    /// @throws Ec2Failure of kind `NOT_FOUND` when EC2 does not know it (yet)
    public Ec2Eni eni(EniId id) throws Ec2Failure {
        return enis(new Ec2Call.OneEni(id)).getFirst();
    }

    /// Makes an ENI with its addresses and tags (`CreateNetworkInterface`). The same token again gives the same ENI
    /// again.
    ///
    /// @param clientToken 1 to 64 ASCII characters, new for every ENI that is wanted
    public Ec2Eni create(EniRequest request, String clientToken) throws Ec2Failure {
        return ((Ec2Answer.Created) ec2.perform(new Ec2Call.Create(request, clientToken))).eni();
    }

    /// Ties an ENI to an instance, with delete-on-termination set: `AttachNetworkInterface`, then
    /// `ModifyNetworkInterfaceAttribute`, since EC2 has no one call for both. Returns before the device is there.
    ///
    /// When the second call fails the ENI is attached without delete-on-termination: detach it.
    ///
    /// @param deviceIndex 1 or more, free on that card
    /// @return EC2's name of the tie, as in `eni-attach-0a1b2c3d`
    public String attach(EniId id, String instanceId, int networkCard, int deviceIndex) throws Ec2Failure {
        Ec2Call attach = new Ec2Call.Attach(id, instanceId, networkCard, deviceIndex);
        String tie = ((Ec2Answer.AttachedAs) ec2.perform(attach)).attachmentId();
        Ec2Answer _ = ec2.perform(new Ec2Call.DeleteOnTermination(id, tie));
        return tie;
    }

    /// Starts to untie an ENI (`DetachNetworkInterface`). Gone already: fine.
    public void detach(EniId id, String attachmentId) throws Ec2Failure {
        Ec2Answer _ = ec2.perform(new Ec2Call.Detach(id, attachmentId));
    }

    /// Deletes an ENI that is not attached (`DeleteNetworkInterface`). Gone already: fine.
    public void delete(EniId id) throws Ec2Failure {
        Ec2Answer _ = ec2.perform(new Ec2Call.Delete(id));
    }

    /// The ENIs that carry this instance's tag ([EniLabels]) and are attached to nothing; all pages
    /// (`DescribeNetworkInterfaces`).
    ///
    /// @param instanceId as in `i-0a1b2c3d4e5f60718`
    public List<Ec2Eni> unattachedOf(String instanceId) throws Ec2Failure {
        return enis(new Ec2Call.UnattachedOf(instanceId));
    }

    /// Asks for more secondary addresses or prefixes, of EC2's choice (`AssignPrivateIpAddresses`,
    /// `AssignIpv6Addresses`).
    ///
    /// @param count 1 or more
    /// @return what EC2 answered: the new blocks, though some imitations of EC2 list those that were there too
    /// @throws Ec2Failure of kind `NO_CONTIGUOUS_PREFIX` when the subnet has addresses, but no free aligned block
    public List<Cidr> assign(EniId id, BlockKind kind, int count) throws Ec2Failure {
        return ((Ec2Answer.Assigned) ec2.perform(new Ec2Call.Assign(id, kind, count))).blocks();
    }

    /// Gives blocks back (`UnassignPrivateIpAddresses`, `UnassignIpv6Addresses`): all or none.
    ///
    /// @param blocks 1 or more, all of that kind
    /// @throws Ec2Failure of kind `INVALID` when the ENI does not have one of them
    public void unassign(EniId id, BlockKind kind, List<Cidr> blocks) throws Ec2Failure {
        Ec2Answer _ = ec2.perform(new Ec2Call.Unassign(id, kind, blocks));
    }

    private List<Ec2Eni> enis(Ec2Call call) throws Ec2Failure {
        return ((Ec2Answer.Enis) ec2.perform(call)).enis();
    }
}
