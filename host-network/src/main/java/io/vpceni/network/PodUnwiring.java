package io.vpceni.network;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.Inet4Address;
import java.net.InetAddress;

/// One sandbox to unwire.
///
/// @param key CNI's, as it was wired with
/// @param pod as it was wired with; may be unknown
/// @param address the address that it was wired with
public record PodUnwiring(AttachmentKey key, PodName pod, InetAddress address) {

    public PodUnwiring {
        PodIdentity.check(key);
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not an IPv4 address; pods have IPv4 addresses only");
        }
    }

    PodIdentity identity() {
        return new PodIdentity(key);
    }
}
