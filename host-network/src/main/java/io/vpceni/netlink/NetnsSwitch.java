package io.vpceni.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.linux.Errno;

/// One platform thread's way into other network namespaces and back, for as long as it takes to open a socket there.
///
/// A thread of its own for each visit would cost more than all else that a sandbox needs. What a stay of three system
/// calls must not do is give birth to a thread, and opening a socket does not. Used by the thread that made it, and by
/// no other.
public final class NetnsSwitch implements AutoCloseable {

    /// `CLONE_NEWNET`, `linux/sched.h`.
    private static final int CLONE_NEWNET = 0x40000000;

    private final NetnsFd home;
    private final Way way;
    private final ForeignDatagrams foreign;
    private volatile boolean lost;

    /// Takes the calling thread into a namespace.
    @FunctionalInterface
    interface Way {
        void enter(NetnsFd netns) throws NetlinkFailure;
    }

    NetnsSwitch(NetnsFd home, Way way, ForeignDatagrams foreign) {
        this.home = home;
        this.way = way;
        this.foreign = foreign;
    }

    /// The calling thread's namespace is home.
    ///
    /// @param foreign hears of what the sockets throw away
    public static NetnsSwitch fromHere(ForeignDatagrams foreign) throws NetlinkFailure {
        return new NetnsSwitch(NetnsFd.openHere(Path.of("/proc/thread-self/ns/net")), NetnsSwitch::enter, foreign);
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
    ///
    /// @throws NetlinkFailure also when the thread could not come home, see [#isLost]
    /// @throws IllegalStateException once lost
    public NetlinkSocket open(NetnsFd netns) throws NetlinkFailure {
        if (lost) {
            throw new IllegalStateException("this thread is not at home");
        }
        way.enter(netns);
        NetlinkSocket socket;
        try {
            socket = NetlinkSocket.open(foreign);
        } catch (NetlinkFailure | RuntimeException | Error e) {
            try {
                goHome();
            } catch (NetlinkFailure stranded) {
                e.addSuppressed(stranded);
            }
            throw e;
        }
        try {
            goHome();
        } catch (NetlinkFailure | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /// Lost until it has arrived, whatever it is that goes wrong.
    private void goHome() throws NetlinkFailure {
        lost = true;
        way.enter(home);
        lost = false;
    }

    /// Whether the thread stands in a foreign namespace and could not leave it. It must not do or start anything more.
    public boolean isLost() {
        return lost;
    }

    private static void enter(NetnsFd netns) throws NetlinkFailure {
        Syscalls.call("setns", netns.toString(), () -> Syscalls.LIBC.setns(netns.number(), CLONE_NEWNET));
    }

    @Override
    public void close() {
        home.close();
    }
}
