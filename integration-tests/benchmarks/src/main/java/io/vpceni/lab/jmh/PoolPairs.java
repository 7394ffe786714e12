package io.vpceni.lab.jmh;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Message;
import io.vpceni.pool.WarmPool;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One pod comes and another goes: [Message.Assign], [Message.CancelWaitingAdds], [Message.WhoHolds],
/// [Message.Release], in a pool that holds that many addresses, nine tenths of them assigned. Time goes on by 40 s a
/// pair: the cooldown of one pair is over at the next.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // @Setup sets what has to be
public class PoolPairs {

    private static final Instant START = Instant.EPOCH;

    /// Addresses that the pool holds.
    @Param({"10", "250", "1000", "10000"})
    public int addresses;

    private AttachmentKey[] keys;
    private WarmPool pool;
    private Instant now = START;
    private long ticket = 1;
    private int next;

    /// Fills the pool.
    @Setup
    public void fill() {
        NumberedNode node = new NumberedNode(addresses);
        pool = new WarmPool(NumberedNode.settings(), node.limits());
        for (int device = 0; device < node.enis(); device++) {
            pool.handle(new Message.EniFound(node.eni(device), node.blocks(device)), now);
        }
        keys = new AttachmentKey[addresses * 9 / 10];
        for (int pod = 0; pod < keys.length; pod++) {
            keys[pod] = NumberedNode.key(pod);
            add(keys[pod]);
        }
    }

    /// A release and an allocation.
    @Benchmark
    public List<Effect> pair() {
        now = now.plusSeconds(40);
        int leaving = next++ % keys.length;
        long del = ticket++;
        pool.handle(new Message.CancelWaitingAdds(del, keys[leaving]), now);
        pool.handle(new Message.WhoHolds(del, keys[leaving]), now);
        pool.handle(new Message.Release(keys[leaving]), now);
        return add(keys[leaving]);
    }

    private List<Effect> add(AttachmentKey key) {
        return pool.handle(new Message.Assign(ticket++, key, PodName.UNKNOWN, now.plusSeconds(30)), now);
    }
}
