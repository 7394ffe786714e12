package io.vpceni.ipamd.cni;

import java.io.IOException;

/// Thrown when another process serves the socket: two ipamds would give one address to two pods.
final class AnotherIpamd extends IOException {
    private static final long serialVersionUID = 1L;

    AnotherIpamd(String message) {
        super(message);
    }
}
