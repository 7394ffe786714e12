package io.vpceni.ipamd.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few read-only pages over HTTP: GET only, exact paths, answered from memory.
public final class HttpPages implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpPages.class);
    private static final int REQUESTS_WAITING_MAX = 32; // scrapes and a person; beyond it connections are refused
    private static final int BACKLOG = 16;
    private static final int THREADS = 4; // who sends half a request holds one until maxReqTime (jvm.options) ends it

    /// A page: rendered anew for each request.
    public interface Page {
        /// @param query what follows the question mark, decoded; "" when nothing does
        Answer render(String query) throws Exception;
    }

    public record Answer(int status, String contentType, String body) {
        public static Answer json(String body) {
            return new Answer(200, "application/json", body);
        }

        public static Answer text(int status, String body) {
            return new Answer(status, "text/plain; version=0.0.4; charset=utf-8", body);
        }
    }

    private final HttpServer server;
    private final ThreadPoolExecutor executor;

    private HttpPages(HttpServer server, ThreadPoolExecutor executor) {
        this.server = server;
        this.executor = executor;
    }

    /// @param name of the threads
    /// @param pages by path, for example `/metrics`
    /// @throws IOException when the address is taken or not ours; its message names the address
    public static HttpPages start(String name, InetSocketAddress address, Map<String, Page> pages) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + " for " + name + ": " + e.getMessage(), e);
        }
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(REQUESTS_WAITING_MAX),
                Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        server.setExecutor(executor);
        Map<String, Page> sorted = new TreeMap<>(pages);
        server.createContext("/", exchange -> answer(exchange, sorted));
        server.start();
        return new HttpPages(server, executor);
    }

    /// Where it listens; tells the port that was chosen for port 0.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Map<String, Page> pages) throws IOException {
        Answer answer;
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (!exchange.getRequestMethod().equals("GET")) {
            answer = Answer.text(405, "only GET is served here\n");
        } else if (page == null) {
            answer = Answer.text(404, "no such page; there are " + String.join(", ", pages.keySet()) + "\n");
        } else {
            @Nullable String query = exchange.getRequestURI().getQuery();
            answer = render(page, query == null ? "" : query);
        }
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        try (exchange) {
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Answer render(Page page, String query) {
        try {
            return page.render(query);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Answer.text(503, "ipamd is stopping\n");
        } catch (Exception e) {
            log.atWarn().setCause(e).log("A page could not be rendered");
            return Answer.text(500, "this page could not be rendered: " + e + "\n");
        }
    }
}
