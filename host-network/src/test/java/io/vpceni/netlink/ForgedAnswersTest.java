package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.linux.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Somebody with CAP_NET_ADMIN in the same namespace (a container in its pod's) answers in the kernel's place, before
/// ipamd even asks, with the sequence number that ipamd will use.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class ForgedAnswersTest {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOSED_ON_EXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final short NLMSG_ERROR = 2;
    private static final short NLMSG_DONE = 3;

    private final String namespace = "vpl-forged" + ProcessHandle.current().pid();
    private final Path netns = Path.of("/run/netns", namespace);

    private NetlinkSocket ours;
    private int portId;
    private int others;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        ip("netns", "add", namespace);
        ours = Netns.call(netns, NetlinkSocket::open);
        assertThat(ours.link("lo")).as("the first answer, of number 1").isPresent();
        portId = Netns.call(netns, ForgedAnswersTest::onlyPortId);
        others = Netns.call(netns, () -> (int) Syscalls.call(
                "socket", "test", () -> Syscalls.LIBC.socket(AF_NETLINK, SOCK_RAW_CLOSED_ON_EXEC, NETLINK_ROUTE)));
        ByteBuffer victim = KernelDatagrams.address(portId);
        var _ = Syscalls.call("connect", "test", () -> Syscalls.LIBC.connect(others, victim, victim.remaining()));
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        ours.close();
        Syscalls.close(others);
        ip("netns", "del", namespace);
    }

    @Test
    void aForgedAcknowledgementIsNotBelieved() {
        forge(2, NLMSG_ERROR);

        assertThatThrownBy(() -> ours.request(Links.delete(4711)))
                .isInstanceOfSatisfying(
                        NetlinkFailure.class,
                        e -> assertThat(e.is(Errno.ENODEV)).isTrue());
    }

    @Test
    void forgedAnswersToSeveralAtOnceAreNotBelieved() throws NetlinkFailure {
        forge(2, NLMSG_ERROR);
        forge(3, NLMSG_ERROR);

        assertThat(ours.requestEach(List.of(Links.delete(4711), Links.delete(4712))))
                .allMatch(outcome -> outcome.isPresent());
    }

    @Test
    void aForgedEndOfADumpDoesNotShortenIt() throws NetlinkFailure {
        forge(2, NLMSG_DONE);

        assertThat(ours.links()).extracting(Link::name).contains("lo");
    }

    /// Whoever has CAP_NET_ADMIN may send to the kernel's groups, and a listener cannot refuse it.
    @Test
    void whatIsSentToAGroupIsNoEventAndIsCounted() throws IOException {
        ForeignDatagrams foreign = new ForeignDatagrams();
        try (KernelEvents events = Netns.call(netns, () -> KernelEvents.open(foreign))) {
            ByteBuffer links = KernelDatagrams.address(0).order(ByteOrder.nativeOrder());
            links.putInt(8, 1); // nl_groups: RTNLGRP_LINK
            var _ = Syscalls.call("connect", "test", () -> Syscalls.LIBC.connect(others, links, links.remaining()));
            forge(1, NLMSG_DONE);

            assertThat(events.await(Duration.ofSeconds(30))).isEmpty();
            assertThat(foreign.seen().count()).isEqualTo(1);
        }
    }

    /// `struct nlmsghdr`, and an `int error` of 0.
    private void forge(int sequence, short type) {
        ByteBuffer message = ByteBuffer.allocateDirect(36).order(ByteOrder.nativeOrder());
        message.putInt(0, 36).putShort(4, type).putInt(8, sequence).putInt(12, portId);
        // The kernel may refuse it at once, and then nothing was forged either.
        var _ = Syscalls.LIBC.send(others, message, message.remaining(), 0);
    }

    /// `/proc/net/netlink`: sk Eth Pid ...; the kernel's own sockets have 0.
    private static int onlyPortId() throws IOException {
        List<Integer> found = Files.readAllLines(Path.of("/proc/thread-self/net/netlink")).stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(column -> column[1].equals("0") && !column[2].equals("0"))
                .map(column -> Integer.parseUnsignedInt(column[2]))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
