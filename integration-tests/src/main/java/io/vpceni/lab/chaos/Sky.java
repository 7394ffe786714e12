package io.vpceni.lab.chaos;

import io.vpceni.lab.ec2.fault.Rule;
import java.util.List;

/// What goes wrong for a while.
record Sky(String name, List<Rule> rules) {
    Sky {
        rules = List.copyOf(rules);
    }
}
