package io.vpceni.lab.localstack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An EC2 endpoint that carries each call through the mends to LocalStack. It has one door or several.
///
/// Its threads are platform threads that it starts itself, from a thread of its own: a thread inherits the network
/// namespace of the one that starts it, and [#open] is called in a node's.
final class MendingProxy implements AutoCloseable {
    /// More than all nodes of a lab ask at once.
    private static final int THREADS_MAX = 32;

    private static final int REQUEST_BYTES_MAX = 1 << 20; // EC2 itself refuses above 1 MiB

    /// Sees a call that may have changed something, and its answer, before the caller does.
    interface ChangeListener {
        void changed(ProxiedCall call, ProxiedAnswer answer);
    }

    private final Ec2Wire wire;
    private final ChangeListener listener;
    private final List<HttpServer> doors = new CopyOnWriteArrayList<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            THREADS_MAX,
            Thread.ofPlatform().daemon().name("localstack-proxy-", 0).factory());
    private final ExecutorService starter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("localstack-proxy-starter").factory());

    /// @param wire the mends with LocalStack behind them, from [Mend#chain]
    MendingProxy(Ec2Wire wire, ChangeListener listener) {
        this.wire = wire;
        this.listener = listener;
        for (int i = 0; i < THREADS_MAX; i++) {
            workers.execute(() -> {}); // every thread is born here and now, not in some node's namespace
        }
        starter.execute(() -> {});
    }

    /// Opens a server socket in the calling thread's network namespace.
    ///
    /// @param bind port 0 takes a free one
    URI open(InetSocketAddress bind) throws IOException {
        HttpServer door = HttpServer.create(bind, 128);
        door.setExecutor(workers);
        door.createContext("/", this::answer);
        try {
            starter.submit(door::start).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            door.stop(0);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        doors.add(door);
        InetSocketAddress address = door.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(REQUEST_BYTES_MAX);
            Map<String, String> headers = new TreeMap<>();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                headers.put("authorization", authorization);
            }
            ProxiedAnswer answer = carry(ProxiedCall.decode(new String(request, StandardCharsets.UTF_8), headers));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private ProxiedAnswer carry(ProxiedCall call) {
        try {
            ProxiedAnswer answer = wire.send(call);
            if (call.mutates()) {
                listener.changed(call, answer);
            }
            return answer;
        } catch (IOException | RuntimeException e) { // the lab's own fault, told in EC2's words
            return ProxiedAnswer.error(503, "Unavailable", "the lab's proxy before LocalStack: " + e);
        }
    }

    @Override
    public void close() {
        doors.forEach(door -> door.stop(0));
        starter.shutdownNow();
        workers.shutdownNow();
    }
}
