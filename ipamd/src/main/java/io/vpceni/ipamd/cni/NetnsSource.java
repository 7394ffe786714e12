package io.vpceni.ipamd.cni;

import io.vpceni.netlink.NetnsFd;
import java.time.Duration;
import java.util.Optional;

/// Descriptors of sandboxes' network namespaces, as the plugin sends them.
@FunctionalInterface
public interface NetnsSource {
    /// The descriptor that was or is sent with this nonce; the caller closes it.
    ///
    /// @return empty when none came in time
    Optional<NetnsFd> claim(byte[] nonce, Duration wait) throws InterruptedException;
}
