package io.vpceni.lab.jmh;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolSettings;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.KernelPod;
import io.vpceni.pool.journal.RecoveryPlan;
import io.vpceni.pool.journal.RecoverySources;
import io.vpceni.pool.journal.StartupRecovery;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a start has to do before it serves, but for asking EC2 and the kernel: the journal is read, the three
/// sources, which agree, are combined, and a new pool is told. One operation is all of it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // @Setup sets what has to be
public class JournalRecoveryBenchmark {

    /// Pods of the life before.
    @Param({"250", "10000"})
    public int assignments;

    private final List<Message.EniFound> enis = new ArrayList<>();
    private final Map<EniId, Set<Cidr>> ec2 = new HashMap<>();
    private final List<KernelPod> kernel = new ArrayList<>();
    private NumberedNode node;
    private JournalDirectory directory;

    /// Writes the journal, and what EC2 and the kernel will say.
    ///
    /// @throws IOException when the journal cannot be written
    @Setup
    public void live() throws IOException {
        node = new NumberedNode(assignments);
        for (int device = 0; device < node.enis(); device++) {
            Message.EniFound ready = new Message.EniFound(node.eni(device), node.blocks(device));
            enis.add(ready);
            ec2.put(ready.eni().id(), new HashSet<>(ready.blocks()));
        }
        directory = JournalDirectory.make();
        try (JournalFile file = directory.open(false, 0).file()) {
            for (int pod = 0; pod < assignments; pod++) {
                Assignment assignment = node.assignment(pod);
                kernel.add(new KernelPod(assignment.key(), assignment.pod(), assignment.address()));
                file.append(List.of(new JournalRecord.Assigned(assignment, JournalDirectory.now(0))));
            }
        }
        int assigned = recover().snapshot(JournalDirectory.now(1)).enis().stream()
                .mapToInt(PoolSnapshot.EniCounts::assigned)
                .sum();
        if (assigned != assignments) {
            throw new IllegalStateException("recovered " + assigned + " of " + assignments);
        }
    }

    /// Deletes the journal.
    ///
    /// @throws IOException when something stays
    @TearDown
    public void close() throws IOException {
        directory.close();
    }

    /// A start.
    ///
    /// @throws IOException when the journal's file cannot be closed
    @Benchmark
    public WarmPool recover() throws IOException {
        Instant now = JournalDirectory.now(1);
        PoolSettings settings = NumberedNode.settings();
        JournalFile.Opened journal = directory.open(false, 1);
        try (JournalFile file = journal.file()) {
            RecoveryPlan settled = StartupRecovery.of(
                    new RecoverySources(
                            journal.state(), kernel, ec2, enis.getFirst().eni().id(), Map.of(), List.of()),
                    settings.cooldown(),
                    now);
            if (!settled.records().isEmpty()) {
                file.append(settled.records());
            }
            WarmPool pool = new WarmPool(settings, node.limits());
            enis.forEach(ready -> pool.handle(ready, now));
            settled.messages().forEach(message -> pool.handle(message, now));
            pool.handle(new Message.Tick(), now);
            return pool;
        }
    }
}
