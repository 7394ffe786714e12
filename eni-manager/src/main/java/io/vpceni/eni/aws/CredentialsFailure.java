package io.vpceni.eni.aws;

import org.jspecify.annotations.Nullable;

/// There are no credentials to sign a call with, so it was not made. Its own class, so that the failure is told from
/// a lost answer by type, not by text. The message says why and what to do; no key or token is in it.
final class CredentialsFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CredentialsFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The one that a call failed for, if it did for one.
    static @Nullable CredentialsFailure in(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CredentialsFailure failure) {
                return failure;
            }
        }
        return null;
    }
}
