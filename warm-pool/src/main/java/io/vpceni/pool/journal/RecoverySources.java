package io.vpceni.pool.journal;

import io.vpceni.config.Cidr;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known at start, by who says it.
///
/// @param kernel the sandboxes of ours
/// @param ec2 by attached ENI, its secondary addresses and prefixes
/// @param primary the primary ENI; stands for the ENI of an address that EC2 lists on none
/// @param foreign addresses of this node that a host route leads to over a link that is not ours, and that link's name
/// @param adopted the checkpoint of the AWS VPC CNI, which may be older or newer than the journal
public record RecoverySources(
        JournalState journal,
        List<KernelPod> kernel,
        Map<EniId, Set<Cidr>> ec2,
        EniId primary,
        Map<InetAddress, String> foreign,
        List<CheckpointEntry> adopted) {
    public RecoverySources {
        kernel = List.copyOf(kernel);
        ec2 = Map.copyOf(ec2);
        foreign = Map.copyOf(foreign);
        adopted = List.copyOf(adopted);
    }
}
