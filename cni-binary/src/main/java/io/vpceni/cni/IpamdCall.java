package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;

/// Sends a request to ipamd: first the descriptor, then one gRPC call. May be repeated.
final class IpamdCall {
    private static final String METHOD = "/vpceni.v1.Cni/Call";
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final int GRPC_PREFIX_BYTES = 5;
    private static final int NONCE_BYTES = 16;
    private static final int BESIDE_STDIN_BYTES = 1024; // of a usual request

    private final Posix posix;
    private final byte[] socket;
    private final byte[] netnsSocket;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final Bytes request;
    private final int sameInEveryTry;
    private final Wire wire;
    private final Http2Stream stream;

    /// @param socket path of ipamd's gRPC socket; `netns.sock` is in the same directory
    /// @param stdin the network configuration: the first `stdinLength` bytes of it
    /// @param beganNanos when this execution began
    IpamdCall(
            Posix posix,
            String socket,
            List<CniMessages.EnvironmentVariable> environment,
            byte[] stdin,
            int stdinLength,
            long beganNanos) {
        this.posix = posix;
        this.socket = socket.getBytes(UTF_8);
        this.netnsSocket = (socket.substring(0, socket.lastIndexOf('/') + 1) + "netns.sock").getBytes(UTF_8);
        // A gRPC message: not compressed, its length (below), its bytes.
        request = new Bytes(Plugin.REQUEST_BYTES_MAX, stdinLength + BESIDE_STDIN_BYTES);
        request.addNumber(0, GRPC_PREFIX_BYTES);
        CniMessages.request(request, environment, stdin, stdinLength, beganNanos);
        sameInEveryTry = request.length();
        wire = new Wire(posix);
        stream = new Http2Stream(wire, ANSWER_BYTES_MAX + GRPC_PREFIX_BYTES);
    }

    /// Keeps the request for an ipamd that comes later.
    ///
    /// @return why not; empty when it is kept
    String keepIn(DelSpool spool, long beganNanos) {
        request.cutTo(sameInEveryTry);
        return spool.keep(request, GRPC_PREFIX_BYTES, beganNanos);
    }

    /// A connection to ipamd for [#over]: its descriptor, -errno. Allocates nothing.
    int connect() {
        return posix.connect(socket);
    }

    /// Closes the connection.
    ///
    /// @param netns path of the network namespace to hand over; empty when there is none
    /// @param waitMillis how long ipamd may take
    CniMessages.Answer over(int connection, byte[] netns, long waitMillis) throws CallFailure {
        try {
            request.cutTo(sameInEveryTry);
            int errno = netns.length == 0 ? 0 : openAndHandOver(netns);
            if (netns.length > 0) {
                CniMessages.namespace(request, errno == 0 ? nonce : new byte[0], errno);
            }
            request.setNumber(1, request.length() - GRPC_PREFIX_BYTES, 4);
            wire.over(connection, posix.monotonicMillis() + waitMillis);
            return answer(stream.call(headers(waitMillis), request));
        } finally {
            posix.close(connection);
        }
    }

    /// @return 0, or the errno of opening the namespace, which ipamd reports
    private int openAndHandOver(byte[] path) throws CallFailure {
        int netns = posix.open(path);
        if (netns < 0) {
            return -netns;
        }
        try {
            posix.random(nonce);
            int outcome = posix.sendDescriptor(netnsSocket, nonce, netns);
            if (outcome < 0) {
                throw CallFailure.away("ipamd did not take the network namespace (" + Errno.name(-outcome) + ")");
            }
            return 0;
        } finally {
            posix.close(netns);
        }
    }

    private static String[] headers(long waitMillis) {
        return new String[] {
            ":method", "POST",
            ":scheme", "http",
            ":path", METHOD,
            ":authority", "localhost",
            "content-type", "application/grpc",
            "te", "trailers",
            "grpc-timeout", waitMillis + "m",
            "user-agent", "vpc-eni"
        };
    }

    private static CniMessages.Answer answer(Http2Stream.Response response) throws CallFailure {
        Map<String, String> headers = response.headers();
        String status = headers.getOrDefault("grpc-status", "");
        if (!status.equals("0")) {
            throw statusFailure(status, headers);
        }
        byte[] body = response.body().array();
        int bodyLength = response.body().length();
        if (bodyLength < GRPC_PREFIX_BYTES || body[0] != 0) {
            throw CallFailure.broken("ipamd's answer is not a gRPC message");
        }
        int length = ((body[1] & 0xff) << 24) | ((body[2] & 0xff) << 16) | ((body[3] & 0xff) << 8) | (body[4] & 0xff);
        if (length != bodyLength - GRPC_PREFIX_BYTES) {
            throw CallFailure.broken("ipamd's answer is not one gRPC message");
        }
        return CniMessages.answer(body, GRPC_PREFIX_BYTES, length);
    }

    /// grpc-message is UTF-8, with %XX for what is not printable ASCII; invalid codes stay as they are.
    private static String percentDecoded(String text) {
        Bytes out = new Bytes(text.length());
        int i = 0;
        while (i < text.length()) {
            int value = text.charAt(i) == '%' && i + 2 < text.length()
                    ? Json.hexDigit(text.charAt(i + 1)) << 4 | Json.hexDigit(text.charAt(i + 2))
                    : -1;
            out.add(value < 0 ? text.charAt(i) : value);
            i += value < 0 ? 1 : 3;
        }
        return new String(out.toArray(), UTF_8);
    }

    /// grpc-status: 4 DEADLINE_EXCEEDED, 8 RESOURCE_EXHAUSTED, 14 UNAVAILABLE, 1 CANCELLED (while ipamd stops).
    private static CallFailure statusFailure(String status, Map<String, String> headers) {
        String message = percentDecoded(headers.getOrDefault("grpc-message", ""));
        String text = "gRPC status " + (status.isEmpty() ? "missing, HTTP " + headers.get(":status") : status)
                + (message.isEmpty() ? "" : ": " + message);
        return switch (status) {
            case "1", "14" -> CallFailure.away("ipamd is stopping: " + text);
            case "4", "8" -> new CallFailure(CallFailure.Kind.TRY_LATER, "ipamd did not answer in time: " + text);
            default -> CallFailure.broken("ipamd did not understand the plugin, or met a bug: " + text);
        };
    }
}
