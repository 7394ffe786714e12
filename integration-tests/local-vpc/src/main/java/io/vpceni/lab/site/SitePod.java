package io.vpceni.lab.site;

import io.vpceni.lab.node.PodSandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/// A pod of the lab: its sandbox, where it runs, and the greeter in it.
///
/// @param eniId the ENI that owns its address, by EC2's books
/// @param deviceIndex of that ENI; 0 for the node's primary one
public record SitePod(SiteNode node, PodSandbox sandbox, String eniId, int deviceIndex, EchoServer greeter) {
    public String name() {
        return sandbox.podName();
    }

    public InetAddress address() {
        return sandbox.address();
    }

    /// Whom the greeter at the address sees when this pod asks.
    public InetAddress ask(InetAddress address, Duration max) throws IOException {
        return EchoServer.ask(sandbox.namespace(), address, max);
    }
}
