package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.loop.PoolLoop;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoolOwnerTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.1.5");
    private static final PodName POD = new PodName("shop", "cart-0");

    private final BlockingQueue<Effect> growth = new ArrayBlockingQueue<>(100);
    private final CountDownLatch servable = new CountDownLatch(1);

    @Test
    void growthGoesOutAndItsOutcomeWakesTheWaitingAdd() throws InterruptedException, ExecutionException {
        try (PoolOwner owner = anOwner(List.of())) {
            CompletableFuture<AssignResult> waiting = owner.assign(1, aKey("a"), POD, Duration.ofSeconds(30));
            Effect.AssignBlocks wanted = wanted();
            assertThat(waiting).isNotDone();

            owner.tell(new Message.BlocksAdded(wanted.request(), ENI, Blocks.of(List.of(ADDRESS))));

            assertThat(waiting.get())
                    .isInstanceOfSatisfying(
                            AssignResult.Assigned.class,
                            assigned ->
                                    assertThat(assigned.assignment().address()).isEqualTo(ADDRESS));
        }
    }

    @Test
    void saysThatItCanServeOnceThereIsAnAddress() throws InterruptedException {
        try (PoolOwner owner = anOwner(List.of())) {
            owner.tell(new Message.Tick());
            Effect.AssignBlocks wanted = wanted();
            assertThat(servable.getCount()).isEqualTo(1);

            owner.tell(new Message.BlocksAdded(wanted.request(), ENI, Blocks.of(List.of(ADDRESS))));

            assertThat(servable.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whoWaitsWhenItClosesIsToldToTryAgain() throws InterruptedException, ExecutionException {
        PoolOwner owner = anOwner(List.of());
        CompletableFuture<AssignResult> waiting = owner.assign(1, aKey("a"), POD, Duration.ofSeconds(30));
        assertThat(wanted().count()).isEqualTo(1);

        owner.close();

        assertThat(waiting.get()).isInstanceOf(AssignResult.NoAddress.class);
    }

    @Test
    void whoAsksAnOwnerThatStoppedIsTold() {
        PoolOwner owner = anOwner(List.of(ADDRESS));

        owner.close();

        assertThat(owner.isAlive()).isFalse();
        assertThatThrownBy(() -> owner.look().get()).hasMessageContaining("has stopped");
    }

    private Effect.AssignBlocks wanted() throws InterruptedException {
        Effect wanted = growth.poll(10, TimeUnit.SECONDS);
        if (wanted instanceof Effect.AssignBlocks assign) {
            return assign;
        }
        throw new AssertionError("the pool asked for " + wanted);
    }

    private PoolOwner anOwner(List<InetAddress> addresses) {
        WarmPool pool = new WarmPool(new PoolSettings(1, 0, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 2));
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 1), Blocks.of(addresses)), NOW);
        PoolLoop loop = new PoolLoop(
                pool,
                _ -> {},
                (request, _) -> growth.add(request),
                new PoolEventLog(new Metrics("1.2.3"), new Readiness(), _ -> {}, Path.of("pool.journal")));
        PoolOwner owner = new PoolOwner(loop, InstantSource.fixed(NOW), _ -> servable.countDown());
        owner.start();
        return owner;
    }

    private static AttachmentKey aKey(String container) {
        return new AttachmentKey("vpc-eni", container, "eth0");
    }
}
