package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.linux.Errno;

/// Listens for changes of links, IPv4 addresses, routes, rules, settings and nftables in one network namespace:
/// that of the thread that opened this. One thread awaits; any thread may wake it.
///
/// The kernel sends no event for routes that it removes because their link goes down or loses its last address.
public final class KernelEvents implements AutoCloseable {

    private static final int AF_NETLINK = 16;
    private static final int RAW_CLOSED_ON_EXEC_WITHOUT_WAITING = 3 | 0x80000 | 0x800;
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_NETFILTER = 12;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int EVENTFD_CLOSED_ON_EXEC_WITHOUT_WAITING = 0x80000 | 0x800;
    private static final short POLLIN = 1;
    private static final int POLL_BYTES = 8; // struct pollfd { int fd; short events; short revents; }

    /// `RTNLGRP_LINK`, `_IPV4_IFADDR`, `_IPV4_ROUTE`, `_IPV4_RULE`, `_IPV4_NETCONF`, `linux/rtnetlink.h`.
    private static final int[] ROUTE_GROUPS = {1, 5, 7, 8, 24};

    /// `NFNLGRP_NFTABLES`, `linux/netfilter/nfnetlink.h`.
    private static final int[] NETFILTER_GROUPS = {7};

    /// An event takes 832 bytes of it, whatever its length: 2,500 events fit, as many as the rules of 1,200
    /// pods. The kernel doubles this value.
    private static final int BUFFER_BYTES = 1024 * 1024;

    /// The kernel puts several nftables messages into one datagram, of at most this size (`NLMSG_GOODSIZE` is
    /// less).
    private static final int DATAGRAM_BYTES_MAX = 64 * 1024;

    /// The maximum number of datagrams that are read before their events are handled.
    private static final int DATAGRAMS_MAX = 512;

    private final int route;
    private final int netfilter;
    private final int wake;
    private final KernelDatagrams fromRoute;
    private final KernelDatagrams fromNetfilter;
    private final ByteBuffer polled = ByteBuffer.allocateDirect(3 * POLL_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer received =
            ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX).order(ByteOrder.nativeOrder());

    private KernelEvents(int route, int netfilter, int wake, ForeignDatagrams foreign) {
        this.route = route;
        this.netfilter = netfilter;
        this.wake = wake;
        this.fromRoute = new KernelDatagrams(route, foreign);
        this.fromNetfilter = new KernelDatagrams(netfilter, foreign);
    }

    /// Opens in the calling thread's namespace. Platform threads only.
    ///
    /// @param foreign counts the discarded datagrams; anyone with CAP_NET_ADMIN can send to these groups
    public static KernelEvents open(ForeignDatagrams foreign) throws NetlinkFailure {
        int route = socket(NETLINK_ROUTE, ROUTE_GROUPS, foreign);
        try {
            int netfilter = socket(NETLINK_NETFILTER, NETFILTER_GROUPS, foreign);
            try {
                int wake = (int) Syscalls.call(
                        "eventfd", "", () -> Syscalls.LIBC.eventfd(0, EVENTFD_CLOSED_ON_EXEC_WITHOUT_WAITING));
                return new KernelEvents(route, netfilter, wake, foreign);
            } catch (NetlinkFailure e) {
                Syscalls.close(netfilter);
                throw e;
            }
        } catch (NetlinkFailure e) {
            Syscalls.close(route);
            throw e;
        }
    }

    private static int socket(int protocol, int[] groups, ForeignDatagrams foreign) throws NetlinkFailure {
        int fd = (int) Syscalls.call(
                "socket",
                "AF_NETLINK",
                () -> Syscalls.LIBC.socket(AF_NETLINK, RAW_CLOSED_ON_EXEC_WITHOUT_WAITING, protocol));
        try {
            option(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
            new KernelDatagrams(fd, foreign)
                    .refuseOthers(); // and has a port id from here on, without which nothing comes in
            for (int group : groups) {
                option(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
            }
            return fd;
        } catch (NetlinkFailure e) {
            Syscalls.close(fd);
            throw e;
        }
    }

    private static void option(int fd, int level, int option, int value) throws NetlinkFailure {
        ByteBuffer bytes = NetlinkSocket.intValue(value);
        var _ = Syscalls.call(
                "setsockopt",
                "netlink option " + option + " " + value,
                () -> Syscalls.LIBC.setsockopt(fd, level, option, bytes, bytes.remaining()));
    }

    /// Returns the events since the last call, oldest first. Waits until there is an event, another thread
    /// calls [#wake], or the time is over.
    ///
    /// @return empty: woken, or no event
    public List<KernelEvent> await(Duration within) throws NetlinkFailure {
        List<KernelEvent> events = new ArrayList<>();
        if (poll(within, wake, route, netfilter)) {
            if (isReady(0)) {
                drainWake();
            }
            if (isReady(1)) {
                read(fromRoute, events);
            }
            if (isReady(2)) {
                read(fromNetfilter, events);
            }
        }
        return events;
    }

    /// Waits without reading events, so that more of them are read together afterwards. [#wake] ends it early.
    public void rest(Duration length) throws NetlinkFailure {
        if (poll(length, wake)) {
            drainWake();
        }
    }

    private boolean poll(Duration within, int... descriptors) throws NetlinkFailure {
        for (int i = 0; i < descriptors.length; i++) {
            polled.putInt(i * POLL_BYTES, descriptors[i])
                    .putShort(i * POLL_BYTES + 4, POLLIN)
                    .putShort(i * POLL_BYTES + 6, (short) 0);
        }
        int millis = Math.clamp(within.toMillis(), 0, Integer.MAX_VALUE);
        return Syscalls.call("poll", "netlink", () -> Syscalls.LIBC.poll(polled, descriptors.length, millis)) > 0;
    }

    private boolean isReady(int descriptor) {
        return polled.getShort(descriptor * POLL_BYTES + 6) != 0;
    }

    private void drainWake() {
        ByteBuffer count = ByteBuffer.allocateDirect(Long.BYTES);
        var _ = Syscalls.LIBC.read(wake, count, Long.BYTES);
    }

    private void read(KernelDatagrams from, List<KernelEvent> events) throws NetlinkFailure {
        for (int i = 0; i < DATAGRAMS_MAX; i++) {
            try {
                int bytes = from.receive(received, "listen", "netlink");
                EventReader.read(received.slice(0, Math.min(bytes, DATAGRAM_BYTES_MAX)), events);
            } catch (NetlinkFailure e) {
                if (e.is(Errno.EAGAIN)) {
                    return;
                }
                if (!e.is(Errno.ENOBUFS)) {
                    throw e;
                }
                events.add(new KernelEvent.Lost());
            }
        }
    }

    /// Ends a wait early. May be called from any thread, also a virtual one.
    public void wake() {
        ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        one.putLong(0, 1);
        var _ = Syscalls.LIBC.write(wake, one, Long.BYTES);
    }

    /// Must not be called while a thread awaits.
    @Override
    public void close() {
        Syscalls.close(route);
        Syscalls.close(netfilter);
        Syscalls.close(wake);
    }
}
