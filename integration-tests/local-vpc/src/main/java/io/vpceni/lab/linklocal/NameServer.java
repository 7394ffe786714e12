package io.vpceni.lab.linklocal;

import io.vpceni.lab.machine.Namespace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// A DNS server (RFC 1035) that answers every name with the same address.
public final class NameServer implements AutoCloseable {
    /// The Amazon-provided resolver of a VPC.
    public static final InetAddress VPC_RESOLVER = InetAddress.ofLiteral("169.254.169.253");

    /// NodeLocal DNSCache of Kubernetes, on the node itself.
    public static final InetAddress NODE_LOCAL = InetAddress.ofLiteral("169.254.20.10");

    private static final int PORT = 53;
    private static final int HEADER_BYTES = 12;
    private static final int QUERY_ID = 0x7670;
    private static final short RECURSION_DESIRED = 0x0100;
    private static final short ANSWER = (short) 0x8180; // response, recursion available
    private static final short TYPE_A = 1;
    private static final short CLASS_INTERNET = 1;
    private static final short NAME_OF_THE_QUESTION = (short) 0xc00c; // a pointer to byte 12
    private static final int TTL_SECONDS = 60;
    private static final int ADDRESS_BYTES = 4;
    private static final int LABEL_BYTES_MAX = 63;

    private final UdpServer server;

    private NameServer(UdpServer server) {
        this.server = server;
    }

    /// @param at an address of the namespace
    /// @param everything IPv4: the address of every name
    public static NameServer start(Namespace in, InetAddress at, InetAddress everything) throws IOException {
        return new NameServer(UdpServer.start(in, new InetSocketAddress(at, PORT), query -> answer(query, everything)));
    }

    /// Asks the server for the address of a name.
    ///
    /// @throws java.net.SocketTimeoutException when no answer comes within the time
    public static InetAddress ask(Namespace from, InetAddress server, String name, Duration max) throws IOException {
        byte[] answer = UdpServer.ask(from, new InetSocketAddress(server, PORT), query(name), max);
        if (answer.length < HEADER_BYTES + ADDRESS_BYTES
                || Short.toUnsignedInt(ByteBuffer.wrap(answer).getShort()) != QUERY_ID) {
            throw new IOException("no answer to the question of " + name + ": " + answer.length + " bytes");
        }
        return InetAddress.getByAddress(Arrays.copyOfRange(answer, answer.length - ADDRESS_BYTES, answer.length));
    }

    static byte[] query(String name) {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.US_ASCII);
            if (text.length == 0 || text.length > LABEL_BYTES_MAX) {
                throw new IllegalArgumentException("'" + name + "' is no name");
            }
            labels.write(text.length);
            labels.writeBytes(text);
        }
        labels.write(0);
        return ByteBuffer.allocate(HEADER_BYTES + labels.size() + 4)
                .putShort((short) QUERY_ID)
                .putShort(RECURSION_DESIRED)
                .putShort((short) 1)
                .position(HEADER_BYTES)
                .put(labels.toByteArray())
                .putShort(TYPE_A)
                .putShort(CLASS_INTERNET)
                .array();
    }

    /// Repeats the question and adds one record to it.
    static Optional<byte[]> answer(byte[] query, InetAddress everything) {
        ByteBuffer in = ByteBuffer.wrap(query);
        if (query.length <= HEADER_BYTES || (in.getShort(2) & 0x8000) != 0 || in.getShort(4) != 1) {
            return Optional.empty(); // not a query, or not exactly one question
        }
        ByteBuffer out = ByteBuffer.allocate(query.length + 12 + ADDRESS_BYTES)
                .put(query)
                .putShort(NAME_OF_THE_QUESTION)
                .putShort(TYPE_A)
                .putShort(CLASS_INTERNET)
                .putInt(TTL_SECONDS)
                .putShort((short) ADDRESS_BYTES)
                .put(everything.getAddress())
                .putShort(2, ANSWER)
                .putShort(6, (short) 1);
        return Optional.of(out.array());
    }

    @Override
    public void close() {
        server.close();
    }
}
