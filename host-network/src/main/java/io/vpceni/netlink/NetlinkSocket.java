package io.vpceni.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jnr.constants.platform.linux.Errno;

/// A netlink socket for routing or for netfilter. It belongs to the namespace of the thread that opened it,
/// whichever thread uses it. One thread may use it at a time. Only answers from the kernel count
/// ([KernelDatagrams]).
public final class NetlinkSocket implements AutoCloseable {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOSED_ON_EXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_NETFILTER = 12;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    /// `struct nlmsghdr`: `__u32 nlmsg_len; __u16 nlmsg_type; __u16 nlmsg_flags; __u32 nlmsg_seq; __u32 nlmsg_pid;`
    private static final int HEADER_BYTES = 16;

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    /// The maximum number of requests for [#requestEach]; the answers to this many fit into the smallest
    /// receive buffer.
    public static final int REQUESTS_MAX = 8;

    private static final int SENDING_BYTES = REQUESTS_MAX * (HEADER_BYTES + NetlinkRequest.BODY_BYTES_MAX);

    /// The kernel fills at most 32 KiB at a time when it dumps.
    private static final int RECEIVE_BYTES = 64 * 1024;

    /// The slowest answer, a link's deletion on a busy machine, takes a few dozen milliseconds.
    private static final int ANSWER_SECONDS_MAX = 10;

    /// On a busy node a dump is repeated; ten failures in a row mean that something is broken.
    private static final int DUMP_ATTEMPTS_MAX = 10;

    /// Only answers to abandoned requests can arrive before the expected answer.
    private static final int STALE_ANSWERS_MAX = 1000;

    /// TEST-NET-1 (RFC 5737): only a default route leads there.
    private static final InetAddress NOWHERE = InetAddress.ofLiteral("192.0.2.1");

