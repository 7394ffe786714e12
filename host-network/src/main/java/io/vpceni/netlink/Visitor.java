package io.vpceni.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.linux.Errno;

/// One platform thread's way into other network namespaces and back, for as long as it takes to open a socket there.
///
/// A thread of its own for each visit would cost more than all else that a sandbox needs. What a stay of three system
/// calls must not do is give birth to a thread, and opening a socket does not. Used by the thread that made it, and by
/// no
/// other.
public final class Visitor implements AutoCloseable {

    /// `CLONE_NEWNET`, `linux/sched.h`.
    private static final int CLONE_NEWNET = 0x40000000;

    private final NetnsFd home;

    private Visitor(NetnsFd home) {
        this.home = home;
    }

    /// The calling thread's namespace is home.
    public static Visitor fromHere() throws NetlinkFailure {
        return new Visitor(NetnsFd.openHere(Path.of("/proc/thread-self/ns/net")));
    }

    /// Whether that namespace is home, by whatever path it was opened.
    public boolean isHome(NetnsFd netns) throws NetlinkFailure {
        try {
            // By device and inode: a descriptor's link shows a path instead when the namespace was mounted there.
            return Files.isSameFile(path(netns), path(home));
        } catch (IOException e) {
            throw new NetlinkFailure(Errno.EIO.intValue(), "stat", netns.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static Path path(NetnsFd netns) {
        return Path.of("/proc/self/fd", String.valueOf(netns.number()));
    }

    /// A socket that lives in that namespace. The descriptor stays open.
    public NetlinkSocket open(NetnsFd netns) throws NetlinkFailure {
        enter(netns);
        NetlinkSocket socket;
        try {
            socket = NetlinkSocket.open();
        } catch (NetlinkFailure | RuntimeException | Error e) {
            enter(home);
            throw e;
        }
        try {
            enter(home);
        } catch (NetlinkFailure e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static void enter(NetnsFd netns) throws NetlinkFailure {
        Syscalls.call("setns", netns.toString(), () -> Syscalls.LIBC.setns(netns.number(), CLONE_NEWNET));
    }

    @Override
    public void close() {
        home.close();
    }
}
