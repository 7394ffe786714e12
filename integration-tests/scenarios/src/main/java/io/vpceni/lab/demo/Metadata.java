package io.vpceni.lab.demo;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client of the metadata service, plain enough to be run in any namespace.
public final class Metadata {
    private static final InetSocketAddress SERVICE =
            new InetSocketAddress(InetAddress.ofLiteral("169.254.169.254"), 80);
    private static final int ANSWER_BYTES_MAX = 1 << 16;
    private static final int ASKED_MAX = 6; // one in twenty answers is an error in a storm

    private Metadata() {}

    /// What `/latest/meta-data/<path>` says, asked with a token.
    public static String get(Namespace from, String path, Duration max) throws IOException {
        String token =
                body(ask(from, "PUT /latest/api/token HTTP/1.0\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n", max));
        return body(ask(
                from,
                "GET /latest/meta-data/" + path + " HTTP/1.0\r\nX-aws-ec2-metadata-token: " + token + "\r\n",
                max));
    }

    /// The HTTP status of a request as version 1 makes it.
    public static int statusWithoutToken(Namespace from, Duration max) throws IOException {
        return status(ask(from, "GET /latest/meta-data/instance-id HTTP/1.0\r\n", max));
    }

    private static String ask(Namespace from, String request, Duration max) throws IOException {
        String answer = askOnce(from, request, max);
        for (int asked = 1; asked < ASKED_MAX && status(answer) >= 500; asked++) {
            answer = askOnce(from, request, max);
        }
        return answer;
    }

    private static String askOnce(Namespace from, String request, Duration max) throws IOException {
        return Netns.call(from.path(), () -> {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) max.toMillis());
                socket.connect(SERVICE, (int) max.toMillis());
                socket.getOutputStream()
                        .write((request + "Host: 169.254.169.254\r\nContent-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
            }
        });
    }

    private static int status(String answer) throws IOException {
        String[] words = answer.split(" ", 3);
        if (words.length < 3) {
            throw new IOException("not HTTP: '" + answer + "'");
        }
        return Integer.parseInt(words[1]);
    }

    private static String body(String answer) throws IOException {
        if (status(answer) != 200) {
            throw new IOException(
                    "the metadata service answers " + answer.lines().findFirst().orElse("nothing"));
        }
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
    }
}
