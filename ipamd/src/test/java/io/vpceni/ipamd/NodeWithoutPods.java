package io.vpceni.ipamd;

import io.vpceni.config.AttachmentKey;
import io.vpceni.eni.LinkPlan;
import io.vpceni.ipamd.owner.EniEffectExecutor;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.journal.Journal;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What pool and ENIs meet on a node where all works: a kernel with no pods, in which every link is set up at
/// once, and a journal that takes every record.
abstract class NodeWithoutPods implements EniEffectExecutor.Kernel, PoolLoop.Reports, Journal {

    @Override
    public void setUp(LinkPlan link) {}

    @Override
    public void takeDown(EniId eni) throws IOException {}

    @Override
    public Map<InetAddress, AttachmentKey> held() {
        return Map.of();
    }

    @Override
    public void append(List<JournalRecord> records) {}

    @Override
    public void noticed(PoolNotice notice) {}

    @Override
    public void unwritten(IOException cause, Instant now) {}

    @Override
    public void written(Instant now) {}
}
