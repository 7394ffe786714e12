package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Objects;

/// Calls a peer whose bytes are written by hand.
final class HandFedCall {
    static final int ANSWER_MAX = 100_000;
    private static final long WAIT_MILLIS = 5_000;
    private static final byte[] BODY = "the answer".getBytes(UTF_8);
    private static final String[] REQUEST_HEADERS = {":method", "POST", ":path", "/x", "te", "trailers"};

    final FakePosix posix = new FakePosix();

    static byte[] body() {
        return BODY.clone();
    }

    /// What a server usually sends: SETTINGS, HEADERS, DATA, trailers.
    static Frames usual() {
        return new Frames().settings(3, 100).responseHeaders().data(BODY).trailers("grpc-status", "0");
    }

    Http2Stream.Response answer(byte[] peer, int requestBytes) throws CallFailure {
        posix.connections.add(FakePosix.Connection.bringing(peer));
        return answer(posix, new byte[requestBytes]);
    }

    /// Of the connections that were scripted.
    static Http2Stream.Response answer(Posix posix, byte[] request) throws CallFailure {
        int connection = posix.connect("/ipamd.sock");
        try {
            return new Http2Stream(new Wire(posix, connection, posix.monotonicMillis() + WAIT_MILLIS), ANSWER_MAX)
                    .call(REQUEST_HEADERS, request);
        } finally {
            posix.close(connection);
        }
    }

    CallFailure failure(byte[] peer) {
        posix.connections.add(FakePosix.Connection.bringing(peer));
        return failure(posix);
    }

    static CallFailure failure(Posix posix) {
        return Objects.requireNonNull(
                catchThrowableOfType(CallFailure.class, () -> answer(posix, new byte[10])), "the call succeeded");
    }
}
