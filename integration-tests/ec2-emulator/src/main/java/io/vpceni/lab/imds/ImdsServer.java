package io.vpceni.lab.imds;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The metadata service of one node over HTTP.
///
/// Bound and started are two steps on purpose. [#bind] opens the server socket in the calling thread and
/// starts nothing that answers: call it inside the node's namespace. [#start] starts the threads that
/// answer, and threads inherit the namespace of the thread that starts them: call it outside.
public final class ImdsServer implements AutoCloseable {
    private static final String TOKEN_PATH = "/latest/api/token";
    private static final String TOKEN = "X-aws-ec2-metadata-token";
    private static final String TOKEN_TTL = "X-aws-ec2-metadata-token-ttl-seconds";
    private static final int TOKEN_TTL_SECONDS_MAX = 21_600; // six hours
    private static final int BACKLOG = 64;

    private record Answer(int status, String text) {}

    private final HttpServer server;
    private final ExecutorService requests;
    private final NodeView view;
    private final ImdsTokens tokens;
    private final CountDownLatch closed = new CountDownLatch(1);

    private ImdsServer(HttpServer server, NodeView view, InstantSource time) {
        this.server = server;
        this.view = view;
        this.tokens = new ImdsTokens(time);
        this.requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("imds-request-", 0).factory());
    }

    /// Opens the server socket in the calling thread's network namespace.
    ///
    /// @param address port 0 takes a free one
    /// @param time of which the ends of tokens are reckoned
    public static ImdsServer bind(InetSocketAddress address, NodeView view, InstantSource time) throws IOException {
        // Read when the JDK's server is first used: without it a small answer waits for the client's delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        return new ImdsServer(HttpServer.create(address, BACKLOG), view, time);
    }

    /// Answers from now on. Call it once, outside the node's namespace.
    public ImdsServer start() {
        server.setExecutor(requests);
        server.createContext("/", this::serve);
        server.start();
        return this;
    }

    /// What the SDK wants in `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
    public URI endpoint() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<ImdsTrouble> trouble = view.trouble();
            if (trouble.isPresent() && trouble.get() instanceof ImdsTrouble.Silence(Duration duration)) {
                pause(duration);
                return; // closing an exchange without an answer ends the connection
            }
            Answer answer = trouble.flatMap(some -> refusal(exchange, some)).orElseGet(() -> answer(exchange));
            byte[] body = answer.text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.getResponseHeaders().set("Server", "EC2ws");
            if (body.length == 0) {
                exchange.sendResponseHeaders(answer.status, -1); // "no body" to the JDK, where 0 is "chunked"
                return;
            }
            exchange.sendResponseHeaders(answer.status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /// A 401 is for what brings a token, as if that had ended.
    private static Optional<Answer> refusal(HttpExchange exchange, ImdsTrouble trouble) {
        return switch (trouble) {
            case ImdsTrouble.Status(int status) ->
                status == 401 && !exchange.getRequestMethod().equals("GET")
                        ? Optional.empty()
                        : Optional.of(new Answer(status, "the metadata service is not well\n"));
            case ImdsTrouble.Silence _ -> Optional.empty();
        };
    }

    /// Over at once when the server closes.
    private void pause(Duration duration) {
        try {
            boolean _ = closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer answer(HttpExchange exchange) {
        if (exchange.getRequestHeaders().containsKey("X-Forwarded-For")) {
            return new Answer(403, "Forbidden: the metadata service does not answer through a proxy\n");
        }
        String path = exchange.getRequestURI().getPath();
        return switch (exchange.getRequestMethod()) {
            case "PUT" -> path.equals(TOKEN_PATH) ? token(exchange) : new Answer(404, "Not found\n");
            case "GET" -> text(exchange, path);
            default -> new Answer(405, "Method not allowed\n");
        };
    }

    private Answer token(HttpExchange exchange) {
        String seconds = header(exchange, TOKEN_TTL);
        if (!seconds.matches("[1-9][0-9]{0,4}") || Integer.parseInt(seconds) > TOKEN_TTL_SECONDS_MAX) {
            return new Answer(400, "Bad request: " + TOKEN_TTL + " must be 1 to " + TOKEN_TTL_SECONDS_MAX + "\n");
        }
        exchange.getResponseHeaders().set(TOKEN_TTL, seconds);
        return new Answer(200, tokens.issue(Duration.ofSeconds(Integer.parseInt(seconds))));
    }

    private Answer text(HttpExchange exchange, String path) {
        if (!tokens.isValid(header(exchange, TOKEN))) {
            return new Answer(401, "Unauthorized: get a token with PUT " + TOKEN_PATH + "\n");
        }
        if (path.equals("/") || path.equals("/latest")) {
            return new Answer(200, path.equals("/") ? "latest" : "dynamic\nmeta-data");
        }
        if (!path.startsWith("/latest/")) {
            return new Answer(404, "Not found\n");
        }
        return new MetadataTree(view)
                .get(path.substring("/latest/".length()))
                .map(text -> new Answer(200, text))
                .orElseGet(() -> new Answer(404, "Not found\n"));
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        requests.shutdown();
    }
}
