package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetnsInboxTest {

    private static final byte[] NONCE = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void aDescriptorArrivesOnceUnderItsNonce() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        try (NetnsInbox inbox = NetnsInbox.open(socket);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            send(socket, NONCE, own);

            Optional<NetnsFd> claimed = inbox.claim(NONCE, Duration.ofSeconds(5));

            assertThat(claimed).isPresent();
            try (NetnsFd netns = claimed.get()) {
                assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + netns.number())))
                        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
            }
            assertThat(inbox.claim(NONCE, Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void aDatagramOfAnotherLengthIsNotKept() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        try (NetnsInbox inbox = NetnsInbox.open(socket);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            byte[] shorter = "short".getBytes(StandardCharsets.US_ASCII);
            send(socket, shorter, own);
            send(socket, NONCE, own);

            inbox.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close(); // so the first was looked at too

            assertThat(inbox.claim(shorter, Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerMaySend() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        Files.createFile(socket); // a dead process left it
        try (NetnsInbox inbox = NetnsInbox.open(socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(inbox.claim(NONCE, Duration.ZERO)).isEmpty();
        }
    }

    private static void send(Path socket, byte[] bytes, NetnsFd what) throws NetlinkFailure {
        ByteBuffer address = NetnsInbox.address(socket);
        int fd = (int) Syscalls.call("socket", "test", () -> Syscalls.LIBC.socket(1, 2, 0));
        try {
            var _ = Syscalls.call("connect", "test", () -> Syscalls.LIBC.connect(fd, address, address.remaining()));
            new Datagram().send(fd, "test", bytes, what.number());
        } finally {
            Syscalls.close(fd);
        }
    }
}
