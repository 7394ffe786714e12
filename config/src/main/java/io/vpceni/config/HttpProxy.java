package io.vpceni.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// An HTTP proxy, as `HTTPS_PROXY` and `HTTP_PROXY` name it: `[http://][user:password@]host[:port]`.
///
/// @param host a name or an address literal, an IPv6 one without brackets; the proxy's name is resolved when it is
/// used
/// @param port 1 to 65535
/// @param user "" when the proxy wants none
/// @param password never shown
public record HttpProxy(String host, int port, String user, String password) {

    static final String ALLOWED = "[http://][user:password@]host[:port]";

    /// Go's, where no port is named.
    private static final int PORT = 80;

    private static final int PORT_MAX = 65_535;

    /// Empty when it is no such text, or the proxy itself is to be reached by TLS or SOCKS.
    static Optional<HttpProxy> parse(String text) {
        String url = text.contains("://") ? text : "http://" + text;
        try {
            URI uri = new URI(url);
            boolean plain = "http".equals(uri.getScheme().toLowerCase(Locale.ROOT));
            boolean nothingElse = uri.getRawPath().matches("/?") && uri.getRawQuery() == null;
            if (!plain || uri.getHost() == null || !nothingElse || uri.getPort() > PORT_MAX || uri.getPort() == 0) {
                return Optional.empty();
            }
            String login = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
            int colon = login.indexOf(':');
            return Optional.of(new HttpProxy(
                    uri.getHost().replaceAll("[\\[\\]]", ""),
                    uri.getPort() < 0 ? PORT : uri.getPort(),
                    decoded(colon < 0 ? login : login.substring(0, colon)),
                    colon < 0 ? "" : decoded(login.substring(colon + 1))));
        } catch (URISyntaxException | IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }

    /// A plus sign is one: this is no form.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// As a URL, without the password.
    @Override
    public String toString() {
        String login = user.isEmpty() ? "" : user + (password.isEmpty() ? "@" : ":***@");
        return "http://" + login + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
