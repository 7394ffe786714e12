package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.linux.Errno;

/// What the kernel sends to one netlink socket, and nothing else.
///
/// Whoever has CAP_NET_ADMIN in a network namespace can send to every netlink socket in it: a container may, in the
/// namespace of its pod, where ipamd opens sockets too. A sequence number is easily guessed, so the sender decides:
/// the kernel's port id is 0 and nobody else can have it. Used by one thread at a time.
final class KernelDatagrams {

    private static final int AF_NETLINK = 16;
    private static final int MSG_TRUNC = 0x20;

    /// `struct sockaddr_nl`: `__kernel_sa_family_t nl_family; unsigned short nl_pad; __u32 nl_pid; __u32 nl_groups;`
    private static final int ADDRESS_BYTES = 12;

    private static final int PORT_ID_OFFSET = 4;

    /// What can come in before [#refuseOthers]; and the most that a listener, which cannot refuse multicasts of
    /// others, throws away before it says so.
    private static final int FOREIGN_MAX = 1000;

    private final int fd;
    private final ForeignDatagrams foreign;
    private final ByteBuffer sender = ByteBuffer.allocateDirect(ADDRESS_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer senderBytes =
            ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());

    KernelDatagrams(int fd, ForeignDatagrams foreign) {
        this.fd = fd;
        this.foreign = foreign;
    }

    /// Connects the socket to the kernel: from then on the kernel refuses what others send to it (ECONNREFUSED), so
    /// that they cannot fill its buffer either. Multicasts still come in.
    void refuseOthers() throws NetlinkFailure {
        ByteBuffer kernel = address(0);
        var _ = Syscalls.call("connect", "the kernel", () -> Syscalls.LIBC.connect(fd, kernel, kernel.remaining()));
    }

    /// The socket's port id, which it has since [#refuseOthers].
    int ownPort() throws NetlinkFailure {
        ByteBuffer own = address(0);
        ByteBuffer bytes = ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, ADDRESS_BYTES);
        var _ = Syscalls.call("getsockname", "netlink", () -> Syscalls.LIBC.getsockname(fd, own, bytes));
        return own.getInt(PORT_ID_OFFSET);
    }

    /// @param portId the socket's; 0 is the kernel's
    static ByteBuffer address(int portId) {
        return ByteBuffer.allocateDirect(ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) AF_NETLINK)
                .putInt(PORT_ID_OFFSET, portId);
    }

    /// The next datagram of the kernel's, from index 0 of the buffer on.
    ///
    /// @param operation for the failure's text, as is the subject
    /// @return its length in bytes; more than the buffer takes when it did not fit
    int receive(ByteBuffer into, String operation, String subject) throws NetlinkFailure {
        for (int thrownAway = 0; thrownAway <= FOREIGN_MAX; thrownAway++) {
            into.clear();
            sender.putInt(PORT_ID_OFFSET, -1);
            senderBytes.putInt(0, ADDRESS_BYTES);
            int bytes = (int) Syscalls.call(
                    operation,
                    subject,
                    () -> Syscalls.LIBC.recvfrom(fd, into, into.capacity(), MSG_TRUNC, sender, senderBytes));
            int portId = sender.getInt(PORT_ID_OFFSET);
            if (portId == 0) {
                return bytes;
            }
            foreign.thrownAway(portId);
        }
        throw new NetlinkFailure(
                Errno.EBADMSG.intValue(), operation, subject, FOREIGN_MAX + " datagrams that are not the kernel's");
    }
}
