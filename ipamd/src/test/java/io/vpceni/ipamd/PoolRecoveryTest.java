package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.FakeImds;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeStart;
import io.vpceni.ipamd.cni.NetlinkPodDatapath;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.NetworkFailure;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolRecoveryTest implements PoolLoop.Reports {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration COOLDOWN = Duration.ofSeconds(30);
    private static final AttachmentKey KEY = new AttachmentKey("vpc-eni", "c0ffee", "eth0");

    private final FakeKernel kernel = new FakeKernel();
    private final FakeImds imds = new FakeImds();
    private final FakeEc2 ec2 = new FakeEc2(FakeEc2.Style.EC2).withEni(FakeImds.INSTANCE, 0, 3);
    private final NodeDiscovery discovery = new NodeDiscovery(ec2, imds, _ -> {});
    private final NodeNetwork network = new NodeNetwork(
            kernel, new NetlinkPodDatapath(kernel, (_, _) -> Optional.empty()), discovery, new VpcBlocks(imds));
    private final Metrics metrics = new Metrics("1.2.3");
    private final Path directory;
    private NodeStart node;
    private JournalFile.Opened journal;

    PoolRecoveryTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.node = discovery.start(imds.identity(), _ -> EniRole.PODS, Set.of());
        this.journal = open();
    }

    @BeforeEach
    void discover() throws IOException, InterruptedException {
        node = discovery.start(imds.identity(), _ -> EniRole.PODS, Set.of());
    }

    @AfterEach
    void close() throws IOException {
        journal.file().close();
    }

    private JournalFile.Opened open() {
        return JournalFile.open(
                new DirectoryDisk(directory),
                new JournalFile.FileOptions("pool.journal", false, JournalFile.FileOptions.COMPACT_ABOVE_BYTES),
                JournalClock.of("boot", NOW, 0),
                () -> NOW,
                Runnable::run);
    }

    private PoolSnapshot recovered() throws NetworkFailure {
        WarmPool pool = new WarmPool(new PoolSettings(1, 0, 0, 1, COOLDOWN), node.limits());
        PoolLoop loop = new PoolLoop(pool, journal.file(), (_, _) -> {}, this);
        new PoolRecovery(kernel, network, node.limits(), metrics)
                .run(
                        node.enis(),
                        node.enis(),
                        journal,
                        new AwsCheckpoint.Read(List.of(), List.of()),
                        COOLDOWN,
                        loop,
                        NOW);
        return pool.snapshot(NOW);
    }

    @Test
    void the_pool_has_the_enis_and_their_addresses() throws NetworkFailure {
        assertThat(recovered().enis())
                .singleElement()
                .satisfies(eni -> assertThat(eni.total()).isEqualTo(3));
    }

    @Test
    void pods_are_filtered_after_those_that_stay_are_kept_and_left_over_rules_go_last() throws NetworkFailure {
        recovered();

        assertThat(kernel.asked).startsWith("surveyAtStart 0", "keep 0", "filterPods");
        assertThat(kernel.asked.getLast()).startsWith("sweep");
    }

    @Test
    void what_cooled_when_ipamd_ended_cools_on() throws IOException {
        InetAddress address = node.primary().blocks().getFirst().network();
        journal.file().append(List.of(new JournalRecord.Released(KEY, address, NOW, NOW.plus(COOLDOWN))));
        journal.file().close();
        journal = open();

        PoolSnapshot snapshot = recovered();

        assertThat(snapshot.addresses())
                .filteredOn(view -> view.address().equals(address))
                .singleElement()
                .satisfies(view -> assertThat(view.state()).isEqualTo(AddressState.COOLING));
    }

    @Test
    void a_kernel_that_does_not_tell_stops_the_start() {
        kernel.refuses.add("surveyAtStart");

        Assertions.assertThatThrownBy(this::recovered).isInstanceOf(NetworkFailure.class);
    }

    @Override
    public void noticed(PoolNotice notice) {}

    @Override
    public void unwritten(IOException cause, Instant now) {
        throw new AssertionError(cause);
    }

    @Override
    public void written(Instant now) {}
}
