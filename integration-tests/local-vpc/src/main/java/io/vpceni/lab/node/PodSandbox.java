package io.vpceni.lab.node;

import io.vpceni.lab.machine.Namespace;
import java.net.InetAddress;
import java.time.Duration;

/// A pod as its runtime sees it after ADD.
///
/// @param address of the first `ips` entry of the result
/// @param added from exec to exit of the plugin
/// @param result the plugin's own words
public record PodSandbox(
        String podNamespace,
        String podName,
        String containerId,
        Namespace namespace,
        InetAddress address,
        Duration added,
        String result) {}
