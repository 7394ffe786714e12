package io.vpceni.lab.site;

import io.vpceni.lab.node.PodSandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/// A pod of the lab: its sandbox, its node, and the echo server in it.
///
/// @param eniId the ENI that owns its address, as EC2 shows it
/// @param deviceIndex of that ENI; 0 for the node's primary one
public record SitePod(SiteNode node, PodSandbox sandbox, String eniId, int deviceIndex, EchoServer echoServer) {
    public String name() {
        return sandbox.podName();
    }

    public InetAddress address() {
        return sandbox.address();
    }

    /// The source address that the echo server at the address sees for a request of this pod.
    public InetAddress ask(InetAddress address, Duration max) throws IOException {
        return EchoServer.ask(sandbox.namespace(), address, max);
    }
}
