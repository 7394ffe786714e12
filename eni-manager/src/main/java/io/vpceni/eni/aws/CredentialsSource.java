package io.vpceni.eni.aws;

/// Where the credentials for EC2 come from: the providers of the AWS SDK's default chain, in its order.
public enum CredentialsSource {
    /// `aws.accessKeyId` and `aws.secretAccessKey` of the JVM.
    SYSTEM_PROPERTIES("keys in system properties"),
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    ENVIRONMENT("keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    /// `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`: IAM roles for service accounts.
    WEB_IDENTITY("the service account's role (web identity)"),
    /// The shared files `~/.aws/credentials` and `~/.aws/config`.
    PROFILE("a profile of the shared files"),
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI` with the address of the Pod Identity agent.
    POD_IDENTITY("EKS Pod Identity"),
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI` with another address, or `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`.
    CONTAINER("the container credentials endpoint"),
    /// The instance's role, by IMDS.
    INSTANCE_ROLE("the instance's role (IMDS)"),
    /// No source is configured, and IMDS is disabled.
    NONE("none");

    private final String words;

    CredentialsSource(String words) {
        this.words = words;
    }

    /// For people.
    public String words() {
        return words;
    }
}
