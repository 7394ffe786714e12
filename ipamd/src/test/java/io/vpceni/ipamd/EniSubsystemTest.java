package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.DeviceSlot;
import io.vpceni.config.Settings;
import io.vpceni.config.SettingsException;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.FakeImds;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Notice;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pool and ENIs wired to each other, with a fake EC2 and kernel.
class EniSubsystemTest extends NodeWithoutPods {
    private static final Ec2Access ACCESS = new Ec2Access(
            new CredentialsReport(CredentialsSource.INSTANCE_ROLE, "", Instant.EPOCH, "", Optional.empty(), ""),
            Duration.ZERO,
            List.of());

    private final BlockingQueue<EniId> linked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
    private final FakeImds imds = new FakeImds();
    private final FakeEc2 ec2 = new FakeEc2(FakeEc2.Style.EC2).withEni(FakeImds.INSTANCE, 0, 1);
    private final NodeStart node;
    private final DaemonContext context;
    private final EniSubsystem enis;
    private final WarmPool pool;
    private final PoolOwner owner;

    EniSubsystemTest(@TempDir Path directory) throws IOException, InterruptedException, SettingsException {
        node = new NodeDiscovery(ec2, imds, _ -> {}).start(imds.identity(), _ -> EniRole.PODS, Set.of());
        Settings settings = Settings.from(Map.of(
                "VPC_ENI_STATE_DIRECTORY",
                directory.toString(),
                "ENABLE_SUBNET_DISCOVERY",
                "false",
                "WARM_ENI_TARGET",
                "1"));
        context = DaemonContext.of(settings, Map.of(), Clock.systemUTC(), System::nanoTime, new CountDownLatch(1));
        enis = new EniSubsystem(
                node,
                new EniPlacements(settings.eni(), node.identity(), _ -> Optional.empty()),
                IntentFile.open(new DirectoryDisk(directory), Runnable::run),
                new RequestScheduler(BudgetSettings.ofShare(1), 1),
                new Ec2Connection(ec2, () -> Ec2Circuit.CLOSED, () -> ACCESS),
                this,
                ClusterSources.none(notices::add),
                context);
        pool = new WarmPool(settings.pool(), node.limits());
        owner = new PoolOwner(new PoolLoop(pool, this, enis, this), context.steady(), _ -> {});
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
        enis.close();
    }

    private void start() throws InterruptedException {
        owner.start();
        node.enis()
                .forEach(eni -> tellPool(new Message.EniFound(
                        new io.vpceni.pool.Eni(
                                eni.id(),
                                DeviceSlot.PRIMARY,
                                true,
                                node.limits().addressesPerEniMax() - 1),
                        eni.blocks())));
        enis.start(node.enis(), owner);
    }

    private void tellPool(Message message) {
        try {
            owner.tell(message);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_the_pool_lacks_is_made_in_ec2_and_told_to_the_pool_when_its_link_is_there() throws InterruptedException {
        start();

        EniId made = linked.poll(10, TimeUnit.SECONDS);

        assertThat(made).isNotNull();
        awaitPool(snapshot -> snapshot.enis().size() == 2);
        assertThat(notices.poll(10, TimeUnit.SECONDS)).isNotNull().satisfies(notice -> {
            assertThat(notice.origin()).isEqualTo(Notice.Origin.ENIS);
            assertThat(notice.kind()).isEqualTo("ENI_ADDED");
        });
    }

    @Test
    void the_share_reaches_the_scheduler_of_the_calls()
            throws ExecutionException, InterruptedException, TimeoutException {
        start();
        enis.share(0.25);

        Ec2Status status = enis.look().get(10, TimeUnit.SECONDS);

        assertThat(status.budget().share()).isEqualTo(0.25);
    }

    @Test
    void the_end_of_the_node_reaches_the_state_machine()
            throws ExecutionException, InterruptedException, TimeoutException {
        start();
        enis.nodeEnds();

        assertThat(enis.look().get(10, TimeUnit.SECONDS).ending()).isTrue();
    }

    @Test
    void before_the_start_there_is_a_status_to_show() {
        assertThat(enis.first().wanted()).isEmpty();
        assertThat(enis.isAlive()).isFalse();
    }

    private void awaitPool(java.util.function.Predicate<PoolSnapshot> state) throws InterruptedException {
        for (int i = 0; i < 10_000; i++) {
            if (state.test(owner.look().join())) {
                return;
            }
            Thread.onSpinWait();
        }
        assertThat(owner.look().join()).matches(state);
    }

    @Override
    public void setUp(LinkPlan link) {
        linked.add(link.id());
    }
}
