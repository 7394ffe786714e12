package io.vpceni.lab.ec2;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// EC2's state at one moment, without lag, filters or pages, for comparisons with other records.
///
/// @param enis in the order of their ids, those without attachment too
/// @param instances those that EC2 still describes, terminated ones included
public record GroundTruth(Instant at, List<EniState> enis, List<Machine> instances, List<Net> subnets) {
    public GroundTruth {
        enis = List.copyOf(enis);
        instances = List.copyOf(instances);
        subnets = List.copyOf(subnets);
    }

    /// An ENI.
    ///
    /// @param status `available` or `in-use`
    /// @param addresses its own, the primary one first, IPv6 ones last
    /// @param prefixes such as `10.0.0.16/28`, IPv6 ones last
    public record EniState(
            String id,
            String subnetId,
            String macAddress,
            String description,
            String interfaceType,
            String status,
            List<InetAddress> addresses,
            List<String> prefixes,
            List<String> groupIds,
            SortedMap<String, String> tags,
            Optional<AttachmentView> attachment) {
        public EniState {
            addresses = List.copyOf(addresses);
            prefixes = List.copyOf(prefixes);
            groupIds = List.copyOf(groupIds);
        }
    }

    /// An attachment.
    ///
    /// @param status `attaching`, `attached` or `detaching`
    public record AttachmentView(
            String attachmentId,
            String instanceId,
            int networkCard,
            int deviceIndex,
            String status,
            boolean deleteOnTermination) {}

    /// An instance.
    ///
    /// @param name its tag `Name`, empty for none
    public record Machine(String id, String name, String type, String subnetId, String state) {}

    /// A subnet.
    ///
    /// @param freePrefixes aligned blocks of 16 addresses that are still whole
    public record Net(String id, String block, String zone, int freeAddresses, int freePrefixes) {}

    /// The ENIs that have an attachment to the instance, whatever its status.
    public List<EniState> enisOf(String instanceId) {
        return enis.stream()
                .filter(eni -> eni.attachment()
                        .filter(attachment -> attachment.instanceId().equals(instanceId))
                        .isPresent())
                .toList();
    }
}
