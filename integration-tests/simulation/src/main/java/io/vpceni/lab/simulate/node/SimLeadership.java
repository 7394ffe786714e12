package io.vpceni.lab.simulate.node;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;

/// Which node of the cluster cleans up what vanished nodes left. It may have changed each time that it is asked and
/// with each answer of a clean-up; so it is lost in the midst of one and gained before the next.
public final class SimLeadership implements Leadership {
    private final RunContext run;
    private Role role = Role.NONE_ELECTED;

    public SimLeadership(RunContext run) {
        this.run = run;
    }

    @Override
    public Role role() {
        change();
        return role;
    }

    /// Perhaps another node is elected now. The product hears of it when it asks.
    void change() {
        if (run.occurs(SimulatedFault.LEADERSHIP_CHANGED)) {
            role = run.choices().oneOf(Role.values());
            run.note("the node's part in the clean-up is " + role);
        }
    }

    /// The product lists or changes what vanished nodes left: not as a follower.
    void cleansUp(Ec2Call<?> call) {
        if (role == Role.FOLLOWER) {
            throw new Violation(Invariant.ONLY_OURS, "another node cleans up, and this one calls " + call);
        }
    }
}
