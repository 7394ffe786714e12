package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.linux.Errno;

/// Receives on one netlink socket what the kernel sends, and discards everything else.
///
/// Any process with CAP_NET_ADMIN in a network namespace can send to every netlink socket in it. A container may
/// have that in the namespace of its pod, where ipamd opens sockets too. Sequence numbers are easy to guess, so
/// the sender decides: the kernel's port id is 0, and no process can have it. For one thread at a time.
final class KernelDatagrams {

    private static final int AF_NETLINK = 16;
    private static final int MSG_TRUNC = 0x20;

    /// `struct sockaddr_nl`: `__kernel_sa_family_t nl_family; unsigned short nl_pad; __u32 nl_pid; __u32 nl_groups;`
    private static final int ADDRESS_BYTES = 12;

    private static final int PORT_ID_OFFSET = 4;

    /// The maximum number of datagrams that can arrive before [#refuseOthers]. Also the maximum that a
    /// listener discards before it reports them, because a listener cannot refuse multicasts of others.
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

    /// Connects the socket to the kernel. From then on the kernel refuses messages of other senders
    /// (ECONNREFUSED), so that they cannot fill the socket's buffer either. Multicasts still arrive.
    void refuseOthers() throws NetlinkFailure {
        ByteBuffer kernel = address(0);
        var _ = Syscalls.call("connect", "the kernel", () -> Syscalls.LIBC.connect(fd, kernel, kernel.remaining()));
    }

    /// The socket's port id. The socket has one after [#refuseOthers].
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

    /// Receives the kernel's next datagram, from index 0 of the buffer on.
    ///
    /// @param operation for the failure's text, like the subject
    /// @return its length in bytes; more than the buffer's size when it did not fit
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
                Errno.EBADMSG.intValue(),
                operation,
                subject,
                FOREIGN_MAX + " datagrams of other senders, and no answer of the kernel");
    }
}
