package io.vpceni.lab.bench;

import io.vpceni.lab.ec2.model.Ec2Delays;
import java.time.Duration;

/// The parameters of a burst.
///
/// @param pods that come at once, 1 to 256
/// @param attach from AttachNetworkInterface to `attached`
/// @param link from `attached` to the link's appearance in the node
public record BurstSizes(int pods, String instanceType, Duration attach, Duration link) {
    private static final Duration METADATA_LAG = Duration.ofMillis(300);

    /// 250 pods on a node with 15 ENIs of 50 addresses, an EC2 that takes 0.6 s to attach, links that take 5 s
    /// to come.
    public static BurstSizes usual() {
        return new BurstSizes(250, "m5.16xlarge", Duration.ofMillis(600), Duration.ofSeconds(5));
    }

    Ec2Delays delays() {
        return new Ec2Delays(Duration.ZERO, Duration.ZERO, attach, attach, METADATA_LAG, METADATA_LAG);
    }
}
