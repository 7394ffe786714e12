package io.vpceni.lab.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// An HTTP listener of the account: POST with a form as its body, as the SDKs send it, or GET with a query.
final class Ec2HttpListener implements AutoCloseable {
    private static final int BODY_BYTES_MAX = 1 << 20; // EC2's largest requests are some 100 kB of user data
    private static final int BACKLOG = 128;

    /// A request as far as HTTP knows it; `refusal` replaces the form where that could not be read.
    record ApiRequest(
            Map<String, String> form, String authorization, String sessionToken, Optional<Ec2Refusal> refusal) {}

    private final HttpServer server;
    private final ExecutorService requests;
    private final Function<ApiRequest, Optional<Ec2Api.Answer>> api;

    /// Opens the server socket in the calling thread; answers after [#start].
    ///
    /// @param api answers; with nothing where the connection shall die
    Ec2HttpListener(InetSocketAddress bind, Function<ApiRequest, Optional<Ec2Api.Answer>> api) throws IOException {
        // Read when the JDK's server is first used: without it a small answer waits for the client's delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.api = api;
        this.server = HttpServer.create(bind, BACKLOG);
        this.requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ec2-request-", 0).factory());
        server.setExecutor(requests);
        server.createContext("/", this::serve);
    }

    /// Starts the accepting thread, which inherits the network namespace of the calling one.
    void start() {
        server.start();
    }

    URI endpoint() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<Ec2Api.Answer> arrived = api.apply(read(exchange));
            if (arrived.isEmpty()) {
                return; // closing an exchange without an answer ends the connection
            }
            Ec2Api.Answer answer = arrived.get();
            byte[] body = answer.xml().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
            exchange.getResponseHeaders().set("x-amzn-requestid", answer.requestId());
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private static ApiRequest read(HttpExchange exchange) throws IOException {
        Map<String, String> form = Map.of();
        Optional<Ec2Refusal> refusal = Optional.empty();
        try {
            form = Form.parse(text(exchange));
        } catch (Ec2Refusal unreadable) {
            refusal = Optional.of(unreadable);
        }
        return new ApiRequest(
                form, header(exchange, "Authorization"), header(exchange, "X-Amz-Security-Token"), refusal);
    }

    private static String text(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw new Ec2Refusal(
                    413, "RequestEntityTooLarge", "The request is longer than " + BODY_BYTES_MAX + " bytes");
        }
        return switch (exchange.getRequestMethod()) {
            case "POST" -> new String(body, StandardCharsets.UTF_8);
            case "GET" ->
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            default ->
                throw new Ec2Refusal(
                        405,
                        "InvalidRequest",
                        "The request method is " + exchange.getRequestMethod() + ": want POST or GET");
        };
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdown();
    }
}
