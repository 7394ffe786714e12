package io.vpceni.ipamd.observe;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// The open connections of one listener, oldest first, and which one is closed when there are too many.
///
/// A new connection is always accepted. When its peer is at the limit, the peer's oldest connection is closed; when the
/// listener is at its limit, the oldest of the peer with the most connections. So a peer that opens a thousand
/// connections displaces only its own, and a request that follows its connection at once is answered.
final class HttpConnections {
    /// An IPv6 host can choose any address of its /64.
    private static final int HOST_BYTES_IPV6 = 8;

    private final HttpPages.Bounds bounds;
    private final BiConsumer<HttpPages.CutOff, HttpConnection> cutOff;
    private final Map<HttpConnection, Long> lateAfter = new LinkedHashMap<>();
    private final Map<InetAddress, Integer> perPeer = new HashMap<>();

    HttpConnections(HttpPages.Bounds bounds, BiConsumer<HttpPages.CutOff, HttpConnection> cutOff) {
        this.bounds = bounds;
        this.cutOff = cutOff;
    }

    /// The peer for the limit: an IPv4 address, or the /64 of an IPv6 address.
    static InetAddress peer(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, HOST_BYTES_IPV6, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    void add(HttpConnection connection, long now) {
        InetAddress peer = connection.peer();
        if (perPeer.getOrDefault(peer, 0) >= bounds.connectionsPerPeerMax()) {
            cutOff(HttpPages.CutOff.PEER_LIMIT, oldestOf(peer));
        } else if (lateAfter.size() >= bounds.connectionsMax()) {
            cutOff(HttpPages.CutOff.TOTAL_LIMIT, oldestOf(peerWithMost()));
        }
        lateAfter.put(connection, now + bounds.requestWithin());
        perPeer.merge(peer, 1, Integer::sum);
    }

    /// Starts the time limit for rendering and reading the answer.
    void requestIsHere(HttpConnection connection, long now) {
        lateAfter.replace(connection, now + bounds.readWithin());
    }

    /// Closes the connections that are over their time limit.
    void cutOffLate(long now) {
        List<HttpConnection> late = new ArrayList<>();
        lateAfter.forEach((connection, at) -> {
            if (now - at > 0) {
                late.add(connection);
            }
        });
        for (HttpConnection connection : late) {
            cutOff(connection.isAsked() ? HttpPages.CutOff.SLOW_READER : HttpPages.CutOff.SLOW_REQUEST, connection);
        }
    }

    void close(HttpConnection connection) {
        if (lateAfter.remove(connection) != null) {
            perPeer.computeIfPresent(connection.peer(), (_, count) -> count == 1 ? null : count - 1);
        }
        connection.close();
    }

    void closeAll() {
        List.copyOf(lateAfter.keySet()).forEach(this::close);
    }

    private void cutOff(HttpPages.CutOff reason, HttpConnection connection) {
        if (!connection.isAnswered()) {
            cutOff.accept(reason, connection);
        }
        close(connection);
    }

    private HttpConnection oldestOf(InetAddress peer) {
        return lateAfter.keySet().stream()
                .filter(connection -> connection.peer().equals(peer))
                .findFirst()
                .orElseThrow();
    }

    private InetAddress peerWithMost() {
        return perPeer.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }
}
