package io.vpceni.ipamd.cni;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of the plugin's socket and the thread that serves them, with limits on the memory of each and of
/// all, so that no client can exhaust ipamd's memory.
///
/// The plugin makes one connection for each execution and one call on it. A connection is *served* while a whole
/// request on it is being carried out. A connection that is not served for ten seconds is closed, and so is the oldest
/// such one when there are too many, so that silent clients cannot displace ADDs that wait for an address.
///
/// Everything but [#register] happens on the one thread.
final class Connections extends MultiThreadIoEventLoopGroup {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    /// More than the pods that start at once on a large node; each costs some 60 KB while it has a call.
    static final int CONNECTIONS_MAX = 384;

    /// Calls of one connection; the plugin makes one. Netty refuses more.
    static final int CALLS_OF_ONE_MAX = 1;

    /// Memory of all requests together: one of the largest size, or 1,500 of the usual size.
    static final int BYTES_MAX = 4 << 20;

    /// Memory that each connection may use in any case: four times a usual request (10 KiB).
    static final int BYTES_OF_ONE = BYTES_MAX / CONNECTIONS_MAX;

    /// The plugin sends its request at once.
    static final Duration UNSERVED_MAX = Duration.ofSeconds(10);

    /// The plugin ends after 115 seconds.
    static final Duration AGE_MAX = Duration.ofSeconds(150);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LOG_EVERY = Duration.ofMinutes(1);

    /// Why ipamd closed a connection.
    public enum CloseReason {
        TOO_MANY_CONNECTIONS,
        TOO_MANY_BYTES,
        NO_REQUEST,
        TOO_OLD
    }

    private final LongSupplier nanos;
    private final Consumer<CloseReason> refusals;
    private final SequencedSet<Connection> open = new LinkedHashSet<>();
    private @Nullable Connection reading; // whose bytes are being parsed
    private long bytes;
    private long refused; // since it was logged
    private long loggedAt;

    /// @param refusals counts them
    Connections(Consumer<CloseReason> refusals, LongSupplier nanos) {
        super(1, Thread.ofPlatform().name("cni-stream").daemon(true).factory(), NioIoHandler.newFactory());
        this.refusals = refusals;
        this.nanos = nanos;
        this.loggedAt = nanos.getAsLong() - LOG_EVERY.toNanos();
        var _ = next().scheduleWithFixedDelay(
                        this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public ChannelFuture register(Channel channel) {
        channel.pipeline().addFirst(new Connection(channel));
        return super.register(channel);
    }

    /// Finds the connection of each call.
    ServerStreamTracer.Factory tracers() {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                Connection connection = reading; // this is called while its bytes are read
                return connection == null
                        ? new ServerStreamTracer() {} // the rest of a connection that ends
                        : new Call(connection);
            }
        };
    }

    /// On the one thread: closes what is idle or old.
    void look() {
        long now = nanos.getAsLong();
        for (Connection connection : List.copyOf(open)) {
            if (now - connection.openedAt > AGE_MAX.toNanos()) {
                connection.refuse(CloseReason.TOO_OLD);
            } else if (connection.served == 0 && now - connection.unservedSince > UNSERVED_MAX.toNanos()) {
                connection.refuse(CloseReason.NO_REQUEST);
            }
        }
        tell(now);
    }

    private void register(Connection connection) {
        open.addLast(connection);
        if (open.size() > CONNECTIONS_MAX) {
            open.stream()
                    .filter(other -> other.served == 0)
                    .findFirst()
                    .orElse(connection)
                    .refuse(CloseReason.TOO_MANY_CONNECTIONS);
        }
    }

    private void tell(long now) {
        if (refused > 0 && now - loggedAt >= LOG_EVERY.toNanos()) {
            log.atWarn()
                    .addKeyValue("connections", refused)
                    .addKeyValue("open", open.size())
                    .log("Closed connections to the plugin's socket that sent too much or nothing: the plugin never "
                            + "does; find the process with `ss -xp`. ADDs and DELs go on");
            refused = 0;
            loggedAt = now;
        }
    }

    /// At the head of a connection's handlers.
    private final class Connection extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private @Nullable ChannelHandlerContext head;
        private long openedAt;
        private long unservedSince;
        private int streams;
        private int served;
        private long held;

        Connection(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            head = context;
        }

        @Override
        public void channelRegistered(ChannelHandlerContext context) throws Exception {
            openedAt = nanos.getAsLong();
            unservedSince = openedAt;
            register(this);
            super.channelRegistered(context);
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext context) throws Exception {
            open.remove(this);
            bytes -= held;
            held = 0;
            super.channelUnregistered(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof ByteBuf buffer) {
                held += buffer.readableBytes();
                bytes += buffer.readableBytes();
                if (bytes > BYTES_MAX && held > BYTES_OF_ONE) {
                    buffer.release();
                    refuse(CloseReason.TOO_MANY_BYTES);
                    return;
                }
            }
            reading = this;
            try {
                super.channelRead(context, message);
            } finally {
                reading = null;
            }
        }

        /// At once. Closing at the tail of the pipeline would wait until gRPC has ended the connection's calls.
        private void close() {
            ChannelHandlerContext context = head;
            var _ = context == null ? channel.close() : context.close();
        }

        private void refuse(CloseReason reason) {
            if (open.remove(this)) {
                refusals.accept(reason);
                refused++;
                log.atDebug()
                        .addKeyValue("reason", reason.name().toLowerCase(Locale.ROOT))
                        .log("Closed a connection to the plugin's socket");
                close();
                tell(nanos.getAsLong());
            }
        }
    }

    private final class Call extends ServerStreamTracer {
        private final Connection connection;
        private boolean whole;

        Call(Connection connection) {
            this.connection = connection;
            connection.streams++;
        }

        @Override
        public void inboundMessageRead(int number, long wireBytes, long uncompressedBytes) {
            onLoop(() -> {
                if (!whole) {
                    whole = true;
                    connection.served++;
                }
            });
        }

        @Override
        public void streamClosed(Status status) {
            onLoop(() -> {
                connection.streams--;
                if (whole) {
                    connection.served--;
                    connection.unservedSince = nanos.getAsLong();
                }
                if (connection.streams == 0) {
                    bytes -= connection.held;
                    connection.held = 0;
                }
            });
        }

        private void onLoop(Runnable change) {
            if (connection.channel.eventLoop().inEventLoop()) {
                change.run();
            } else {
                connection.channel.eventLoop().execute(change);
            }
        }
    }
}
