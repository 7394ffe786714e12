package io.vpceni.lab.contract;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// An EC2 that the suite is run against.
public interface ContractBackend {
    /// Whose answer of a [Deviation] it gives.
    enum Kind {
        /// As EC2 does.
        EMULATION,
        /// As LocalStack 4.14.0 does.
        LOCALSTACK
    }

    Kind kind();

    URI endpoint();

    AwsCredentials credentials();

    /// Lets pass what this EC2 takes for what it does not do at once.
    void settle();

    /// Where the metadata service of an instance answers, if it has one.
    ///
    /// @return the root of its paths
    URI metadata(String instanceId);
}
