package io.vpceni.ipamd.cni;

import io.vpceni.config.AttachmentKey;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;

/// The sandboxes that the kernel shows: a sandbox is there while its link is there.
public interface LiveSandboxes {
    /// @return by address, whose it is
    Map<InetAddress, AttachmentKey> live() throws IOException;
}
