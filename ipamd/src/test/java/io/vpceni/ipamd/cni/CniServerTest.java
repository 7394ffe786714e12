package io.vpceni.ipamd.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniGrpc;
import io.vpceni.rpc.CniRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniServerTest {
    @TempDir
    private Path directory;

    @Test
    void answersOverASocketThatOnlyItsOwnerMayUse() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        try (CniServer server = start(socket)) {
            assertThat(server).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(call(socket, "hello")).isEqualTo("hello");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void replacesASocketThatNobodyServes() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(socket)); // its file stays
        }

        try (CniServer server = start(socket)) {
            assertThat(server).isNotNull();
            assertThat(call(socket, "again")).isEqualTo("again");
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws IOException {
        Path file = directory.resolve("ipamd.sock");
        Files.writeString(file, "precious");

        assertThatThrownBy(() -> start(file).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void leavesASocketAloneThatAnotherServes() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        try (CniServer first = start(socket)) {
            assertThat(first).isNotNull();

            assertThatThrownBy(() -> start(socket).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another ipamd serves");
            assertThat(call(socket, "still here")).isEqualTo("still here");
        }
    }

    @Test
    void aSocketThatSomebodyDeletedIsMissedAndReplaced() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        try (CniEndpoint door = CniEndpoint.open(socket, CniServerTest::echo, new Metrics("test"), System::nanoTime)) {
            assertThat(door.isOpen()).isTrue();
            Files.delete(socket);
            assertThat(door.isOpen()).isFalse();

            door.reopen();

            assertThat(door.isOpen()).isTrue();
            assertThat(call(socket, "again")).isEqualTo("again");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aServerThatEndedLeavesTheSocketOfTheNextAlone() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        CniServer first = start(socket);
        Files.delete(socket);
        try (CniServer second = start(socket)) {
            first.close();

            assertThat(second.isThere()).isTrue();
            assertThat(call(socket, "still here")).isEqualTo("still here");
        }
    }

    @Test
    void aServerThatGreetsNobodyIsReplaced() throws IOException, InterruptedException {
        Path socket = directory.resolve("ipamd.sock");
        try (CniEndpoint door = CniEndpoint.open(socket, CniServerTest::echo, new Metrics("test"), System::nanoTime)) {
            door.breakServer();
            assertThat(door.isOpen()).isFalse();

            door.reopen();

            assertThat(door.isOpen()).isTrue();
            assertThat(call(socket, "again")).isEqualTo("again");
        }
    }

    @Test
    void twoHundredHalfOpenConnectionsKeepNobodyElseOut() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        List<SocketChannel> half = new ArrayList<>();
        try (CniServer server = start(socket)) {
            assertThat(server.greets()).isTrue();
            for (int i = 0; i < 200; i++) {
                SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                half.add(connection);
                connection.write(ByteBuffer.wrap("PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII)));
            }

            assertThat(call(socket, "hello")).isEqualTo("hello");
        } finally {
            for (SocketChannel connection : half) {
                connection.close();
            }
        }
    }

    private static CniServer start(Path socket) throws IOException {
        return CniServer.start(socket, CniServerTest::echo, _ -> {}, System::nanoTime);
    }

    private static CniAnswer echo(CniRequest request) {
        return CniAnswer.newBuilder().setStdout(request.getStdin()).build();
    }

    static String call(Path socket, String stdin) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class)
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
        try {
            return CniGrpc.newBlockingStub(channel)
                    .call(CniRequest.newBuilder()
                            .setStdin(ByteString.copyFromUtf8(stdin))
                            .build())
                    .getStdout()
                    .toStringUtf8();
        } finally {
            channel.shutdownNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
