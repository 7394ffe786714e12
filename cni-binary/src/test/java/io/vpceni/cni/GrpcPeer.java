package io.vpceni.cni;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniGrpc;
import io.vpceni.rpc.CniRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A grpc-java server on a unix socket, as ipamd is one; a test says how it answers.
final class GrpcPeer implements AutoCloseable {
    /// Answers, or throws a [io.grpc.StatusRuntimeException].
    interface Answering {
        CniAnswer answer(CniRequest request);
    }

    final List<CniRequest> requests = new CopyOnWriteArrayList<>();
    private final Path socket;
    private final Server server;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().name("peer").daemon(true).factory(), NioIoHandler.newFactory());
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("peer-call-", 0).factory());

    GrpcPeer(Path socket, Answering answering) {
        this.socket = socket;
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .executor(calls)
                .addService(new CniGrpc.CniImplBase() {
                    @Override
                    public void call(CniRequest request, StreamObserver<CniAnswer> answers) {
                        requests.add(request);
                        try {
                            answers.onNext(answering.answer(request));
                            answers.onCompleted();
                        } catch (io.grpc.StatusRuntimeException e) {
                            answers.onError(e);
                        }
                    }
                })
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// No new calls; those that run may end.
    void shutDown() {
        server.shutdown();
    }

    /// Breaks the connections.
    void shutDownNow() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
            Files.deleteIfExists(socket);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            calls.shutdownNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }
}
