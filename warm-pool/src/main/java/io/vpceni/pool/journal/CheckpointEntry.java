package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import java.time.Instant;

/// One allocation in a checkpoint of the AWS VPC CNI.
///
/// @param at when the pod got the address
public record CheckpointEntry(AttachmentKey key, PodName pod, InetAddress address, Instant at) {
    /// The only version of the file that there is.
    public static final String FORMAT = "vpc-cni-ipam/1";

    /// What the AWS VPC CNI calls its network in its conflist, and so in every key.
    public static final String AWS_NETWORK = "aws-cni";

    /// Whether a life of ipamd that could read it came after it: what became of it is in the journal then.
    public boolean isSupersededBy(JournalState journal) {
        return journal.trust() == JournalState.Trust.WHOLE
                && journal.latest().filter(latest -> !latest.isBefore(at)).isPresent();
    }
}
