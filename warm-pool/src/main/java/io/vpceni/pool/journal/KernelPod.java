package io.vpceni.pool.journal;

import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.PodName;
import java.net.InetAddress;
import java.util.List;

/// A sandbox whose link the kernel has.
///
/// @param key as the host end of the link carries it
/// @param addresses that are routed to it; empty when it is only half wired
public record KernelPod(AttachmentKey key, PodName pod, List<InetAddress> addresses) {
    public KernelPod {
        addresses = List.copyOf(addresses);
    }

    /// The key under which the pool keeps an address that a pod of another CNI plugin has, or that no key tells
    /// of. No runtime sends it. A look at the kernel uses it too, so that the pool sees when the pod has gone.
    public static AttachmentKey foreignKey(InetAddress address) {
        return new AttachmentKey("another-cni-plugin", address.getHostAddress(), "-");
    }
}
