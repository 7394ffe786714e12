package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import jnr.constants.platform.linux.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On the one netlink protocol on which everybody may send to everybody, `NETLINK_USERSOCK`.
class KernelDatagramsTest {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOSED_ON_EXEC = 3 | 0x80000;
    private static final int NETLINK_USERSOCK = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;

    private final int portId = ThreadLocalRandom.current().nextInt(1 << 24, 1 << 30);
    private int ours;
    private int others;

    @BeforeEach
    void open() throws NetlinkFailure {
        ours = socket();
        others = socket();
        ByteBuffer address = KernelDatagrams.address(portId);
        var _ = Syscalls.call("bind", "ours", () -> Syscalls.LIBC.bind(ours, address, address.remaining()));
        ByteBuffer second = NetlinkSocket.timeValue(1);
        var _ = Syscalls.call(
                "setsockopt",
                "ours",
                () -> Syscalls.LIBC.setsockopt(ours, SOL_SOCKET, SO_RCVTIMEO, second, second.remaining()));
        var _ = Syscalls.call("connect", "others", () -> Syscalls.LIBC.connect(others, address, address.remaining()));
    }

    @AfterEach
    void close() {
        Syscalls.close(ours);
        Syscalls.close(others);
    }

    @Test
    void whatAnotherProcessSendsIsThrownAwayAndCounted() throws NetlinkFailure {
        ForeignDatagrams foreign = new ForeignDatagrams();
        KernelDatagrams datagrams = new KernelDatagrams(ours, foreign);
        send();
        send();

        assertThatThrownBy(() -> datagrams.receive(ByteBuffer.allocateDirect(64), "recvfrom", "test"))
                .isInstanceOfSatisfying(
                        NetlinkFailure.class,
                        e -> assertThat(e.is(Errno.EAGAIN)).isTrue());
        assertThat(foreign.seen().count()).isEqualTo(2);
    }

    @Test
    void onceConnectedTheKernelRefusesWhatAnotherProcessSends() throws NetlinkFailure {
        new KernelDatagrams(ours, new ForeignDatagrams()).refuseOthers();

        assertThatThrownBy(this::send)
                .isInstanceOfSatisfying(
                        NetlinkFailure.class,
                        e -> assertThat(e.is(Errno.ECONNREFUSED)).isTrue());
    }

    @Test
    void theKernelsAddressIsOneOfSockaddrNl() {
        assertThat(KernelDatagrams.address(0).order(ByteOrder.nativeOrder()).getShort(0))
                .isEqualTo((short) AF_NETLINK);
        assertThat(KernelDatagrams.address(7).remaining()).isEqualTo(12);
        assertThat(KernelDatagrams.address(7).order(ByteOrder.nativeOrder()).getInt(4))
                .isEqualTo(7);
    }

    private void send() throws NetlinkFailure {
        ByteBuffer message = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        message.putInt(0, 16);
        var _ = Syscalls.call("send", "test", () -> Syscalls.LIBC.send(others, message, message.remaining(), 0));
    }

    private static int socket() throws NetlinkFailure {
        return (int) Syscalls.call(
                "socket", "test", () -> Syscalls.LIBC.socket(AF_NETLINK, SOCK_RAW_CLOSED_ON_EXEC, NETLINK_USERSOCK));
    }
}
