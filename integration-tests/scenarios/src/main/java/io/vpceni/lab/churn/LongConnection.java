package io.vpceni.lab.churn;

import io.vpceni.lab.node.PodSandbox;
import io.vpceni.netlink.Netns;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// One TCP connection between two pods that stay: numbers go out and come back, all the time.
public final class LongConnection implements AutoCloseable {
    private static final int PORT = 9000;
    private static final long EVERY_MILLIS = 20;
    private static final int SILENCE_MILLIS_MAX = 20_000; // the connection counts as broken
    private static final int CONNECT_MILLIS_MAX = 5_000;

    private final String name;
    private final PodRecords ledger;
    private final LongSupplier nanoTime;
    private final ServerSocket server;
    private final Socket client;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong echoes = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();

    private LongConnection(String name, PodRecords ledger, LongSupplier nanoTime, ServerSocket server, Socket client) {
        this.name = name;
        this.ledger = ledger;
        this.nanoTime = nanoTime;
        this.server = server;
        this.client = client;
    }

    /// Connects and begins.
    public static LongConnection between(PodSandbox from, PodSandbox to, PodRecords ledger, LongSupplier nanoTime)
            throws IOException {
        ServerSocket server = Netns.call(to.namespace().path(), () -> new ServerSocket(PORT, 1, to.address()));
        Socket client = Netns.call(from.namespace().path(), () -> connected(to));
        LongConnection flow =
                new LongConnection(from.podName() + " to " + to.podName(), ledger, nanoTime, server, client);
        Thread _ = Thread.ofPlatform().name("flow-echo").daemon().start(flow::echo);
        Thread _ = Thread.ofPlatform().name("flow-ask").daemon().start(flow::ask);
        return flow;
    }

    /// A socket belongs to the namespace in which it connects.
    private static Socket connected(PodSandbox to) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(to.address(), PORT), CONNECT_MILLIS_MAX);
        socket.setSoTimeout(SILENCE_MILLIS_MAX);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /// Numbers that came back.
    public long echoes() {
        return echoes.get();
    }

    /// The longest that a number was under way.
    public Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    private void echo() {
        try (Socket peer = server.accept()) {
            DataInputStream in = new DataInputStream(peer.getInputStream());
            DataOutputStream out = new DataOutputStream(peer.getOutputStream());
            while (true) {
                out.writeLong(in.readLong());
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private void ask() {
        try {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            long number = 0;
            while (!stop.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                long begun = nanoTime.getAsLong();
                out.writeLong(++number);
                if (in.readLong() != number) {
                    ledger.find("the connection " + name + " brought another number than was sent");
                }
                longestNanos.accumulateAndGet(nanoTime.getAsLong() - begun, Math::max);
                echoes.incrementAndGet();
            }
        } catch (IOException e) {
            broken(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void broken(IOException e) {
        if (stop.getCount() > 0) {
            ledger.find("the connection " + name + " broke: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        stop.countDown();
        client.close();
        server.close();
    }
}
