package io.vpceni.netlink;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;

/// The functions of the C library that this package calls; jnr-ffi binds them by name. Buffers are direct.
///
/// Public because jnr-ffi implements it from its own class loader. Do not use it outside this package.
public interface NetlinkLibc {

    int open(String path, int flags);

    int close(int fd);

    int setns(int fd, int kind);

    int socket(int domain, int type, int protocol);

    int bind(int fd, ByteBuffer address, int bytes);

    int connect(int fd, ByteBuffer address, int bytes);

    int setsockopt(int fd, int level, int option, ByteBuffer value, int bytes);

    int getsockopt(int fd, int level, int option, ByteBuffer value, ByteBuffer bytes);

    long send(int fd, ByteBuffer message, long bytes, int flags);

    long recvfrom(int fd, ByteBuffer into, long bytes, int flags, ByteBuffer sender, ByteBuffer senderBytes);

    long sendmsg(int fd, Pointer message, int flags);

    long recvmsg(int fd, Pointer message, int flags);

    int shutdown(int fd, int how);

    int poll(ByteBuffer descriptors, long count, int timeoutMillis);

    int fchmod(int fd, int mode);

    int getsockname(int fd, ByteBuffer address, ByteBuffer bytes);

    int eventfd(int count, int flags);

    long read(int fd, ByteBuffer into, long bytes);

    long write(int fd, ByteBuffer from, long bytes);
}
