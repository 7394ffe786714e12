package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;

/// An address that a sandbox has.
///
/// @param eni the ENI whose address it is
public record Assignment(AttachmentKey key, PodName pod, InetAddress address, EniId eni) {}
