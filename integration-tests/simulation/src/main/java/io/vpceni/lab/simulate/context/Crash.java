package io.vpceni.lab.simulate.context;

/// ipamd was killed in the middle of something: thrown through the product's own code.
public final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Crash() {
        super("killed", null, false, false);
    }
}
