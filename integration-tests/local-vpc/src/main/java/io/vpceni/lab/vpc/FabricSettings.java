package io.vpceni.lab.vpc;

import io.vpceni.config.Cidr;
import java.time.Duration;
import java.util.List;

/// What a [LocalVpc] is built with.
///
/// @param vpcCidrs all address blocks of the VPC
/// @param linkDelay from `attached` in EC2 until the link appears in the node
public record FabricSettings(List<Cidr> vpcCidrs, Duration linkDelay) {
    public FabricSettings {
        vpcCidrs = List.copyOf(vpcCidrs);
    }

    /// The link appears some hundred milliseconds after the attachment, as on EC2.
    public static FabricSettings realistic(List<Cidr> vpcCidrs) {
        return new FabricSettings(vpcCidrs, Duration.ofMillis(300));
    }
}
