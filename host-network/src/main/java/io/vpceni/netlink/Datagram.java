package io.vpceni.netlink;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/// One datagram of up to 16 bytes with up to four descriptors, and the C structures that carry it on 64-bit Linux.
///
/// // struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
/// //                 void *msg_control; size_t msg_controllen; int msg_flags; };            -> 56 bytes
/// // struct iovec { void *iov_base; size_t iov_len; };                                      -> 16 bytes
/// // struct cmsghdr { size_t cmsg_len; int cmsg_level; int cmsg_type; } and its value       -> 16 bytes and the value
final class Datagram {

    static final int BYTES_MAX = 16;

    private static final int DESCRIPTORS_MAX = 4;
    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int CONTROL_BYTES = CONTROL_HEADER_BYTES + DESCRIPTORS_MAX * Integer.BYTES;
    private static final int MESSAGE_BYTES = 56;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private final Pointer bytes = Memory.allocateDirect(Syscalls.runtime(), BYTES_MAX);
    private final Pointer vector = Memory.allocateDirect(Syscalls.runtime(), 16);
    private final Pointer control = Memory.allocateDirect(Syscalls.runtime(), CONTROL_BYTES);
    private final Pointer message = Memory.allocateDirect(Syscalls.runtime(), MESSAGE_BYTES);

    /// What was received: the whole datagram, or one that was larger than the buffer.
    record Received(String bytesHex, boolean whole, List<Integer> descriptors) {}

    /// Empty: nothing arrived within the socket's timeout.
    Optional<Received> receive(int socket, String subject) throws NetlinkFailure {
        prepare(BYTES_MAX, CONTROL_BYTES);
        int length;
        try {
            length = (int)
                    Syscalls.call("recvmsg", subject, () -> Syscalls.LIBC.recvmsg(socket, message, MSG_CMSG_CLOEXEC));
        } catch (NetlinkFailure e) {
            if (e.is(Errno.EAGAIN)) {
                return Optional.empty();
            }
            throw e;
        }
        byte[] received = new byte[length];
        bytes.get(0, received, 0, length);
        return Optional.of(
                new Received(HexFormat.of().formatHex(received), (message.getInt(48) & MSG_TRUNC) == 0, descriptors()));
    }

    /// Sends bytes and one descriptor over a connected socket.
    void send(int socket, String subject, byte[] what, int descriptor) throws NetlinkFailure {
        prepare(what.length, CONTROL_HEADER_BYTES + 2 * Integer.BYTES);
        bytes.put(0, what, 0, what.length);
        control.putLong(0, CONTROL_HEADER_BYTES + Integer.BYTES);
        control.putInt(8, SOL_SOCKET);
        control.putInt(12, SCM_RIGHTS);
        control.putInt(CONTROL_HEADER_BYTES, descriptor);
        var _ = Syscalls.call("sendmsg", subject, () -> Syscalls.LIBC.sendmsg(socket, message, 0));
    }

    private void prepare(int length, int controlLength) {
        vector.putLong(0, bytes.address());
        vector.putLong(8, length);
        control.setMemory(0, CONTROL_BYTES, (byte) 0);
        message.setMemory(0, MESSAGE_BYTES, (byte) 0);
        message.putLong(16, vector.address());
        message.putLong(24, 1);
        message.putLong(32, control.address());
        message.putLong(40, controlLength);
    }

    private List<Integer> descriptors() {
        List<Integer> found = new ArrayList<>();
        long controlLength = message.getLong(40);
        if (controlLength >= CONTROL_HEADER_BYTES
                && control.getInt(8) == SOL_SOCKET
                && control.getInt(12) == SCM_RIGHTS) {
            long end = Math.min(control.getLong(0), CONTROL_BYTES);
            for (long at = CONTROL_HEADER_BYTES; at + Integer.BYTES <= end; at += Integer.BYTES) {
                found.add(control.getInt(at));
            }
        }
        return found;
    }
}
