package io.vpceni.config;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The proxy for calls to AWS: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, each also in lower case. If both are
/// set, the upper case one counts, as in Go programs.
///
/// @param https for URLs of that scheme
/// @param http for URLs of that scheme
/// @param exempt the entries of `NO_PROXY`
public record ProxySettings(Optional<HttpProxy> https, Optional<HttpProxy> http, List<String> exempt) {

    /// Never sent to a proxy, because the proxy would ask the services of its own machine. The last one is
    /// where an IPv6 node finds IMDS and Pod Identity.
    private static final List<Cidr> NEVER = List.of(
            Cidr.parse("127.0.0.0/8"),
            Cidr.parse("169.254.0.0/16"),
            Cidr.parse("::1/128"),
            Cidr.parse("fe80::/10"),
            Cidr.parse("fd00:ec2::/32"));

    /// No proxy.
    public static final ProxySettings NONE = new ProxySettings(Optional.empty(), Optional.empty(), List.of());

    public ProxySettings {
        exempt = List.copyOf(exempt);
    }

    /// For callers that cannot report problems: a malformed value counts as unset.
    public static ProxySettings from(Map<String, String> environment) {
        return from(new Reading(environment));
    }

    static ProxySettings from(Reading reading) {
        return new ProxySettings(
                proxy(reading, "HTTPS_PROXY"),
                proxy(reading, "HTTP_PROXY"),
                NoProxy.parse(reading.text(name(reading, "NO_PROXY"))).entries());
    }

    private static Optional<HttpProxy> proxy(Reading reading, String upper) {
        String name = name(reading, upper);
        String text = reading.text(name).strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<HttpProxy> proxy = HttpProxy.parse(text);
        if (proxy.isEmpty()) {
            reading.secretProblem(name, "want " + HttpProxy.ALLOWED);
        }
        return proxy;
    }

    private static String name(Reading reading, String upper) {
        return reading.text(upper).isEmpty() ? upper.toLowerCase(Locale.ROOT) : upper;
    }

    /// The proxy for a URL; empty: none. Loopback and link-local addresses never use one.
    public Optional<HttpProxy> proxyFor(URI url) {
        String host = url.getHost() == null ? "" : url.getHost().replaceAll("[\\[\\]]", "");
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        Optional<HttpProxy> proxy = secure ? https : http;
        return proxy.filter(_ -> !isNear(host) && !new NoProxy(exempt).exempts(host, port));
    }

    /// The settings in force, for people, without passwords; empty when there is no proxy.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        https.ifPresent(proxy -> lines.add("https by " + proxy));
        http.ifPresent(proxy -> lines.add("http by " + proxy));
        if (!lines.isEmpty() && !exempt.isEmpty()) {
            lines.add("not for " + String.join(", ", exempt));
        }
        return List.copyOf(lines);
    }

    private static boolean isNear(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            return NEVER.stream().anyMatch(block -> block.contains(address));
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
