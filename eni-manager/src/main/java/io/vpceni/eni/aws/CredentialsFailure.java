package io.vpceni.eni.aws;

import org.jspecify.annotations.Nullable;

/// A call was not sent because there are no credentials. A class of its own, so that it is distinguished from a lost
/// answer by its type. The message says why and what to do, without keys or tokens.
final class CredentialsFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CredentialsFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The one among the causes of a failed call, if any.
    static @Nullable CredentialsFailure in(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CredentialsFailure failure) {
                return failure;
            }
        }
        return null;
    }
}
