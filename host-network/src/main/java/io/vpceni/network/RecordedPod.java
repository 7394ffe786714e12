package io.vpceni.network;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;

/// A recorded sandbox, which may or may not exist in the kernel.
///
/// @param key CNI's
/// @param pod may be unknown
/// @param address the address that was assigned to it
public record RecordedPod(AttachmentKey key, PodName pod, InetAddress address) {

    public RecordedPod {
        PodIdentity.check(key);
    }

    PodIdentity identity() {
        return new PodIdentity(key);
    }

    /// The alias that its link has or would have.
    PodIdentity.Alias asAlias() {
        return new PodIdentity.Alias(identity(), address, pod);
    }
}
