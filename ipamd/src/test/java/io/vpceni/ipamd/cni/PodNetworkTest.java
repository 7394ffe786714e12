package io.vpceni.ipamd.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.ipamd.owner.Blocks;
import io.vpceni.ipamd.owner.PoolEventLog;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.PodExpectation;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PodNetworkTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.1.5");
    private static final byte[] NONCE = new byte[16];

    private final List<JournalRecord> journal = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FakeWires wires = new FakeWires();
    private final PoolOwner owner = new PoolOwner(
            new PoolLoop(
                    aPoolOfOneAddress(),
                    journal::addAll,
                    (_, _) -> {},
                    new PoolEventLog(new Metrics("1.2.3"), new Readiness(), _ -> {}, Path.of("pool.journal"))),
            InstantSource.fixed(NOW),
            _ -> {});
    private final PodNetwork pods = new PodNetwork(
            owner, wires, new Metrics("test"), () -> Optional.of("EC2 throttles"), Duration.ofSeconds(5));
    private final RequestOrder order = new RequestOrder(nanos::incrementAndGet);

    @BeforeEach
    void start() {
        owner.start();
    }

    @AfterEach
    void stop() {
        owner.close();
    }

    @Test
    void anAddThatNobodyWaitsForAnyLongerGetsNoAddress() throws CniFailure, InterruptedException {
        nanos.set(TimeUnit.HOURS.toNanos(1));
        RequestOrder.Ticket waitedTooLong = order.draw(nanos.get() - TimeUnit.SECONDS.toNanos(119));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));

        CniFailure failure =
                catchThrowableOfType(CniFailure.class, () -> pods.add(waitedTooLong, anAdd("a"), NONCE, 0));

        assertThat(failure.code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER);
        assertThat(wires.wired).isEmpty();
        assertThat(pods.add(order.draw(nanos.get()), anAdd("a"), NONCE, 0).address())
                .isEqualTo(ADDRESS);
    }

    @Test
    void anAddGetsAnAddressAndIsWired() throws CniFailure, ExecutionException, InterruptedException {
        CniResult.Wired wired = pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        assertThat(wired.address()).isEqualTo(ADDRESS);
        assertThat(wires.wired)
                .extracting(assignment -> assignment.key().containerId())
                .containsExactly("a");
        assertThat(wires.open).hasValue(0);
    }

    @Test
    void anAddWhoseWiringFailsGivesItsAddressBackToCool() throws CniFailure, ExecutionException, InterruptedException {
        wires.refusesToWire = true;

        CniFailure failure =
                catchThrowableOfType(CniFailure.class, () -> pods.add(order.draw(0), anAdd("a"), NONCE, 0));

        assertThat(failure.code()).isEqualTo(CniErrorCode.IO_FAILURE);
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
        assertThat(wires.open).hasValue(0);
    }

    /// A runtime repeats such an ADD for ever; each would have another address cool.
    @ParameterizedTest
    @EnumSource(
            value = CniErrorCode.class,
            names = {"INVALID_ENVIRONMENT", "INTERFACE_EXISTS"})
    void anAddWhoseSandboxCannotBeWiredCostsNoAddress(CniErrorCode code)
            throws CniFailure, ExecutionException, InterruptedException {
        wires.refusesToWire = true;
        wires.refusal = code;

        CniFailure failure =
                catchThrowableOfType(CniFailure.class, () -> pods.add(order.draw(0), anAdd("a"), NONCE, 0));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.FREE);
    }

    @Test
    void aRepeatedAddWhoseWiringFailsLeavesTheAddressWithItsPod()
            throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);
        wires.refusesToWire = true;

        assertThat(catchThrowableOfType(CniFailure.class, () -> pods.add(order.draw(0), anAdd("a"), NONCE, 0)))
                .isNotNull();

        assertThat(wires.wired).hasSize(1);
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.ASSIGNED);
    }

    @Test
    void anAddWhoseWiringMayHaveHappenedKeepsItsAddressUntilTheDel()
            throws CniFailure, ExecutionException, InterruptedException {
        wires.losesTheOutcome = true;

        assertThat(catchThrowableOfType(CniFailure.class, () -> pods.add(order.draw(0), anAdd("a"), NONCE, 0)))
                .isNotNull();
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.ASSIGNED);

        pods.delete(order.draw(0), aDel("a"));
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
    }

    @Test
    void aDelThatComesWhileItsAddIsWiredTakesTheWiringAway()
            throws CniFailure, ExecutionException, InterruptedException {
        wires.wiringMayEnd = new CountDownLatch(1);
        FutureTask<CniResult.Wired> adding = new FutureTask<>(() -> pods.add(order.draw(0), anAdd("a"), NONCE, 0));
        Thread.ofVirtual().name("add-a").start(adding);
        wires.wiringBegan.await();
        FutureTask<Boolean> deleting = new FutureTask<>(() -> {
            pods.delete(order.draw(0), aDel("a"));
            return true;
        });
        Thread.ofVirtual().name("del-a").start(deleting);

        wires.wiringMayEnd.countDown();

        assertThat(deleting.get()).isTrue();
        assertThat(adding.get()).isNotNull();
        assertThat(wires.wired).isEmpty();
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
    }

    @Test
    void anAddThatItsDelOvertookGetsNoAddress() throws CniFailure, ExecutionException, InterruptedException {
        wires.sandboxMayCome = new CountDownLatch(1);
        RequestOrder.Ticket ticket = order.draw(0);
        FutureTask<CniFailure> adding = new FutureTask<>(
                () -> catchThrowableOfType(CniFailure.class, () -> pods.add(ticket, anAdd("a"), NONCE, 0)));
        Thread.ofVirtual().name("add-a").start(adding);
        pods.delete(order.draw(0), aDel("a"));

        wires.sandboxMayCome.countDown();

        assertThat(adding.get().code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER);
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.FREE);
    }

    @Test
    void aDelTakesTheWiringAwayAndTheAddressCools() throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        pods.delete(order.draw(0), aDel("a"));

        assertThat(wires.wired).isEmpty();
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
    }

    @Test
    void aDelWritesTwoRecords() throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);
        stateOfTheAddress(); // the owner has come to it
        journal.clear();

        pods.delete(order.draw(0), aDel("a"));

        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
        assertThat(journal)
                .extracting(entry -> entry.getClass().getSimpleName())
                .containsExactly("DelSeen", "Released");
    }

    @Test
    void aDelWhoseUnwiringFailsKeepsTheAddressWithItsKey() throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);
        wires.refusesToUnwire = true;

        CniFailure failure = catchThrowableOfType(CniFailure.class, () -> pods.delete(order.draw(0), aDel("a")));

        assertThat(failure.code()).isEqualTo(CniErrorCode.IO_FAILURE);
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.ASSIGNED);
    }

    @Test
    void aRepeatedDelSucceeds() throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);
        pods.delete(order.draw(0), aDel("a"));

        pods.delete(order.draw(0), aDel("a"));

        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
    }

    @Test
    void aNetnsThatCouldNotBeOpenedCostsNoAddress() throws CniFailure, ExecutionException, InterruptedException {
        CniFailure failure =
                catchThrowableOfType(CniFailure.class, () -> pods.add(order.draw(0), anAdd("a"), NONCE, 2));

        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT);
        assertThat(failure).hasMessageContainingAll("CNI_NETNS='/run/netns/a'", "ENOENT");
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.FREE);
    }

    @Test
    void aWaitingAddIsToldToTryAgainWhenItsDelComes() throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);
        var waiting = new FutureTask<>(
                () -> catchThrowableOfType(CniFailure.class, () -> pods.add(order.draw(0), anAdd("b"), NONCE, 0)));
        Thread.ofVirtual().name("add-b").start(waiting);
        while (owner.look().get().waiting() == 0) {
            Thread.onSpinWait();
        }

        pods.delete(order.draw(0), aDel("b"));

        assertThat(waiting.get().code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER);
    }

    @Test
    void aCheckOfAPodAsItWasMadeSucceedsAndAsksTheKernelForItsAddress() throws CniFailure, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        pods.check(aCheck("a", ADDRESS), NONCE, 0);

        assertThat(wires.checked).containsExactly(new PodExpectation(aKey("a"), ADDRESS, true));
        assertThat(wires.open).hasValue(0);
    }

    @Test
    void aCheckNamesEachDifference() throws CniFailure, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);
        wires.differences = List.of("eth0 is down", "no rule from 10.0.1.5");

        CniFailure failure = catchThrowableOfType(
                CniFailure.class, () -> pods.check(aCheck("a", InetAddress.ofLiteral("10.0.1.9")), NONCE, 0));

        assertThat(failure.code()).isEqualTo(CniErrorCode.DIFFERENT);
        assertThat(failure)
                .hasMessage("the runtime knows the address 10.0.1.9 and ipamd has given it 10.0.1.5; eth0 is down; "
                        + "no rule from 10.0.1.5");
    }

    @Test
    void aCheckOfASandboxThatWasNeverAddedSaysSo() {
        CniFailure failure = catchThrowableOfType(CniFailure.class, () -> pods.check(aCheck("a", ADDRESS), NONCE, 0));

        assertThat(failure.code()).isEqualTo(CniErrorCode.DIFFERENT);
        assertThat(failure).hasMessage("ipamd has no address for this sandbox");
    }

    @Test
    void aCheckNeedsTheSandbox() {
        assertThat(catchThrowableOfType(CniFailure.class, () -> pods.check(aCheck("a", ADDRESS), NONCE, 2))
                        .code())
                .isEqualTo(CniErrorCode.INVALID_ENVIRONMENT);
    }

    @Test
    void gcTakesAwayWhatNobodyListsAndTheKernelDoesNotShow()
            throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        pods.collectGarbage(order.draw(0), garbage("vpc-eni"), Map::of);

        assertThat(stateOfTheAddress()).isEqualTo(AddressState.COOLING);
    }

    @Test
    void gcLeavesWhatIsListedWhatIsAliveAndWhatIsOfAnotherNetwork()
            throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        pods.collectGarbage(order.draw(0), garbage("vpc-eni", "a"), Map::of);
        pods.collectGarbage(order.draw(0), garbage("other"), Map::of);
        pods.collectGarbage(order.draw(0), garbage("vpc-eni"), () -> Map.of(ADDRESS, aKey("somebody")));
        pods.collectGarbage(
                order.draw(0), garbage("vpc-eni"), () -> Map.of(InetAddress.ofLiteral("10.0.1.99"), aKey("a")));
        pods.collectGarbage(
                order.draw(0), new CniCommand.CollectGarbage(CniVersion.V1_1_0, "vpc-eni", Optional.empty()), Map::of);

        assertThat(stateOfTheAddress()).isEqualTo(AddressState.ASSIGNED);
        pods.add(order.draw(0), anAdd("a"), NONCE, 0); // no DEL is under way
    }

    @Test
    void gcLeavesWhatAnAddHasThatBeganLater() throws CniFailure, ExecutionException, InterruptedException {
        RequestOrder.Ticket early = order.draw(0);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        pods.collectGarbage(early, garbage("vpc-eni"), Map::of);

        assertThat(stateOfTheAddress()).isEqualTo(AddressState.ASSIGNED);
    }

    @Test
    void gcTakesNothingAwayWhenTheKernelCannotBeRead() throws CniFailure, ExecutionException, InterruptedException {
        pods.add(order.draw(0), anAdd("a"), NONCE, 0);

        CniFailure failure = catchThrowableOfType(
                CniFailure.class,
                () -> pods.collectGarbage(order.draw(0), garbage("vpc-eni"), () -> {
                    throw new IOException("EPERM");
                }));

        assertThat(failure).hasMessageContaining("EPERM; nothing was taken away");
        assertThat(stateOfTheAddress()).isEqualTo(AddressState.ASSIGNED);
    }

    private static CniCommand.Check aCheck(String container, InetAddress address) {
        return new CniCommand.Check(
                CniVersion.V1_0_0,
                aKey(container),
                new PodName("shop", container),
                "/run/netns/" + container,
                Set.of(address),
                true);
    }

    private static CniCommand.CollectGarbage garbage(String network, String... valid) {
        return new CniCommand.CollectGarbage(
                CniVersion.V1_1_0,
                network,
                Optional.of(Stream.of(valid).map(PodNetworkTest::aKey).collect(Collectors.toSet())));
    }

    private AddressState stateOfTheAddress() throws InterruptedException, ExecutionException {
        PoolSnapshot pool = owner.look().get();
        return pool.addresses().getFirst().state();
    }

    private static WarmPool aPoolOfOneAddress() {
        WarmPool pool = new WarmPool(new PoolSettings(1, 0, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 2));
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 1), Blocks.of(List.of(ADDRESS))), NOW);
        return pool;
    }

    private static AttachmentKey aKey(String container) {
        return new AttachmentKey("vpc-eni", container, "eth0");
    }

    private static CniCommand.Add anAdd(String container) {
        return new CniCommand.Add(
                CniVersion.V1_0_0,
                aKey(container),
                new PodName("shop", container),
                "/run/netns/" + container,
                DefaultRoute.IF_NONE);
    }

    private static CniCommand.Del aDel(String container) {
        return new CniCommand.Del(CniVersion.V1_0_0, aKey(container));
    }
}
