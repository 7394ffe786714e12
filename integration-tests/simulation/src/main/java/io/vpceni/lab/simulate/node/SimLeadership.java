package io.vpceni.lab.simulate.node;

import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;

/// Which node of the cluster cleans up what vanished nodes left. It may have changed each time that it is asked, which
/// is before each clean-up; so it is lost in the midst of one and gained before the next.
public final class SimLeadership implements Leadership {
    private final RunContext run;
    private Role role = Role.NONE_ELECTED;

    public SimLeadership(RunContext run) {
        this.run = run;
    }

    @Override
    public Role role() {
        if (run.occurs(SimulatedFault.LEADERSHIP_CHANGED)) {
            role = run.choices().oneOf(Role.values());
            run.note("the node's part in the clean-up is " + role);
        }
        return role;
    }

    /// The product lists what vanished nodes left: not as a follower, by what it was told last.
    void listed() {
        if (role == Role.FOLLOWER) {
            throw new Violation(Invariant.ONLY_OURS, "another node cleans up, and this one lists what is left over");
        }
    }
}
