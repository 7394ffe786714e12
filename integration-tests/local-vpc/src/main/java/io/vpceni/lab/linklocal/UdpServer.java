package io.vpceni.lab.linklocal;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/// A UDP server in some namespace that answers each datagram with at most one.
final class UdpServer implements AutoCloseable {
    private static final int DATAGRAM_BYTES_MAX = 512; // of DNS without EDNS; NTP needs 48

    private final DatagramSocket socket;
    private final Function<byte[], Optional<byte[]>> answers;

    private UdpServer(DatagramSocket socket, Function<byte[], Optional<byte[]>> answers) {
        this.socket = socket;
        this.answers = answers;
    }

    /// @param answers pure; empty: the datagram is not a request
    static UdpServer start(Namespace in, InetSocketAddress at, Function<byte[], Optional<byte[]>> answers)
            throws IOException {
        UdpServer server = new UdpServer(Netns.call(in.path(), () -> new DatagramSocket(at)), answers);
        Thread _ = Thread.ofPlatform()
                .name("udp-" + at.getPort() + "-" + in.name())
                .daemon()
                .start(server::serve);
        return server;
    }

    /// @throws java.net.SocketTimeoutException when no answer comes within the time
    static byte[] ask(Namespace from, InetSocketAddress server, byte[] request, Duration max) throws IOException {
        return Netns.call(from.path(), () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout((int) max.toMillis());
                socket.connect(server); // answers from other senders are discarded
                socket.send(new DatagramPacket(request, request.length));
                return received(socket);
            }
        });
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                DatagramPacket came = new DatagramPacket(new byte[DATAGRAM_BYTES_MAX], DATAGRAM_BYTES_MAX);
                socket.receive(came);
                Optional<byte[]> answer = answers.apply(Arrays.copyOf(came.getData(), came.getLength()));
                if (answer.isPresent()) {
                    socket.send(new DatagramPacket(answer.get(), answer.get().length, came.getSocketAddress()));
                }
            } catch (IOException _) {
                // The client has gone, or this server is closed: the next iteration shows which.
            }
        }
    }

    private static byte[] received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES_MAX], DATAGRAM_BYTES_MAX);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Override
    public void close() {
        socket.close();
    }
}
