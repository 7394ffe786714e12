package io.vpceni.lab.chaos;

import io.vpceni.lab.ec2.fault.FaultRule;
import java.util.List;

/// A fault scenario with its duration.
record FaultScenario(String name, List<FaultRule> rules) {
    FaultScenario {
        rules = List.copyOf(rules);
    }
}
