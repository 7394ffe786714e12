package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;

/// A sandbox whose link the kernel has.
///
/// @param key as the host end of the link carries it
/// @param address that it has, as the alias of its link tells it
public record KernelPod(AttachmentKey key, PodName pod, InetAddress address) {
    private static final String FOREIGN_NETWORK = "another-cni-plugin";

    /// Whether the key is one of [#foreignKey].
    public static boolean isForeign(AttachmentKey key) {
        return key.network().equals(FOREIGN_NETWORK);
    }

    /// The key under which the pool keeps an address that a pod of another CNI plugin has, or that no key tells
    /// of. No runtime sends it. Views of the kernel use it too, so that the pool sees when the pod has gone.
    public static AttachmentKey foreignKey(InetAddress address) {
        return new AttachmentKey(FOREIGN_NETWORK, address.getHostAddress(), "-");
    }
}
