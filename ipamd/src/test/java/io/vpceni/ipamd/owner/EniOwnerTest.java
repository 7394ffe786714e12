package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.EniEffect;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Priority;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The cloud's owner with real threads, and decisions, EC2, kernel and pool that each test makes up.
class EniOwnerTest implements EniLoop.Works, EniEffectExecutor.Kernel {
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final Ec2Call<?> DELETE = new Ec2Call.Delete(ENI);
    private static final Effect.Request REMOVE = new Effect.RemoveEni(7, ENI);
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.1.5");
    private static final AttachmentKey KEY = new AttachmentKey("vpc-eni", "c", "eth0");
    private static final Duration NEVER = Duration.ofDays(1);

    private final BlockingQueue<EniMessage> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> pool = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> links = new LinkedBlockingQueue<>();
    private final CountDownLatch linkMayCome = new CountDownLatch(1);
    private final Metrics metrics = new Metrics("1.2.3");
    private final CompletableFuture<EniOwner> slot = new CompletableFuture<>();
    private volatile Function<EniMessage, List<EniEffect>> decides = _ -> List.of();
    private volatile @Nullable Ec2Failure ec2Refuses;
    private volatile boolean kernelSilent;
    private volatile boolean ec2Bug;
    private volatile Message.@Nullable PodView listed;
    private final List<Runnable> closings = new ArrayList<>();

    @Test
    void a_request_of_the_pools_becomes_a_call_and_its_answer_an_outcome() throws InterruptedException {
        EniOwner owner = anOwner(NEVER);
        decides = message -> switch (message) {
            case EniMessage.Wanted _ -> List.of(new EniEffect.Call(1, DELETE, Priority.CLEAN_UP));
            case EniMessage.Answered _ -> List.of(new EniEffect.Tell(new Message.EniRemoved(7)));
            default -> List.of();
        };

        assertThat(owner.want(REMOVE, true)).isTrue();

        assertThat(pool.poll(10, TimeUnit.SECONDS)).isEqualTo(new Message.EniRemoved(7));
        assertThat(hearing(EniMessage.Wanted.class)).isEqualTo(new EniMessage.Wanted(REMOVE, true));
        assertThat(hearing(EniMessage.Answered.class)).isEqualTo(new EniMessage.Answered(1, new Ec2Answer.Done()));
        assertThat(metrics.render()).contains("vpceni_deleted_enis_total 1");
    }

    @Test
    void what_goes_on_can_be_looked_at() throws InterruptedException, ExecutionException, TimeoutException {
        EniOwner owner = anOwner(NEVER);
        ec2Refuses = new Ec2Failure(
                Ec2Failure.Kind.UNAUTHORIZED, "DeleteNetworkInterface", ENI.value(), "UnauthorizedOperation", "", null);
        decides = message -> message instanceof EniMessage.Wanted
                ? List.of(new EniEffect.Call(1, DELETE, Priority.CLEAN_UP))
                : List.of();
        owner.want(REMOVE, false);
        hearing(EniMessage.Failed.class);

        Ec2Status seen = owner.look().get(10, TimeUnit.SECONDS);

        assertThat(seen.wanted())
                .singleElement()
                .satisfies(wanted -> assertThat(wanted.request()).isEqualTo(REMOVE));
        assertThat(seen.calls()).isEmpty();
        assertThat(seen.refusals()).singleElement().satisfies(trouble -> {
            assertThat(trouble.action()).isEqualTo("DeleteNetworkInterface");
            assertThat(trouble.text()).contains("the role needs ec2:DeleteNetworkInterface");
            assertThat(trouble.times()).isEqualTo(1);
        });
    }

    @Test
    void what_is_done_to_one_link_is_done_in_order_and_does_not_hold_others() throws InterruptedException {
        EniOwner owner = anOwner(NEVER);
        EniId other = new EniId("eni-0ff");
        decides = message -> message instanceof EniMessage.Wanted
                ? List.of(
                        new EniEffect.SetUpLink(link(ENI), List.of()),
                        new EniEffect.TakeDownLink(ENI, List.of()),
                        new EniEffect.SetUpLink(link(other), List.of()))
                : List.of();

        owner.want(REMOVE, false);

        assertThat(hearing(EniMessage.LinkReady.class)).isEqualTo(new EniMessage.LinkReady(other));
        assertThat(links.poll(10, TimeUnit.SECONDS)).isEqualTo("set up eni-0ff");
        linkMayCome.countDown();
        assertThat(links.poll(10, TimeUnit.SECONDS)).isEqualTo("set up " + ENI);
        assertThat(links.poll(10, TimeUnit.SECONDS)).isEqualTo("take down " + ENI);
    }

    @Test
    void the_kernel_is_asked_and_tells_or_does_not() throws InterruptedException {
        EniOwner owner = anOwner(NEVER);
        decides = message -> message instanceof EniMessage.Wanted ? List.of(new EniEffect.AskKernel(3)) : List.of();

        owner.want(REMOVE, false);
        assertThat(hearing(EniMessage.KernelHolds.class).held()).containsExactly(ADDRESS);
        kernelSilent = true;
        owner.want(REMOVE, false);

        assertThat(hearing(EniMessage.KernelSilent.class)).isEqualTo(new EniMessage.KernelSilent(3, "no netlink"));
    }

