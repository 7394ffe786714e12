package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jnr.constants.platform.linux.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("try") // closed early and twice is what one of them is about
class NetnsFdReceiverTest {

    private static final byte[] NONCE = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void aDescriptorArrivesOnceUnderItsNonce() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket);
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
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket);
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
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(inbox.claim(NONCE, Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void closingIsQuickAndTakesTheFileAndTheDescriptorsAway() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        NetnsFdReceiver inbox = NetnsFdReceiver.open(socket);
        long before = descriptorsOfNamespaces();
        try (inbox;
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            send(socket, NONCE, own);
            send(socket, "sixteen bytes no".getBytes(StandardCharsets.US_ASCII), own);
            inbox.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();
            long start = System.nanoTime();

            inbox.close();
            inbox.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
        }
        assertThat(socket).doesNotExist();
        assertThat(descriptorsOfNamespaces()).isEqualTo(before);
        assertThat(inbox.claim(NONCE, Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void whatNobodyClaimsInTenSecondsIsClosed() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        AtomicLong nanos = new AtomicLong();
        long before = descriptorsOfNamespaces();
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket, nanos::get);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            send(socket, nonce(1), own);
            send(socket, nonce(2), own);
            inbox.claim(nonce(2), Duration.ofSeconds(5)).orElseThrow().close(); // so the first is there too
            assertThat(descriptorsOfNamespaces()).isEqualTo(before + 2);

            nanos.set(Duration.ofSeconds(11).toNanos());
            send(socket, nonce(3), own); // one that arrives makes it look
            send(socket, nonce(4), own);
            inbox.claim(nonce(4), Duration.ofSeconds(5)).orElseThrow().close();

            assertThat(inbox.claim(nonce(1), Duration.ZERO)).isEmpty();
            assertThat(descriptorsOfNamespaces()).isEqualTo(before + 2); // own and the third
        }
    }

    @Test
    void whatIsSentAgainIsKeptNoLongerAndOutlivesNothing() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        AtomicLong nanos = new AtomicLong();
        long before = descriptorsOfNamespaces();
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket, nanos::get);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            send(socket, nonce(1), own);
            send(socket, nonce(2), own);
            send(socket, nonce(3), own);
            inbox.claim(nonce(3), Duration.ofSeconds(5)).orElseThrow().close(); // so both are there
            nanos.set(Duration.ofSeconds(6).toNanos());
            send(socket, nonce(1), own); // again
            send(socket, nonce(4), own);
            inbox.claim(nonce(4), Duration.ofSeconds(5)).orElseThrow().close();

            nanos.set(Duration.ofSeconds(11).toNanos());
            send(socket, nonce(5), own); // one that arrives makes it look
            send(socket, nonce(6), own);
            inbox.claim(nonce(6), Duration.ofSeconds(5)).orElseThrow().close();

            assertThat(inbox.claim(nonce(1), Duration.ZERO)).isEmpty();
            assertThat(inbox.claim(nonce(2), Duration.ZERO)).isEmpty();
            assertThat(descriptorsOfNamespaces()).isEqualTo(before + 2); // own and the fifth
        }
    }

    @Test
    void beyondItsLimitTheOldestAreClosed() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        long before = descriptorsOfNamespaces();
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            for (int i = 0; i < 300; i++) {
                send(socket, nonce(i), own);
            }
            send(socket, NONCE, own);
            inbox.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();

            assertThat(inbox.claim(nonce(0), Duration.ZERO)).isEmpty();
            assertThat(descriptorsOfNamespaces()).isBetween(before + 250, before + 1 + 257);
            inbox.claim(nonce(299), Duration.ZERO).orElseThrow().close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"ENOMEM", "ENOBUFS", "EINTR"})
    void anErrorOfTheMomentDoesNotEndTheReceiver(Errno errno) throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        Datagram datagram = new Datagram();
        AtomicInteger failures = new AtomicInteger();
        NetnsFdReceiver.DatagramReader datagrams = (fd, subject) -> {
            if (failures.getAndIncrement() < 3) {
                throw new NetlinkFailure(errno.intValue(), "recvmsg", subject, "");
            }
            return datagram.receive(fd, subject);
        };
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket, System::nanoTime, datagrams);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            send(socket, NONCE, own);

            inbox.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();

            assertThat(failures).hasValueGreaterThan(3);
            assertThat(inbox.isOpen()).isTrue();
        }
    }

    @Test
    void anErrorForGoodEndsItAndIsSeen() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        NetnsFdReceiver.DatagramReader datagrams = (_, subject) -> {
            throw new NetlinkFailure(Errno.EBADF.intValue(), "recvmsg", subject, "");
        };
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket, System::nanoTime, datagrams)) {
            assertThat(inbox.claim(NONCE, Duration.ofSeconds(20))).isEmpty(); // it waits no longer than it lives
            assertThat(inbox.isOpen()).isFalse();
        }
    }

    @Test
    void aSocketThatSomebodyDeletedIsMissedAndReplaced() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            send(socket, nonce(1), own);
            send(socket, nonce(2), own);
            inbox.claim(nonce(2), Duration.ofSeconds(5)).orElseThrow().close(); // so the first is there too
            Files.delete(socket);
            assertThat(inbox.isOpen()).isFalse();

            inbox.reopen();

            assertThat(inbox.isOpen()).isTrue();
            send(socket, NONCE, own);
            inbox.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();
            inbox.claim(nonce(1), Duration.ZERO).orElseThrow().close();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aReceiverThatFailedForGoodIsReplaced() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        Datagram datagram = new Datagram();
        AtomicInteger calls = new AtomicInteger();
        NetnsFdReceiver.DatagramReader datagrams = (fd, subject) -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("a bug of ours");
            }
            return datagram.receive(fd, subject);
        };
        try (NetnsFdReceiver inbox = NetnsFdReceiver.open(socket, System::nanoTime, datagrams);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            assertThat(inbox.claim(NONCE, Duration.ofSeconds(20))).isEmpty();
            assertThat(inbox.isOpen()).isFalse();

            inbox.reopen();
            send(socket, NONCE, own);

            inbox.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();
        }
    }

    @Test
    void aSecondOneIsRefusedAndLeavesTheFirstAlone() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        try (NetnsFdReceiver first = NetnsFdReceiver.open(socket);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            assertThatThrownBy(() -> NetnsFdReceiver.open(socket)).hasMessageContaining("another ipamd receives there");

            send(socket, NONCE, own);
            first.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();
        }
    }

    @Test
    void closingLeavesTheSocketOfAnotherAlone() throws IOException, InterruptedException {
        Path socket = directory.resolve("netns.sock");
        NetnsFdReceiver first = NetnsFdReceiver.open(socket);
        Files.delete(socket);
        try (NetnsFdReceiver second = NetnsFdReceiver.open(socket);
                NetnsFd own = NetnsFd.open(Path.of("/proc/self/ns/net"))) {
            first.close();

            send(socket, NONCE, own);
            second.claim(NONCE, Duration.ofSeconds(5)).orElseThrow().close();
        }
    }

    @Test
    void itLivesUntilItIsClosed() throws IOException {
        NetnsFdReceiver inbox = NetnsFdReceiver.open(directory.resolve("netns.sock"));
        try (inbox) {
            assertThat(inbox.isOpen()).isTrue();
        }
        assertThat(inbox.isOpen()).isFalse();
    }

    private static byte[] nonce(int number) {
        return String.format(Locale.ROOT, "%016d", number).getBytes(StandardCharsets.US_ASCII);
    }

    private static long descriptorsOfNamespaces() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)
                        && Files.readSymbolicLink(descriptor).toString().startsWith("net:")) {
                    count++;
                }
            }
        }
        return count;
    }

    private static void send(Path socket, byte[] bytes, NetnsFd what) throws NetlinkFailure {
        ByteBuffer address = NetnsFdReceiver.address(socket);
        int fd = (int) Syscalls.call("socket", "test", () -> Syscalls.LIBC.socket(1, 2, 0));
        try {
            var _ = Syscalls.call("connect", "test", () -> Syscalls.LIBC.connect(fd, address, address.remaining()));
            new Datagram().send(fd, "test", bytes, what.number());
        } finally {
            Syscalls.close(fd);
        }
    }
}
