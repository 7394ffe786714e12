package io.vpceni.lab.imds;

import java.util.Optional;

/// What the metadata service of one node shows now. Read for each request, from any thread.
///
/// It may lag behind what the EC2 API says, as the real one does; that lag is up to the implementation.
public interface NodeView {
    InstanceMetadata instance();

    /// The credentials of the instance's role; empty for an instance without one.
    Optional<RoleCredentials> credentials();

    /// What the service does to the next request instead of answering it; empty: it answers.
    default Optional<ImdsTrouble> trouble() {
        return Optional.empty();
    }
}
