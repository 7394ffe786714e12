package io.vpceni.lab.chaos;

import io.vpceni.lab.ec2.fault.Rule;
import java.util.List;

/// What goes wrong for a while.
record FaultScenario(String name, List<Rule> rules) {
    FaultScenario {
        rules = List.copyOf(rules);
    }
}