    @Test
    void from_time_to_time_ec2_is_looked_at_and_the_pool_hears_what_the_kernel_shows() throws InterruptedException {
        anOwner(Duration.ofMillis(20));

        hearing(EniMessage.Reconcile.class);
        hearing(EniMessage.Reconcile.class);

        assertThat(pool.poll(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Message.KernelView.class,
                        view -> assertThat(view.held()).containsEntry(ADDRESS, KEY));
    }

    @Test
    void from_time_to_time_the_pool_hears_which_pods_the_api_server_lists() throws InterruptedException {
        Message.PodView view =
                new Message.PodView(Instant.parse("2026-11-21T15:00:00Z"), Set.of(new PodName("shop", "cart-0")));
        listed = view;

        anOwner(Duration.ofMillis(20));

        Message next = pool.poll(10, TimeUnit.SECONDS);
        for (int looks = 0; looks < 5 && next instanceof Message.KernelView; looks++) {
            next = pool.poll(10, TimeUnit.SECONDS);
        }
        assertThat(next).isEqualTo(view);
    }

    @Test
    void the_share_of_the_request_rate_may_change_while_it_runs()
            throws InterruptedException, ExecutionException, TimeoutException {
        EniOwner owner = anOwner(NEVER);

        owner.share(0.25);

        assertThat(owner.look().get(10, TimeUnit.SECONDS).budget().share()).isEqualTo(0.25);
        assertThatThrownBy(() -> owner.share(2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(owner.isAlive()).isTrue();
    }

    @Test
    void a_bug_in_a_call_is_an_answer_that_may_have_been_lost() throws InterruptedException {
        EniOwner owner = anOwner(NEVER);
        ec2Bug = true;
        decides = message -> message instanceof EniMessage.Wanted
                ? List.of(new EniEffect.Call(1, DELETE, Priority.CLEAN_UP))
                : List.of();

        owner.want(REMOVE, false);

        assertThat(hearing(EniMessage.Failed.class).failure().kind()).isEqualTo(Ec2Failure.Kind.OUTCOME_UNKNOWN);
        assertThat(owner.isAlive()).isTrue();
    }

    @Test
    void a_bug_in_the_decisions_stops_the_owner_and_is_seen() throws InterruptedException {
        EniOwner owner = anOwner(NEVER);
        decides = message -> {
            if (message instanceof EniMessage.Wanted) {
                throw new IllegalStateException("a bug");
            }
            return List.of();
        };

        owner.want(REMOVE, false);

        hearing(EniMessage.Wanted.class);
        owner.close();
        assertThatThrownBy(() -> owner.look().get(10, TimeUnit.SECONDS)).hasMessageContaining("has stopped");
        assertThat(owner.isAlive()).isFalse();
        assertThat(owner.want(REMOVE, false)).isFalse();
    }

    @AfterEach
    void close() {
        linkMayCome.countDown();
        closings.forEach(Runnable::run);
    }

    private EniOwner anOwner(Duration lookEvery) {
        Clock time = Clock.systemUTC();
        EniEffectExecutor hands = new EniEffectExecutor(
                this::perform,
                this,
                pool::put,
                message -> slot.join().tell(message),
                () -> Optional.ofNullable(listed),
                _ -> {},
                time,
                metrics);
        RequestScheduler scheduler = new RequestScheduler(BudgetSettings.ofShare(1), 1);
        EniLoop loop = new EniLoop(this, scheduler, _ -> {}, hands);
        EniOwner owner = new EniOwner(
                loop,
                hands,
                now -> new Ec2Status(
                        now,
                        List.of(),
                        hands.wanted(),
                        List.of(),
                        hands.callsInFlight(),
                        loop.budget(now),
                        List.of(),
                        hands.refusals(),
                        0,
                        Ec2Circuit.CLOSED,
                        new Ec2Access(
                                new CredentialsReport(
                                        CredentialsSource.INSTANCE_ROLE, "", now, "", Optional.empty(), ""),
                                Duration.ZERO,
                                List.of()),
                        false),
                time,
                lookEvery);
        closings.add(owner::close);
        closings.add(hands::close);
        slot.complete(owner);
        owner.start(List.of());
        return owner;
    }

    /// The next of that kind; others are passed over.
    private <M extends EniMessage> M hearing(Class<M> kind) throws InterruptedException {
        while (true) {
            EniMessage next = heard.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no " + kind.getSimpleName() + " came");
            }
            if (kind.isInstance(next)) {
                return kind.cast(next);
            }
        }
    }

    private static LinkPlan link(EniId eni) {
        return new LinkPlan(eni, null, new DeviceSlot(0, 1), EniRole.PODS, ADDRESS, null);
    }

    private Ec2Answer perform(Ec2Call<?> call) throws Ec2Failure {
        if (ec2Bug) {
            throw new IllegalStateException("a bug");
        }
        Ec2Failure refusal = ec2Refuses;
        if (refusal != null) {
            throw refusal;
        }
        return new Ec2Answer.Done();
    }

    @Override
    public List<EniEffect> handle(EniMessage message, Instant now) {
        heard.add(message);
        return decides.apply(message);
    }

    @Override
    public boolean isStillWanted(long call, Instant now) {
        return true;
    }

    @Override
    public Optional<Instant> lookAgainAt() {
        return Optional.empty();
    }

    @Override
    public void setUp(LinkPlan link) throws InterruptedException {
        if (link.id().equals(ENI)) {
            linkMayCome.await();
        }
        links.add("set up " + link.id());
    }

    @Override
    public void takeDown(EniId eni) {
        links.add("take down " + eni);
    }

    @Override
    public Map<InetAddress, AttachmentKey> held() throws IOException {
        if (kernelSilent) {
            throw new IOException("no netlink");
        }
        return Map.of(ADDRESS, KEY);
    }
}
