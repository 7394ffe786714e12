package io.vpceni.ipamd.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long a connection may be idle, and how long it may last.
class ConnectionAgesTest {
    private final AtomicLong clock = new AtomicLong();
    private final List<Connections.CloseReason> refused = new CopyOnWriteArrayList<>();
    private final CountDownLatch addWaits = new CountDownLatch(1);
    private final CountDownLatch addEnds = new CountDownLatch(1);

    private CniAnswer waiting(CniRequest request) {
        addWaits.countDown();
        try {
            addEnds.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return CniAnswer.getDefaultInstance();
    }

    @Test
    void whoSaysNothingIsClosedAfterTenSecondsAndAnAddThatWaitsOnlyWhenItIsOlderThanThePluginLives(
            @TempDir Path directory) throws IOException, InterruptedException {
        Path socket = directory.resolve("ipamd.sock");
        try (CniServer server = CniServer.start(socket, this::waiting, refused::add, clock::get);
                RawConnection silent = new RawConnection(socket).greet()) {
            boolean _ = silent.send();
            CompletableFuture<Boolean> add = CompletableFuture.supplyAsync(() -> CniServerTest.call(socket, "add"))
                    .handle((_, failure) -> failure != null);
            addWaits.await(); // the silent one came before it

            assertThat(refusedAt(server, Connections.UNSERVED_MAX)).isEmpty();
            assertThat(refusedAt(server, Connections.UNSERVED_MAX.plusNanos(1)))
                    .containsExactly(Connections.CloseReason.NO_REQUEST);
            assertThat(silent.hears(RawConnection.RST_STREAM)).as("it ends").isFalse();

            assertThat(refusedAt(server, Connections.AGE_MAX)).hasSize(1);
            assertThat(refusedAt(server, Connections.AGE_MAX.plusNanos(1)))
                    .containsExactly(Connections.CloseReason.NO_REQUEST, Connections.CloseReason.TOO_OLD);
            assertThat(add.join()).as("it failed").isTrue();
            addEnds.countDown();
        }
    }

    private List<Connections.CloseReason> refusedAt(CniServer server, Duration time) {
        clock.set(time.toNanos());
        server.lookAtConnections();
        return List.copyOf(refused);
    }
}
