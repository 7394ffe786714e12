package io.vpceni.eni.aws;

import io.vpceni.config.HttpProxy;
import io.vpceni.config.ProxySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;

/// The SDK's HTTP on the JDK's `HttpURLConnection`, as the SDK's own `UrlConnectionHttpClient`, with two differences.
///
/// A request's body is sent as a whole. The SDK's client streams it, and then `HttpURLConnection` discards the body of
/// an answer with status 401: `AuthFailure` and `RequestExpired` could not be distinguished. Bodies here are forms of a
/// few kilobytes. With a whole body `HttpURLConnection` would repeat a POST by itself when the connection ends before
/// the answer; `sun.net.http.retryPost=false` forbids that.
///
/// The proxy comes from [ProxySettings].
final class BufferedHttpClient implements SdkHttpClient {

    static {
        // Read when the JDK's HTTP client is first used, so ipamd's jvm.options has them too. The second allows the
        // password to be sent to a proxy for a tunnel: by default the JDK does not send it over a connection without
        // TLS.
        System.setProperty("sun.net.http.retryPost", "false");
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private static final int ERRORS_FROM = 400;

    private final ProxySettings proxies;

    private final Duration connectTimeout;

    private final Duration readTimeout;

    BufferedHttpClient(ProxySettings proxies, Duration connectTimeout, Duration readTimeout) {
        this.proxies = proxies;
        this.connectTimeout = connectTimeout;
        this.readTimeout = readTimeout;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        try {
            return new Exchange(connection(request), request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String clientName() {
        return "UrlConnection";
    }

    @Override
    public void close() {
        // The JDK closes idle connections.
    }

    private HttpURLConnection connection(HttpExecuteRequest request) throws IOException {
        URI uri = request.httpRequest().getUri();
        Optional<HttpProxy> proxy = proxies.proxyFor(uri);
        HttpURLConnection connection = (HttpURLConnection)
                uri.toURL().openConnection(proxy.map(BufferedHttpClient::jdk).orElse(Proxy.NO_PROXY));
        connection.setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()));
        connection.setReadTimeout(Math.toIntExact(readTimeout.toMillis()));
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod(request.httpRequest().method().name());
        request.httpRequest()
                .forEachHeader((name, values) -> values.forEach(value -> connection.addRequestProperty(name, value)));
        if (request.httpRequest().firstMatchingHeader("Accept").isEmpty()) {
            connection.setRequestProperty("Accept", "*/*");
        }
        proxy.filter(some -> !some.user().isEmpty()).ifPresent(some -> authenticate(connection, some));
        connection.setDoOutput(request.contentStreamProvider().isPresent());
        return connection;
    }

    /// Unresolved: the name is resolved when the connection is made, so that a failure is a failure of that
    /// connection.
    private static Proxy jdk(HttpProxy proxy) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    /// The request for a tunnel has no headers of ours: the JDK repeats it with the password when the proxy
    /// asks for it.
    private static void authenticate(HttpURLConnection connection, HttpProxy proxy) {
        if (connection instanceof HttpsURLConnection) {
            connection.setAuthenticator(new ProxyLogin(proxy));
        } else {
            connection.setRequestProperty("Proxy-Authorization", basic(proxy));
        }
    }

    private static final class ProxyLogin extends Authenticator {
        private final HttpProxy proxy;

        ProxyLogin(HttpProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? new PasswordAuthentication(proxy.user(), proxy.password().toCharArray())
                    : null;
        }
    }

    private static String basic(HttpProxy proxy) {
        byte[] login = (proxy.user() + ":" + proxy.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(login);
    }

    private record Exchange(HttpURLConnection connection, HttpExecuteRequest request) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            connection.connect();
            if (request.contentStreamProvider().isPresent()) {
                send(request.contentStreamProvider().get());
            }
            int status = connection.getResponseCode();
            @Nullable
            InputStream body = status >= ERRORS_FROM ? connection.getErrorStream() : connection.getInputStream();
            return HttpExecuteResponse.builder()
                    .response(head(status))
                    .responseBody(body == null ? null : AbortableInputStream.create(body))
                    .build();
        }

        private void send(ContentStreamProvider content) throws IOException {
            try (InputStream in = content.newStream();
                    OutputStream out = connection.getOutputStream()) {
                in.transferTo(out);
            }
        }

        private SdkHttpResponse head(int status) throws IOException {
            SdkHttpFullResponse.Builder head =
                    SdkHttpResponse.builder().statusCode(status).statusText(connection.getResponseMessage());
            connection.getHeaderFields().forEach((name, values) -> {
                if (name != null) { // the status line has none
                    head.putHeader(name, values);
                }
            });
            return head.build();
        }

        @Override
        public void abort() {
            connection.disconnect();
        }
    }
}
