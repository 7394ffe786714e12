package io.vpceni.ipamd.observe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a few read-only pages over HTTP: GET, exact paths, one request per connection.
///
/// Pods can reach some of these listeners, so no client is waited for: one thread does all reading and writing and
/// never blocks, request and answer have a few seconds each, and a listener at its limit closes a connection of the
/// peer that has most ([HttpConnections]).
public final class HttpPages implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpPages.class);

    /// The listen backlog: connections that the kernel has accepted and this thread has not.
    private static final int BACKLOG = 256;

    /// Rendering takes milliseconds; further threads are for pages that wait for an owner.
    private static final int RENDERING_THREADS = 4;

    private static final long LOOK_EVERY_MILLIS = 250;
    private static final int END_WITHIN_SECONDS = 5;

    /// A page, rendered for each request.
    public interface Page {
        /// @param query the decoded query string; "" when there is none
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

    /// Why ipamd closed a connection before the answer was read.
    public enum CutOff {
        /// The request did not arrive in time.
        SLOW_REQUEST,
        /// The answer was not read in time.
        SLOW_READER,
        /// Its peer was at the limit per peer.
        PEER_LIMIT,
        /// The listener was at its limit, and this peer had the most connections.
        TOTAL_LIMIT
    }

    /// Called for each connection that ipamd closed; on the listener's thread.
    public interface Reports {
        /// @param listener its name
        void cutOff(String listener, CutOff reason);
    }

    /// The limits of a listener.
    ///
    /// @param connectionsMax in all
    /// @param connectionsPerPeerMax of one peer
    /// @param requestWithin how long a request may take to arrive
    /// @param readWithin how long the answer may take to be rendered and read
    record Bounds(int connectionsMax, int connectionsPerPeerMax, long requestWithin, long readWithin) {
        /// Enough for a scraper, a person and a probe behind one address, and as many peers as a node
        /// has pods. Each holds at most 8 KiB of a request in memory.
        static final Bounds USUAL = new Bounds(256, 16, TimeUnit.SECONDS.toNanos(3), TimeUnit.SECONDS.toNanos(10));
    }

    private final String name;
    private final Map<String, Page> pages;
    private final LongSupplier nanos;
    private final Reports reports;
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final Selector selector;
    private final SelectionKey accepting;
    private final HttpConnections connections;
    private final ThreadPoolExecutor renderers;
    private final ConcurrentLinkedQueue<Runnable> rendered = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private boolean reported;

    private HttpPages(
            String name,
            ServerSocketChannel listener,
            Map<String, Page> pages,
            Bounds bounds,
            LongSupplier nanos,
            Reports reports)
            throws IOException {
        this.name = name;
        this.pages = new TreeMap<>(pages);
        this.nanos = nanos;
        this.reports = reports;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.connections = new HttpConnections(bounds, this::cutOff);
        this.selector = Selector.open();
        this.accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
        this.renderers = new ThreadPoolExecutor(
                RENDERING_THREADS,
                RENDERING_THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(bounds.connectionsMax()),
                Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::live);
    }

    /// @param name of the listener, for threads, log and metrics
    /// @param pages by path, for example `/metrics`
    /// @param nanos a clock for elapsed time
    /// @throws IOException when the address is in use or not local; the message names the address
    public static HttpPages start(
            String name, InetSocketAddress address, Map<String, Page> pages, LongSupplier nanos, Reports reports)
            throws IOException {
        return start(name, address, pages, Bounds.USUAL, nanos, reports);
    }

    static HttpPages start(
            String name,
            InetSocketAddress address,
            Map<String, Page> pages,
            Bounds bounds,
            LongSupplier nanos,
            Reports reports)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            HttpPages started = new HttpPages(name, listener, pages, bounds, nanos, reports);
            started.thread.start();
            return started;
        } catch (IOException e) {
            listener.close();
            throw new IOException("cannot listen on " + address + " for " + name + ": " + e.getMessage(), e);
        }
    }

    /// The address on which it listens, with the port that was chosen for port 0.
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        selector.close();
        renderers.shutdownNow();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_WITHIN_SECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            while (selector.isOpen()) {
                turn();
            }
        } catch (ClosedSelectorException | CancelledKeyException _) {
            // closed
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("listener", name)
                    .setCause(e)
                    .log("Metrics and health pages are not served any more");
        } finally {
            connections.closeAll();
        }
    }

    private void turn() throws IOException {
        selector.select(LOOK_EVERY_MILLIS);
        for (Runnable done = rendered.poll(); done != null; done = rendered.poll()) {
            done.run();
        }
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            if (key.isValid() && key.isAcceptable()) {
                accept();
            } else if (key.isValid() && key.attachment() instanceof HttpConnection connection) {
                advance(connection);
            }
        }
        selector.selectedKeys().clear();
        connections.cutOffLate(nanos.getAsLong());
        accepting.interestOps(SelectionKey.OP_ACCEPT);
    }

    /// Accepts all waiting connections. When the process has no descriptor left, it stops until the next turn.
    private void accept() throws IOException {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                take(channel);
            }
        } catch (IOException e) {
            if (!listener.isOpen()) {
                throw e;
            }
            accepting.interestOps(0);
            log.atDebug().addKeyValue("listener", name).setCause(e).log("A connection could not be accepted");
        }
    }

    private void take(SocketChannel channel) throws IOException {
        InetAddress peer;
        try {
            channel.configureBlocking(false);
            peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        } catch (IOException _) {
            channel.close(); // the peer has closed it
            return;
        }
        HttpConnection connection = new HttpConnection(
                channel, channel.register(selector, SelectionKey.OP_READ), HttpConnections.peer(peer));
        connections.add(connection, nanos.getAsLong());
    }

    private void advance(HttpConnection connection) {
        HttpConnection.Step step;
        try {
            step = connection.advance();
        } catch (IOException | CancelledKeyException _) {
            step = new HttpConnection.Step.Gone(); // the peer has ended it, or ipamd stops
        }
        switch (step) {
            case HttpConnection.Step.Waits _ -> {}
            case HttpConnection.Step.Gone _ -> connections.close(connection);
            case HttpConnection.Step.Asked(HttpRequestHead head) -> {
                connections.requestIsHere(connection, nanos.getAsLong());
                render(connection, head);
            }
        }
    }

    /// The queue is bounded by the number of connections: a closed connection leaves it.
    private void render(HttpConnection connection, HttpRequestHead head) {
        Runnable rendering = () -> {
            byte[] bytes = HttpRequestHead.bytes(answer(head));
            rendered.add(() -> write(connection, bytes));
            selector.wakeup();
        };
        connection.whenClosed(() -> {
            boolean _ = renderers.remove(rendering);
        });
        renderers.execute(rendering);
    }

    private void write(HttpConnection connection, byte[] answer) {
        if (connection.begins(answer)) {
            advance(connection);
        }
    }

    private void cutOff(CutOff reason, HttpConnection connection) {
        reports.cutOff(name, reason);
        if (!reported) {
            reported = true;
            log.atWarn()
                    .addKeyValue("listener", name)
                    .addKeyValue("peer", connection.peer().getHostAddress())
                    .addKeyValue("reason", reason)
                    .log("The connection of an HTTP client was closed; further ones are only counted, by "
                            + "vpceni_http_closed_connections_total");
        }
    }

    private Answer answer(HttpRequestHead head) {
        Page page = pages.get(head.path());
        if (head.status() != 200) {
            return Answer.text(head.status(), "this request cannot be read\n");
        }
        if (!head.method().equals("GET")) {
            return Answer.text(405, "only GET is served here\n");
        }
        if (page == null) {
            return Answer.text(404, "no such page; there are " + String.join(", ", pages.keySet()) + "\n");
        }
        try {
            return page.render(head.query());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Answer.text(503, "ipamd is stopping\n");
        } catch (Exception e) {
            log.atWarn().setCause(e).log("An HTTP page could not be rendered");
            return Answer.text(500, "this page could not be rendered: " + e + "\n");
        }
    }
}
