package io.vpceni.cni;

/// A call without an answer from ipamd.
final class CallFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /// Decides what the plugin does.
    enum Kind {
        /// ipamd does not run, or ended before it answered: try again, requests are idempotent.
        AWAY,
        /// This process may not connect to ipamd, because it does not run as root.
        FORBIDDEN,
        /// ipamd did not answer in time, or refuses for now.
        TRY_LATER,
        /// ipamd's answer cannot be understood: a bug, or incompatible versions.
        BROKEN
    }

    private final Kind kind;

    CallFailure(Kind kind, String message) {
        super(message, null, false, false); // nobody reads the stack
        this.kind = kind;
    }

    static CallFailure away(String message) {
        return new CallFailure(Kind.AWAY, message);
    }

    static CallFailure forbidden(String message) {
        return new CallFailure(Kind.FORBIDDEN, message);
    }

    static CallFailure broken(String message) {
        return new CallFailure(Kind.BROKEN, message);
    }

    Kind kind() {
        return kind;
    }
}