    private final int fd;
    private final int protocol;
    private final KernelDatagrams datagrams;
    private final ByteBuffer sending = ByteBuffer.allocateDirect(SENDING_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer receiving =
            ByteBuffer.allocateDirect(RECEIVE_BYTES).order(ByteOrder.nativeOrder());
    private int sequence;
    private int port;
    private volatile boolean closed;

    private NetlinkSocket(int fd, int protocol, ForeignDatagrams foreign) {
        this.fd = fd;
        this.protocol = protocol;
        this.datagrams = new KernelDatagrams(fd, foreign);
    }

    /// Opens in the calling thread's namespace. Platform threads only.
    public static NetlinkSocket open() throws NetlinkFailure {
        return open(new ForeignDatagrams());
    }

    /// As [#open].
    ///
    /// @param foreign counts the discarded datagrams
    public static NetlinkSocket open(ForeignDatagrams foreign) throws NetlinkFailure {
        return open(NETLINK_ROUTE, foreign);
    }

    /// As [#open], for nftables: only for [#transaction], [#elements] and [NftDump].
    public static NetlinkSocket openNetfilter() throws NetlinkFailure {
        return openNetfilter(new ForeignDatagrams());
    }

    /// As [#openNetfilter].
    ///
    /// @param foreign counts the discarded datagrams
    public static NetlinkSocket openNetfilter(ForeignDatagrams foreign) throws NetlinkFailure {
        return open(NETLINK_NETFILTER, foreign);
    }

    /// The nftables rule set that is in force, and the kernel's id of the calling thread. Only on a socket of
    /// [#openNetfilter].
    RuleSetGeneration generation() throws NetlinkFailure {
        NetlinkRequest request = RuleSetGeneration.get();
        return one(request, Errno.ENOENT, RuleSetGeneration.NFT_MSG_NEWGEN, RuleSetGeneration::decode)
                .orElseThrow(() -> new NetlinkFailure(
                        Errno.ENOENT.intValue(), request.typeName(), request.subject(), "no answer"));
    }

    private static NetlinkSocket open(int protocol, ForeignDatagrams foreign) throws NetlinkFailure {
        int fd = (int) Syscalls.call(
                "socket", "AF_NETLINK", () -> Syscalls.LIBC.socket(AF_NETLINK, SOCK_RAW_CLOSED_ON_EXEC, protocol));
        NetlinkSocket socket = new NetlinkSocket(fd, protocol, foreign);
        try {
            socket.option(SOL_NETLINK, NETLINK_EXT_ACK, intValue(1));
            socket.option(SOL_NETLINK, NETLINK_CAP_ACK, intValue(1));
            socket.option(SOL_SOCKET, SO_RCVTIMEO, timeValue(ANSWER_SECONDS_MAX));
            socket.datagrams.refuseOthers();
            socket.port = socket.datagrams.ownPort();
        } catch (NetlinkFailure e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /// Port id. Events that its requests cause carry it ([KernelEvent#port]). Route sockets and netfilter
    /// sockets have separate port ids: one of each may have the same.
    public int port() {
        return port;
    }

    /// Whether it is a netfilter socket.
    public boolean isNetfilter() {
        return protocol == NETLINK_NETFILTER;
    }

    /// After it is closed, another socket may get its port id. May be called from any thread.
    public boolean isClosed() {
        return closed;
    }

    /// Requests a change and waits for the acknowledgement.
    public void request(NetlinkRequest request) throws NetlinkFailure {
        send(request, NetlinkRequest.NLM_F_ACK);
        receive(request, sequence, answer -> answer.isAcknowledgement());
    }

    /// Requests several changes in one message, and waits for all acknowledgements. The kernel tries each of
    /// them in order, also after one failed.
    ///
    /// @return for each request the kernel's refusal; empty: done
    /// @throws NetlinkFailure when an answer could not be read: it is unknown which changes were made
    /// @throws IllegalArgumentException for more than eight
    public List<Optional<NetlinkFailure>> requestEach(List<NetlinkRequest> requests) throws NetlinkFailure {
        if (requests.size() > REQUESTS_MAX) {
            throw new IllegalArgumentException(requests.size() + " requests in one message");
        }
        sending.clear();
        for (NetlinkRequest request : requests) {
            put(request, NetlinkRequest.NLM_F_ACK);
        }
        int first = sequence - requests.size() + 1;
        flush(requests.getFirst());
        List<Optional<NetlinkFailure>> outcomes = new ArrayList<>();
        for (NetlinkRequest request : requests) {
            outcomes.add(outcome(request, first + outcomes.size(), answer -> answer.isAcknowledgement()));
        }
        return outcomes;
    }

    /// Runs the requests as one nftables transaction, all or none, and waits for the answer. All messages have
    /// one sequence number, and only the last request asks for an acknowledgement. So the first answer is
    /// either a refusal (of the whole or of one request), or that acknowledgement, which is sent when all is
    /// done.
    ///
    /// @throws IllegalArgumentException for none, and for more than six
    public void transaction(List<NetlinkRequest> requests) throws NetlinkFailure {
        if (requests.isEmpty()
                || requests.size() + 2 > SENDING_BYTES / (HEADER_BYTES + NetlinkRequest.BODY_BYTES_MAX)) {
            throw new IllegalArgumentException(requests.size() + " requests in one transaction");
        }
        sequence++;
        sending.clear();
        put(SetElements.batchBegin(), 0, sequence);
        NetlinkRequest last = requests.getLast();
        for (NetlinkRequest request : requests) {
            put(request, request == last ? NetlinkRequest.NLM_F_ACK : 0, sequence);
        }
        put(SetElements.batchEnd(), 0, sequence);
        flush(last);
        receive(last, sequence, answer -> answer.isAcknowledgement());
    }

    /// All elements of the set, or an exception; never a part.
    public List<SetElements.Counted> elements(SetElements.SetName set) throws NetlinkFailure {
        return dump(SetElements.list(set), SetElements.NFT_MSG_NEWSETELEM, SetElements::decode).stream()
                .flatMap(List::stream)
                .toList();
    }

    /// Requests a change, and treats some errors as success.
    ///
    /// @return false when the kernel answered with one of them
    public boolean requestUnless(NetlinkRequest request, Errno... fine) throws NetlinkFailure {
        try {
            request(request);
            return true;
        } catch (NetlinkFailure e) {
            for (Errno errno : fine) {
                if (e.is(errno)) {
                    return false;
                }
            }
            throw e;
        }
    }

    /// The link with that name. Empty: there is none.
    public Optional<Link> link(String name) throws NetlinkFailure {
        NetlinkRequest request = Links.get(name);
        return one(request, Errno.ENODEV, Links.RTM_NEWLINK, Link::decode);
    }

    /// The link with that index. Empty: there is none.
    public Optional<Link> link(int index) throws NetlinkFailure {
        return one(Links.get(index), Errno.ENODEV, Links.RTM_NEWLINK, Link::decode);
    }

    /// The other end of a veth pair, which is in another namespace. Empty: there is none, or it was deleted in
    /// the meantime.
    public Optional<Link> peer(Link link) throws NetlinkFailure {
        if (link.peerNetns().isEmpty() || link.peer() == 0) {
            return Optional.empty();
        }
        NetlinkRequest request = Links.getIn(link.peerNetns().getAsInt(), link.peer());
        try {
            return one(request, Errno.ENODEV, Links.RTM_NEWLINK, Link::decode);
        } catch (NetlinkFailure failure) {
            if (failure.errno() == Errno.EINVAL.intValue()) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /// The default route that the node's own packets take. Empty: there is none.
    public Optional<Route> defaultRoute() throws NetlinkFailure {
        return match(NOWHERE);
    }

    /// The host route of the table main that the node's own packets to the destination take. Empty: they take
    /// another route or none.
    public Optional<Route> hostRoute(InetAddress destination) throws NetlinkFailure {
        return match(destination)
                .filter(route -> route.table() == Route.TABLE_MAIN
                        && route.destination().prefixBits() == destination.getAddress().length * Byte.SIZE);
    }

    private Optional<Route> match(InetAddress destination) throws NetlinkFailure {
        try {
            return one(Routes.match(destination), Errno.ENETUNREACH, Routes.RTM_NEWROUTE, Route::decode);
        } catch (NetlinkFailure e) {
            // How the kernel tells of an unreachable, a prohibited and a blackhole route.
            if (e.is(Errno.EHOSTUNREACH) || e.is(Errno.EACCES) || e.is(Errno.EINVAL)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private <T> Optional<T> one(NetlinkRequest request, Errno none, int type, Function<ByteBuffer, T> decode)
            throws NetlinkFailure {
        List<T> found = new ArrayList<>();
        try {
            send(request, 0);
            receive(request, sequence, answer -> {
                if (answer.type == type) {
                    found.add(decode.apply(answer.body));
                }
                return true;
            });
        } catch (NetlinkFailure e) {
            if (e.is(none)) {
                return Optional.empty();
            }
            throw e;
        }
        return found.stream().findFirst();
    }

    /// All links, or an exception; never a part. The same holds for addresses, routes and rules.
    public List<Link> links() throws NetlinkFailure {
        return dump(Links.list(), Links.RTM_NEWLINK, Link::decode);
    }

    public List<Address> addresses() throws NetlinkFailure {
        return dump(Addresses.list(), Addresses.RTM_NEWADDR, Address::decode);
    }

    public List<Neighbour> neighbours() throws NetlinkFailure {
        return dump(Neighbours.list(), Neighbours.RTM_NEWNEIGH, Neighbour::decode);
    }

    public List<Route> routes() throws NetlinkFailure {
        return dump(Routes.list(), Routes.RTM_NEWROUTE, Route::decode);
    }

    /// All rules except those that [Rule] cannot represent, which are not ours.
    public List<Rule> rules() throws NetlinkFailure {
        return foundRules().stream().map(FoundRule::rule).toList();
    }

    /// As [#rules], each with its protocol.
    public List<FoundRule> foundRules() throws NetlinkFailure {
        return dump(Rules.list(), Rules.RTM_NEWRULE, FoundRule::decode).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /// As [#links], each with its changeable properties.
    public List<LinkState> linkStates() throws NetlinkFailure {
        return dump(Links.list(), Links.RTM_NEWLINK, LinkState::decode);
    }

    /// The whole dump, or an exception.
    <T> List<T> dump(NetlinkRequest request, int type, Function<ByteBuffer, T> decode) throws NetlinkFailure {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS_MAX; attempt++) {
            List<T> found = new ArrayList<>();
            boolean[] interrupted = new boolean[1];
            send(request, 0);
            receive(request, sequence, answer -> {
                interrupted[0] |= (answer.flags & NLM_F_DUMP_INTR) != 0;
                if (answer.type == type) {
                    found.add(decode.apply(answer.body));
                }
                return answer.type == NLMSG_DONE;
            });
            if (!interrupted[0]) {
                return found;
            }
        }
        throw new NetlinkFailure(
                Errno.EINTR.intValue(), request.typeName(), request.subject(), "changed during each of ten dumps");
    }

    private void send(NetlinkRequest request, int moreFlags) throws NetlinkFailure {
        sending.clear();
        put(request, moreFlags);
        flush(request);
    }

    /// Bodies are a multiple of the word size, so the next header is where the kernel expects it.
    private void put(NetlinkRequest request, int moreFlags) {
        sequence++;
        put(request, moreFlags, sequence);
    }

    private void put(NetlinkRequest request, int moreFlags, int number) {
        byte[] body = request.body();
        sending.putInt(HEADER_BYTES + body.length)
                .putShort((short) request.type())
                .putShort((short) (request.flags() | NetlinkRequest.NLM_F_REQUEST | moreFlags))
                .putInt(number)
                .putInt(0)
                .put(body);
    }

    private void flush(NetlinkRequest first) throws NetlinkFailure {
        sending.flip();
        Syscalls.call(first.typeName(), first.subject(), () -> Syscalls.LIBC.send(fd, sending, sending.remaining(), 0));
    }

    /// One message of an answer.
    private static final class Answer {
        final int type;
        final int flags;
        final ByteBuffer body;

        Answer(int type, int flags, ByteBuffer body) {
            this.type = type;
            this.flags = flags;
            this.body = body;
        }

        boolean isAcknowledgement() {
            return type == NLMSG_ERROR;
        }
    }

    private void receive(NetlinkRequest request, int number, Function<Answer, Boolean> isLast) throws NetlinkFailure {
        Optional<NetlinkFailure> refused = outcome(request, number, isLast);
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    /// Reads up to the last answer to the request with that number.
    ///
    /// @return the kernel's refusal
    /// @throws NetlinkFailure when no answer could be read
    private Optional<NetlinkFailure> outcome(NetlinkRequest request, int number, Function<Answer, Boolean> isLast)
            throws NetlinkFailure {
        for (int stale = 0; stale < STALE_ANSWERS_MAX; ) {
            int bytes = datagrams.receive(receiving, request.typeName(), request.subject());
            if (bytes > RECEIVE_BYTES) {
                throw new NetlinkFailure(
                        Errno.EMSGSIZE.intValue(), request.typeName(), request.subject(), bytes + " bytes at once");
            }
            int next = 0;
            while (next + HEADER_BYTES <= bytes) {
                int length = receiving.getInt(next);
                if (length < HEADER_BYTES || length > bytes - next) {
                    throw new NetlinkFailure(
                            Errno.EBADMSG.intValue(), request.typeName(), request.subject(), "length " + length);
                }
                if (receiving.getInt(next + 8) != number) {
                    stale++;
                } else {
                    Answer answer = answer(next, length);
                    Optional<NetlinkFailure> refused = refusal(request, answer);
                    if (refused.isPresent() || isLast.apply(answer)) {
                        return refused;
                    }
                }
                next += (length + 3) / 4 * 4;
            }
        }
        throw new NetlinkFailure(
                Errno.EBADMSG.intValue(), request.typeName(), request.subject(), "only answers to other requests");
    }

    private Answer answer(int start, int length) {
        int type = Short.toUnsignedInt(receiving.getShort(start + 4));
        int flags = Short.toUnsignedInt(receiving.getShort(start + 6));
        ByteBuffer body =
                receiving.slice(start + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder());
        return new Answer(type, flags, body);
    }

    private static Optional<NetlinkFailure> refusal(NetlinkRequest request, Answer answer) {
        if ((answer.type == NLMSG_ERROR || answer.type == NLMSG_DONE) && answer.body.remaining() >= Integer.BYTES) {
            int error = answer.body.getInt(0);
            if (error != 0) {
                String explanation = explanation(answer.type, answer.flags, answer.body);
                return Optional.of(new NetlinkFailure(-error, request.typeName(), request.subject(), explanation));
            }
        }
        return Optional.empty();
    }

    /// `struct nlmsgerr`: `int error; struct nlmsghdr msg;`, the request's body unless capped, then attributes.
    private static String explanation(int type, int flags, ByteBuffer body) {
        if (type != NLMSG_ERROR || (flags & NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int echoed = (flags & NLM_F_CAPPED) != 0 ? 0 : body.getInt(Integer.BYTES) - HEADER_BYTES;
        int start = Integer.BYTES + HEADER_BYTES + (echoed + 3) / 4 * 4;
        if (start > body.limit()) {
            return "";
        }
        return Attributes.decode(body.duplicate().order(ByteOrder.nativeOrder()).position(start))
                .text(NLMSGERR_ATTR_MSG);
    }

    private void option(int level, int option, ByteBuffer value) throws NetlinkFailure {
        Syscalls.call(
                "setsockopt",
                "netlink option " + option,
                () -> Syscalls.LIBC.setsockopt(fd, level, option, value, value.remaining()));
    }

    static ByteBuffer intValue(int value) {
        return ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, value);
    }

    /// `struct timeval` on 64 bits: seconds, microseconds.
    static ByteBuffer timeValue(long seconds) {
        return ByteBuffer.allocateDirect(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(0, seconds);
    }

    @Override
    public void close() {
        closed = true;
        Syscalls.close(fd);
    }
}
