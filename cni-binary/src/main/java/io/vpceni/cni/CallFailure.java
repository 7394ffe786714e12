package io.vpceni.cni;

/// A call that brought no answer of ipamd's.
final class CallFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /// What the plugin can do about it.
    enum Kind {
        /// ipamd is not there, or went away before it answered: try again, requests are idempotent.
        AWAY,
        /// This process may not talk to ipamd: it is not root's.
        FORBIDDEN,
        /// It did not answer in time, or refuses for now.
        TRY_LATER,
        /// It speaks, but not what we understand: a bug, or versions that do not go together.
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
