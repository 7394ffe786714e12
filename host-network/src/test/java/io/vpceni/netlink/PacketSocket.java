package io.vpceni.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Sends frames over a link as they are: what a process with CAP_NET_RAW in a pod can do. One thread uses it.
public final class PacketSocket implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOSED_ON_EXEC = 3 | 0x80000;

    /// `struct sockaddr_ll`, `linux/if_packet.h`: family, protocol, index, and 12 bytes that sending does not need.
    private static final int ADDRESS_BYTES = 20;

    private static final int FRAME_BYTES_MAX = 1514;

    private final int fd;
    private final ByteBuffer sending = ByteBuffer.allocateDirect(FRAME_BYTES_MAX);

    private PacketSocket(int fd) {
        this.fd = fd;
    }

    public static PacketSocket open(Path netns, String link) throws IOException {
        return Netns.call(netns, () -> {
            ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putShort(0, (short) AF_PACKET)
                    .putInt(4, index(link));
            int fd = (int) Syscalls.call(
                    "socket", "AF_PACKET", () -> Syscalls.LIBC.socket(AF_PACKET, SOCK_RAW_CLOSED_ON_EXEC, 0));
            PacketSocket socket = new PacketSocket(fd);
            Syscalls.call("bind", link, () -> Syscalls.LIBC.bind(fd, address, ADDRESS_BYTES));
            return socket;
        });
    }

    private static int index(String link) throws IOException {
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            return socket.link(link)
                    .orElseThrow(() -> new IOException("no link " + link))
                    .index();
        }
    }

    /// @param frame from its Ethernet header on
    public void send(byte[] frame) throws NetlinkFailure {
        sending.clear().put(frame).flip();
        Syscalls.call("send", frame.length + " bytes", () -> Syscalls.LIBC.send(fd, sending, sending.remaining(), 0));
    }

    @Override
    public void close() {
        Syscalls.close(fd);
    }
}
