package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;

/// One try to have ipamd carry a request out: the descriptor first, then one gRPC call.
final class IpamdCall {
    private static final String METHOD = "/vpceni.v1.Cni/Call";
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final int GRPC_PREFIX_BYTES = 5;
    private static final int NONCE_BYTES = 16;

    private final Posix posix;
    private final String socket;
    private final long beganNanos;

    /// @param socket path of ipamd's gRPC socket; `netns.sock` lies beside it
    /// @param beganNanos when this execution began
    IpamdCall(Posix posix, String socket, long beganNanos) {
        this.posix = posix;
        this.socket = socket;
        this.beganNanos = beganNanos;
    }

    /// @param netnsPath CNI_NETNS; "" when there is none
    /// @param waitMillis how long ipamd may take
    CniMessages.Answer call(List<CniMessages.Variable> environment, byte[] stdin, String netnsPath, long waitMillis)
            throws CallFailure {
        int connection = posix.connect(socket);
        if (connection < 0) {
            throw CallFailure.away("ipamd cannot be reached at " + socket + " (" + Errno.name(-connection) + ")");
        }
        try {
            byte[] nonce = {};
            int netnsErrno = 0;
            if (!netnsPath.isEmpty()) {
                int netns = posix.open(netnsPath);
                if (netns < 0) {
                    netnsErrno = -netns;
                } else {
                    nonce = handOver(netns);
                }
            }
            byte[] request = CniMessages.request(environment, stdin, nonce, netnsErrno, beganNanos);
            Wire wire = new Wire(posix, connection, posix.monotonicMillis() + waitMillis);
            return answer(new Http2Stream(wire, ANSWER_BYTES_MAX + GRPC_PREFIX_BYTES)
                    .call(headers(waitMillis), framed(request)));
        } finally {
            posix.close(connection);
        }
    }

    private byte[] handOver(int netns) throws CallFailure {
        try {
            byte[] nonce = posix.random(NONCE_BYTES);
            int outcome = posix.sendDescriptor(besideTheSocket("netns.sock"), nonce, netns);
            if (outcome < 0) {
                throw CallFailure.away("ipamd did not take the network namespace (" + Errno.name(-outcome) + ")");
            }
            return nonce;
        } finally {
            posix.close(netns);
        }
    }

    private String besideTheSocket(String name) {
        return socket.substring(0, socket.lastIndexOf('/') + 1) + name;
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

    /// A gRPC message: not compressed, length, bytes.
    private static byte[] framed(byte[] message) {
        return new Bytes(Plugin.REQUEST_BYTES_MAX + GRPC_PREFIX_BYTES)
                .add(0)
                .addNumber(message.length, 4)
                .add(message)
                .toArray();
    }

    private static CniMessages.Answer answer(Http2Stream.Response response) throws CallFailure {
        Map<String, String> headers = response.headers();
        String status = headers.getOrDefault("grpc-status", "");
        if (!status.equals("0")) {
            throw statusFailure(status, headers);
        }
        byte[] body = response.body();
        if (body.length < GRPC_PREFIX_BYTES || body[0] != 0) {
            throw CallFailure.broken("ipamd's answer is no gRPC message");
        }
        int length = ((body[1] & 0xff) << 24) | ((body[2] & 0xff) << 16) | ((body[3] & 0xff) << 8) | (body[4] & 0xff);
        if (length != body.length - GRPC_PREFIX_BYTES) {
            throw CallFailure.broken("ipamd's answer is not one gRPC message");
        }
        byte[] message = new byte[length];
        System.arraycopy(body, GRPC_PREFIX_BYTES, message, 0, length);
        return CniMessages.answer(message);
    }

    /// grpc-message is UTF-8, with %XX for what is not printable ASCII; what is no such code stays as it is.
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
