package io.vpceni.network;

import io.vpceni.config.AttachmentKey;
import java.net.InetAddress;

/// What the ADD of a sandbox has made, as its result says.
///
/// @param defaultRoute whether packets of the pod leave by this interface
public record PodExpectation(AttachmentKey key, InetAddress address, boolean defaultRoute) {
    PodIdentity identity() {
        return new PodIdentity(key);
    }
}
