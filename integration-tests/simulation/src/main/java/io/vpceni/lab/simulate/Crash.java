package io.vpceni.lab.simulate;

/// ipamd was killed in the middle of something: thrown through the product's own code.
final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
        super("killed", null, false, false);
    }
}
