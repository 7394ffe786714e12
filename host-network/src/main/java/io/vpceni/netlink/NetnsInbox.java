package io.vpceni.netlink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Descriptors of namespaces, received over a unix socket.
@SuppressWarnings("DoNotCallSuggester")
public final class NetnsInbox implements AutoCloseable {

    private NetnsInbox() {}

    public static NetnsInbox open(Path socket) throws NetlinkFailure {
        throw new UnsupportedOperationException();
    }

    public Optional<NetnsFd> claim(byte[] nonce, Duration wait) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
