package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ViewRoundsTest implements NodeCloud, CloudWork.Links, CloudWork.Sandboxes {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final BlockingQueue<Message> told = new ArrayBlockingQueue<>(1000);
    private final CountDownLatch swept = new CountDownLatch(1);
    private final Metrics metrics = new Metrics("1.2.3");
    private volatile boolean kernelSilent;

    @Test
    void eachRoundTellsWhatKernelAndEc2Show() throws InterruptedException {
        try (ViewRounds _ = rounds()) {
            for (int round = 0; round < 3; round++) {
                assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new Message.KernelView(NOW, Map.of()));
                assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new Message.Ec2View(NOW, Map.of()));
            }
            assertThat(swept.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLookThatFailsIsCountedAndTheOtherOneGoesOn() throws InterruptedException {
        kernelSilent = true;
        try (ViewRounds _ = rounds()) {
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new Message.Ec2View(NOW, Map.of()));
            assertThat(metrics.render()).contains("awscni_ipamd_error_count{fn=\"kernelView\"}");
            kernelSilent = false;
            Message next = told.poll(10, TimeUnit.SECONDS);
            while (next instanceof Message.Ec2View) {
                next = told.poll(10, TimeUnit.SECONDS);
            }
            assertThat(next).isEqualTo(new Message.KernelView(NOW, Map.of()));
        }
    }

    private ViewRounds rounds() {
        CloudWork work = new CloudWork(this, this, this, new NodeLimits(1, 2));
        return ViewRounds.start(work, told::put, InstantSource.fixed(NOW), metrics, Duration.ofMillis(1));
    }

    @Override
    public List<Cidr> assign(EniId eni, BlockKind kind, int count) {
        return List.of();
    }

    @Override
    public AttachedEni add(int networkCard, BlockKind kind, int count) throws EniFailure {
        throw new IllegalStateException("nobody asked for an ENI");
    }

    @Override
    public void unassign(EniId eni, List<Cidr> blocks) {}

    @Override
    public void remove(EniId eni) {}

    @Override
    public List<AttachedEni> view() {
        return List.of();
    }

    @Override
    public void sweepUnattached() {
        swept.countDown();
    }

    @Override
    public void setUp(AttachedEni eni) {}

    @Override
    public void takeDown(EniId eni) {}

    @Override
    public boolean isSetUp(EniId eni) {
        return true;
    }

    @Override
    public Map<InetAddress, AttachmentKey> held() throws IOException {
        if (kernelSilent) {
            throw new IOException("no answer");
        }
        return Map.of();
    }
}
