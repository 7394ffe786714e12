package io.vpceni.lab.contract;

import io.vpceni.lab.localstack.LocalStackServer;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// A LocalStack as it is, with nothing mended.
///
/// It takes the account from the access key: the suite has one of its own, apart from what else runs in a
/// LocalStack that was there before.
record ContractLocalStack(LocalStackServer server) implements ContractBackend {
    private static final AwsCredentials OWN_ACCOUNT = AwsBasicCredentials.create("202611210000", "any");

    @Override
    public Kind kind() {
        return Kind.LOCALSTACK;
    }

    @Override
    public URI endpoint() {
        return server.endpoint();
    }

    @Override
    public AwsCredentials credentials() {
        return OWN_ACCOUNT;
    }

    /// Everything is there at once.
    @Override
    public void settle() {}

    @Override
    public URI metadata(String instanceId) {
        return server.endpoint();
    }
}
