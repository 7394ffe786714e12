package io.vpceni.eni.aws;

/// The SDK's default chain has no credentials. Its own class, so that the failure is told from a lost answer by type,
/// not by text.
final class CredentialsMissing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CredentialsMissing(Throwable cause) {
        super("no credentials", cause);
    }
}
