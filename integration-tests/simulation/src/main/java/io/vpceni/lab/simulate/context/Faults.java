package io.vpceni.lab.simulate.context;

/// Whether a fault occurs: drawn from the world's choices, as often as its parameters say, never while the
/// world is quiescent.
public final class Faults {
    private final Choices choices;
    private final WorldParameters parameters;
    private final Coverage coverage;
    private boolean quiescent;

    public Faults(Choices choices, WorldParameters parameters, Coverage coverage) {
        this.choices = choices;
        this.parameters = parameters;
        this.coverage = coverage;
    }

    public boolean isQuiescent() {
        return quiescent;
    }

    public void quiescent(boolean isQuiescent) {
        quiescent = isQuiescent;
    }

    /// Whether the fault occurs now. Counts it.
    public boolean occurs(SimulatedFault fault) {
        if (quiescent || !choices.oneIn(parameters.rate(fault))) {
            return false;
        }
        coverage.fault(fault);
        return true;
    }

    /// Does something if the fault occurs now.
    public void on(SimulatedFault fault, Runnable then) {
        if (occurs(fault)) {
            then.run();
        }
    }
}
