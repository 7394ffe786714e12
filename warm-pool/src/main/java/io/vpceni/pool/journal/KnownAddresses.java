package io.vpceni.pool.journal;

import io.vpceni.config.Cidr;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which addresses that the kernel names at a start belong to this node. An address is not left out only because EC2
/// does not list it: EC2's view may be older than the address, and a pod of another CNI plugin is known only by its
/// route and the journal.
public final class KnownAddresses {

    private final Collection<Set<Cidr>> listed;
    private final Set<InetAddress> given = new HashSet<>();

    /// @param ec2 blocks by ENI, as EC2 lists them
    /// @param checkpoint of the AWS VPC CNI
    public KnownAddresses(Map<EniId, Set<Cidr>> ec2, JournalState journal, Collection<CheckpointEntry> checkpoint) {
        this.listed = ec2.values();
        journal.assignments().forEach(entry -> given.add(entry.assignment().address()));
        checkpoint.forEach(entry -> given.add(entry.address()));
    }

    /// Those of them that EC2 lists, or that the journal or the checkpoint gave to somebody.
    public Set<InetAddress> among(Collection<InetAddress> named) {
        return named.stream()
                .filter(address -> given.contains(address)
                        || listed.stream().flatMap(Set::stream).anyMatch(block -> block.contains(address)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
