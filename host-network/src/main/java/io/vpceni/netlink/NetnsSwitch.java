package io.vpceni.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.linux.Errno;

/// Moves one platform thread into another network namespace (`setns(2)`) to open a socket there, and back.
///
/// A new thread for each socket would cost more than the other steps of a pod's wiring. The thread must not start
/// another thread while it is in the foreign namespace; opening a socket starts none. Only the thread that created
/// this may use it.
public final class NetnsSwitch implements AutoCloseable {

    /// `CLONE_NEWNET`, `linux/sched.h`.
    private static final int CLONE_NEWNET = 0x40000000;

    private final NetnsFd home;
    private final SetnsCall setns;
    private final ForeignDatagrams foreign;
    private volatile boolean stuck;

    /// Moves the calling thread into a namespace.
    @FunctionalInterface
    interface SetnsCall {
        void enter(NetnsFd netns) throws NetlinkFailure;
    }

    NetnsSwitch(NetnsFd home, SetnsCall setns, ForeignDatagrams foreign) {
        this.home = home;
        this.setns = setns;
        this.foreign = foreign;
    }

    /// Home is the calling thread's namespace.
    ///
    /// @param foreign counts the datagrams that the sockets discard
    public static NetnsSwitch fromHere(ForeignDatagrams foreign) throws NetlinkFailure {
        return new NetnsSwitch(NetnsFd.openHere(Path.of("/proc/thread-self/ns/net")), NetnsSwitch::enter, foreign);
    }

    /// Whether this namespace is the home namespace, whatever path it was opened by.
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

    /// Opens a socket in that namespace. The descriptor stays open.
    ///
    /// @throws NetlinkFailure also when the thread could not return, see [#isStuckInForeignNetns]
    /// @throws IllegalStateException after the thread is stuck
    public NetlinkSocket open(NetnsFd netns) throws NetlinkFailure {
        if (stuck) {
            throw new IllegalStateException("this thread is stuck in a foreign network namespace");
        }
        setns.enter(netns);
        NetlinkSocket socket;
        try {
            socket = NetlinkSocket.open(foreign);
        } catch (NetlinkFailure | RuntimeException | Error e) {
            try {
                restore();
            } catch (NetlinkFailure stranded) {
                e.addSuppressed(stranded);
            }
            throw e;
        }
        try {
            restore();
        } catch (NetlinkFailure | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /// The thread counts as stuck until `setns` has succeeded.
    private void restore() throws NetlinkFailure {
        stuck = true;
        setns.enter(home);
        stuck = false;
    }

    /// Whether the thread is in a foreign namespace and cannot leave it. It must then end: everything that it
    /// does or starts would be in that namespace.
    public boolean isStuckInForeignNetns() {
        return stuck;
    }

    private static void enter(NetnsFd netns) throws NetlinkFailure {
        Syscalls.call("setns", netns.toString(), () -> Syscalls.LIBC.setns(netns.number(), CLONE_NEWNET));
    }

    @Override
    public void close() {
        home.close();
    }
}
