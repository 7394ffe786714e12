package io.vpceni.lab.linklocal;

import io.vpceni.lab.machine.Namespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The Amazon Time Sync Service's NTP server (RFC 5905), as far as a client needs it.
public final class TimeServer implements AutoCloseable {
    /// Its address in every VPC.
    public static final InetAddress ADDRESS = InetAddress.ofLiteral("169.254.169.123");

    private static final int PORT = 123;
    private static final int PACKET_BYTES = 48;
    private static final int MODE_MASK = 7;
    private static final int MODE_CLIENT = 3;
    private static final byte VERSION_4_CLIENT = (4 << 3) | MODE_CLIENT;
    private static final byte VERSION_4_SERVER = (4 << 3) | 4;
    private static final byte STRATUM = 3;
    private static final int ORIGIN_AT = 24;
    private static final int RECEIVED_AT = 32;
    private static final int TRANSMITTED_AT = 40;
    private static final long SECONDS_FROM_1900_TO_1970 = 2_208_988_800L;

    private final UdpServer server;

    private TimeServer(UdpServer server) {
        this.server = server;
    }

    public static TimeServer start(Namespace in, InstantSource time) throws IOException {
        return new TimeServer(
                UdpServer.start(in, new InetSocketAddress(ADDRESS, PORT), request -> answer(request, time.instant())));
    }

    /// Asks the server for the time, in whole seconds.
    ///
    /// @throws java.net.SocketTimeoutException when no answer comes within the time
    public static Instant ask(Namespace from, Duration max) throws IOException {
        byte[] request = ByteBuffer.allocate(PACKET_BYTES).put(VERSION_4_CLIENT).array();
        byte[] answer = UdpServer.ask(from, new InetSocketAddress(ADDRESS, PORT), request, max);
        if (answer.length != PACKET_BYTES || answer[0] != VERSION_4_SERVER) {
            throw new IOException("no answer of an NTP server: " + answer.length + " bytes");
        }
        long seconds = Integer.toUnsignedLong(ByteBuffer.wrap(answer).getInt(TRANSMITTED_AT));
        return Instant.ofEpochSecond(seconds - SECONDS_FROM_1900_TO_1970);
    }

    static Optional<byte[]> answer(byte[] request, Instant now) {
        if (request.length < PACKET_BYTES || (request[0] & MODE_MASK) != MODE_CLIENT) {
            return Optional.empty();
        }
        long timestamp = (now.getEpochSecond() + SECONDS_FROM_1900_TO_1970) << Integer.SIZE;
        return Optional.of(ByteBuffer.allocate(PACKET_BYTES)
                .put(VERSION_4_SERVER)
                .put(STRATUM)
                .putLong(ORIGIN_AT, ByteBuffer.wrap(request).getLong(TRANSMITTED_AT))
                .putLong(RECEIVED_AT, timestamp)
                .putLong(TRANSMITTED_AT, timestamp)
                .array());
    }

    @Override
    public void close() {
        server.close();
    }
}
