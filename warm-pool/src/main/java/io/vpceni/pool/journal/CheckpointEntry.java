package io.vpceni.pool.journal;

import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.PodName;
import java.net.InetAddress;
import java.time.Instant;

/// One allocation in a checkpoint of the AWS VPC CNI.
///
/// @param at when the pod got the address
public record CheckpointEntry(AttachmentKey key, PodName pod, InetAddress address, Instant at) {}
