package io.vpceni.lab.imds;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;

/// The metadata service of one node over HTTP.
///
/// Bound and started are two steps on purpose. [#bind] opens the server socket in the calling thread and starts no
/// thread
/// that could answer: call it inside the node's namespace. [#start] starts the threads that answer, and threads
/// inherit the namespace of the thread that starts them: call it outside.
@SuppressWarnings("DoNotCallSuggester")
public final class ImdsServer implements AutoCloseable {
    private ImdsServer() {}

    /// Opens the server socket in the calling thread's network namespace.
    ///
    /// @param address port 0 takes a free one
    public static ImdsServer bind(InetSocketAddress address, NodeView view, InstantSource time) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Answers from now on. Call it once, outside the node's namespace.
    public ImdsServer start() {
        throw new UnsupportedOperationException();
    }

    /// What the SDK wants in `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
    public URI endpoint() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
