package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Objects;

/// Calls a peer whose bytes are written by hand.
final class HandFedCall {
    static final int ANSWER_MAX = 100_000;
    private static final long WAIT_MILLIS = 5_000;
    private static final byte[] BODY = "the answer".getBytes(UTF_8);
    private static final String[] REQUEST_HEADERS = {":method", "POST", ":path", "/x", "te", "trailers"};

    final FakePosix posix = new FakePosix();

    /// What came back, as it was then.
    record Answer(Map<String, String> headers, byte[] body) {}

    static byte[] body() {
        return BODY.clone();
    }

    /// What a server usually sends: SETTINGS, HEADERS, DATA, trailers.
    static Frames usual() {
        return new Frames().settings(3, 100).responseHeaders().data(BODY).trailers("grpc-status", "0");
    }

    Answer answer(byte[] peer, int requestBytes) throws CallFailure {
        posix.connections.add(FakePosix.Connection.bringing(peer));
        return answer(posix, new byte[requestBytes]);
    }

    /// Of the connections that were scripted.
    static Answer answer(Posix posix, byte[] request) throws CallFailure {
        int connection = posix.connect("/ipamd.sock".getBytes(UTF_8));
        try {
            Wire wire = new Wire(posix).over(connection, posix.monotonicMillis() + WAIT_MILLIS);
            Http2Stream.Response response =
                    new Http2Stream(wire, ANSWER_MAX).call(REQUEST_HEADERS, new Bytes(request.length).add(request));
            return new Answer(response.headers(), response.body().toArray());
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
