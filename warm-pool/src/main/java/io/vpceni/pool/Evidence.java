package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Set;

/// What EC2 and the kernel say about one ENI. Neither IMDS nor a count is evidence.
///
/// @param asked when the question went out: what happened since may not show
/// @param attached whether EC2 lists the ENI as attached to this node (`DescribeNetworkInterfaces`)
/// @param listed the secondary addresses and prefixes that EC2 lists on it
/// @param held addresses of any ENI that a sandbox has, as the kernel's links and routes tell it
public record Evidence(Instant asked, boolean attached, Set<Cidr> listed, Set<InetAddress> held) {
    public Evidence {
        listed = Set.copyOf(listed);
        held = Set.copyOf(held);
    }
}
