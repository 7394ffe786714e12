package io.vpceni.ipamd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.Conflist;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Notice;
import io.vpceni.ipamd.owner.CachedSnapshot;
import io.vpceni.ipamd.owner.PoolEventLog;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Fifth stage: the pool with its journal, the state that earlier ipamd processes left, and the owner's thread. Once
/// started, the pool requests from the ENIs' owner what it needs.
final class PoolStage implements AutoCloseable {
    private final ResourceStack opened;
    private final PoolOwner owner;
    private final CountDownLatch servable = new CountDownLatch(1);
    private final CachedSnapshot<PoolSnapshot> view;
    private final CachedSnapshot<Ec2Status> ec2View;

    private PoolStage(
            DaemonContext context,
            NodeStage node,
            KernelStage kernel,
            EniSubsystem enis,
            Consumer<Notice> notices,
            ResourceStack opened)
            throws IOException, InterruptedException {
        this.opened = opened;
        WarmPool pool = new WarmPool(context.settings().pool(), node.podLimits());
        JournalFile.Opened journal = openJournal(context, opened);
        Path file = context.settings().daemon().journal();
        PoolEventLog events = new PoolEventLog(context.metrics(), context.readiness(), notices, file);
        PoolLoop loop = new PoolLoop(pool, journal.file(), enis, events);
        new PoolRecovery(kernel.kernel(), kernel.network(), node.podLimits(), context.metrics())
                .run(
                        node.node().enis(),
                        kernel.usable(),
                        journal,
                        checkpoint(context),
                        context.settings().pool().cooldown(),
                        loop,
                        context.steady().instant());
        this.owner = opened.add(new PoolOwner(loop, context.steady(), _ -> {
            context.readiness().servable();
            servable.countDown();
        }));
        this.view = new CachedSnapshot<>(pool.snapshot(context.startedAt()), owner::look, context.nanos());
        this.ec2View = new CachedSnapshot<>(enis.first(), enis::look, context.nanos());
        owner.start();
        enis.start(kernel.usable(), owner);
    }

    static PoolStage start(
            DaemonContext context, NodeStage node, KernelStage kernel, EniSubsystem enis, Consumer<Notice> notices)
            throws IOException, InterruptedException {
        return ResourceStack.start(opened -> new PoolStage(context, node, kernel, enis, notices, opened));
    }

    PoolOwner owner() {
        return owner;
    }

    /// Opened when an address is assignable, or pods of an earlier ipamd were found.
    CountDownLatch servable() {
        return servable;
    }

    CachedSnapshot<PoolSnapshot> view() {
        return view;
    }

    CachedSnapshot<Ec2Status> ec2View() {
        return ec2View;
    }

    @Override
    public void close() {
        opened.close();
    }

    /// Appends do not wait for the disk: written data survives the process, and a reboot deletes the pods'
    /// links as well.
    private static JournalFile.Opened openJournal(DaemonContext context, ResourceStack opened) throws IOException {
        Path file = context.settings().daemon().journal();
        JournalFile.Opened journal = JournalFile.open(
                new DirectoryDisk(file.resolveSibling("")),
                new JournalFile.FileOptions(
                        file.getFileName().toString(), false, JournalFile.FileOptions.COMPACT_ABOVE_BYTES),
                JournalClock.of(context.bootId(), context.startedAt(), context.startedNanos()),
                context.steady(),
                work -> Thread.ofVirtual().name("journal-compaction").start(work));
        opened.add(journal.file());
        return journal;
    }

    /// On a node where the AWS VPC CNI ran, before ipamd or between two ipamd processes, its pods keep their
    /// addresses.
    private static AwsCheckpoint.Read checkpoint(DaemonContext context) {
        return new AwsCheckpoint(new ObjectMapper(), Conflist.NETWORK_NAME)
                .read(context.settings().daemon().awsCheckpoint());
    }
}
