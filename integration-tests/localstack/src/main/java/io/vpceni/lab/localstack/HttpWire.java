package io.vpceni.lab.localstack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Carries calls to an EC2 endpoint over HTTP. Thread-safe.
final class HttpWire implements Ec2Wire, AutoCloseable {
    /// The first EC2 call that a LocalStack gets took 1.7 to 7 s.
    private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(60);

    private static final Duration CONNECT_WAIT_MAX = Duration.ofSeconds(5);

    private final URI endpoint;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WAIT_MAX)
            .build();

    HttpWire(URI endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public ProxiedAnswer send(ProxiedCall call) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve("/"))
                .timeout(ANSWER_WAIT_MAX)
                .POST(HttpRequest.BodyPublishers.ofString(call.encode()));
        call.headers().forEach(request::setHeader);
        request.setHeader("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        HttpResponse<String> response = exchange(request.build(), client);
        return new ProxiedAnswer(response.statusCode(), response.body());
    }

    /// Status 200 of a GET, or false for whatever else.
    static boolean answers(URI uri, Duration wait) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(CONNECT_WAIT_MAX).build()) {
            return exchange(HttpRequest.newBuilder(uri).timeout(wait).build(), client)
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static HttpResponse<String> exchange(HttpRequest request, HttpClient client) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
