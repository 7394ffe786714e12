package io.vpceni.ipamd.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// The request line of an HTTP request (RFC 9112, section 3); header fields are ignored.
///
/// @param status 200, or the status of the refusal
/// @param query decoded; "" when there is none
record HttpRequestHead(int status, String method, String path, String query) {
    /// Our clients send 150 bytes; requests of browsers with cookies fit as well.
    static final int BYTES_MAX = 8 << 10;

    /// @return empty while the head is incomplete
    static Optional<HttpRequestHead> parse(byte[] bytes, int length) {
        int end = end(bytes, length);
        if (end < 0) {
            return length < BYTES_MAX ? Optional.empty() : Optional.of(refused(431));
        }
        String text = new String(bytes, 0, end, ISO_8859_1);
        String[] words = text.lines().findFirst().orElse("").split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return Optional.of(refused(400));
        }
        try {
            URI target = new URI(words[1]);
            String path = target.getPath();
            String query = target.getQuery();
            return Optional.of(
                    new HttpRequestHead(200, words[0], path == null ? "" : path, query == null ? "" : query));
        } catch (URISyntaxException _) {
            return Optional.of(refused(400));
        }
    }

    private static HttpRequestHead refused(int status) {
        return new HttpRequestHead(status, "", "", "");
    }

    /// The offset after the empty line. Bare line feeds also end a line.
    private static int end(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            boolean empty = bytes[i] == '\n'
                    && i > 0
                    && (bytes[i - 1] == '\n' || (i > 1 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n'));
            if (empty) {
                return i + 1;
            }
        }
        return -1;
    }

    /// The whole answer; the connection is closed after it.
    static byte[] bytes(HttpPages.Answer answer) {
        byte[] body = answer.body().getBytes(UTF_8);
        byte[] head = ("HTTP/1.1 " + answer.status() + " " + phrase(answer.status()) + "\r\nContent-Type: "
                        + answer.contentType() + "\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(ISO_8859_1);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
