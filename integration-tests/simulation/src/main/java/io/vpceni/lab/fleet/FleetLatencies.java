package io.vpceni.lab.fleet;

import io.vpceni.eni.Ec2Action;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long EC2 takes. Creating and attaching an ENI takes "up to 10 seconds" (EKS best practices), of which the
/// attach call has 0.6 to 2 and its link most of the rest.
final class FleetLatencies {

    private final RandomGenerator random;

    FleetLatencies(RandomGenerator random) {
        this.random = random;
    }

    Duration of(String action) {
        if (action.startsWith("Describe")) {
            return between(50, 200);
        }
        if (action.equals(Ec2Action.CREATE_NETWORK_INTERFACE.apiName())) {
            return between(300, 800);
        }
        if (action.equals(Ec2Action.ATTACH_NETWORK_INTERFACE.apiName())) {
            return between(600, 2_000);
        }
        return between(150, 500);
    }

    /// A throttled request is answered at once.
    Duration refusal() {
        return between(10, 40);
    }

    /// From the answer of the attach call until the link is there and set up.
    Duration link() {
        return between(1_000, 5_000);
    }

    Duration imds() {
        return between(2, 20);
    }

    private Duration between(int fromMillis, int toMillis) {
        return Duration.ofMillis(random.nextInt(fromMillis, toMillis));
    }
}
