package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// The instance metadata service: what EC2 knew minutes ago. The product asks it for no address; what it would say
/// feeds the sabotages.
final class SimImds {
    private static final Duration LAG = Duration.ofMinutes(3);

    private final World world;

    SimImds(World world) {
        this.world = world;
    }

    Map<EniId, Set<Cidr>> view() {
        return world.ec2().viewAsOf(world.now().minus(LAG));
    }
}
