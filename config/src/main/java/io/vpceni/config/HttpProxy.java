package io.vpceni.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An HTTP proxy, in the form of `HTTPS_PROXY` and `HTTP_PROXY`: `[http://][user:password@]host[:port]`.
///
/// @param host a name or an address literal, IPv6 without brackets; a name is resolved when the proxy is used
/// @param port 1 to 65535
/// @param user "" when the proxy needs none
/// @param password never shown
public record HttpProxy(String host, int port, String user, String password) {

    static final String ALLOWED = "[http://][user:password@]host[:port]";

    /// The default port, as in Go.
    private static final int PORT = 80;

    private static final int PORT_MAX = 65_535;

    /// Parsed here because [URI#getHost] returns null for a name with an underscore, which Go and curl accept.
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:(?<login>.*)@)?(?<host>[A-Za-z0-9._-]+|\\[.+])(?::(?<port>[0-9]{0,5}))?");

    /// Empty when the text does not have this form, or when the proxy itself must be reached by TLS or SOCKS.
    static Optional<HttpProxy> parse(String text) {
        String url = text.contains("://") ? text : "http://" + text;
        try {
            URI uri = new URI(url);
            boolean plain = "http".equals(uri.getScheme().toLowerCase(Locale.ROOT));
            boolean nothingElse = uri.getRawPath().matches("/?") && uri.getRawQuery() == null;
            Matcher authority = AUTHORITY.matcher(Objects.requireNonNullElse(uri.getRawAuthority(), ""));
            return plain && nothingElse && authority.matches() ? of(authority) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }

    private static Optional<HttpProxy> of(Matcher authority) {
        String named = Objects.requireNonNullElse(authority.group("port"), "");
        int port = named.isEmpty() ? PORT : Integer.parseInt(named);
        if (port == 0 || port > PORT_MAX) {
            return Optional.empty();
        }
        String login = Objects.requireNonNullElse(authority.group("login"), "");
        int colon = login.indexOf(':');
        return Optional.of(new HttpProxy(
                authority.group("host").replaceAll("[\\[\\]]", ""),
                port,
                decoded(colon < 0 ? login : login.substring(0, colon)),
                colon < 0 ? "" : decoded(login.substring(colon + 1))));
    }

    /// A plus sign stays a plus sign: this is not form encoding.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// A URL without the password.
    @Override
    public String toString() {
        String login = user.isEmpty() ? "" : user + (password.isEmpty() ? "@" : ":***@");
        return "http://" + login + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
