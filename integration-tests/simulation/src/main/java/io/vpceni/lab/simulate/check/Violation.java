package io.vpceni.lab.simulate.check;

/// An invariant is broken.
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Invariant invariant;

    public Violation(Invariant invariant, String text) {
        super(text, null, false, false);
        this.invariant = invariant;
    }

    public Invariant invariant() {
        return invariant;
    }
}
