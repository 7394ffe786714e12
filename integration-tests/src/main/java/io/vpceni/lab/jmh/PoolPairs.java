package io.vpceni.lab.jmh;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PodName;
import io.vpceni.pool.WarmPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One pod comes and another goes: [Message.Assign], [Message.PrepareRelease], [Message.Release], in a pool that holds
/// that many addresses, nine tenths of them assigned. Time goes on by a second a pair, so that cooldowns end as fast as
/// they begin.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PoolPairs {

    private static final Instant START = Instant.EPOCH;
    private static final int ENIS = 15;

    /// Addresses that the pool holds.
    @Param({"10", "250", "1000", "10000"})
    public int addresses;

    private AttachmentKey[] keys = new AttachmentKey[0];
    private WarmPool pool = new WarmPool(settings(), new NodeLimits(1, 1));
    private Instant now = START;
    private long ticket = 1;
    private int next;

    /// Fills the pool.
    ///
    /// @throws UnknownHostException never: the octets are four
    @Setup
    public void fill() throws UnknownHostException {
        int enis = Math.min(ENIS, Math.ceilDiv(addresses, 10));
        int each = Math.ceilDiv(addresses, enis);
        pool = new WarmPool(settings(), new NodeLimits(enis, each + 1));
        int number = 0;
        for (int device = 0; device < enis; device++) {
            List<Cidr> blocks = new ArrayList<>();
            while (blocks.size() < each && number < addresses) {
                byte[] octets = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
                blocks.add(Cidr.containing(InetAddress.getByAddress(octets), 32));
                number++;
            }
            Eni eni = new Eni(new EniId(String.format(Locale.ROOT, "eni-%017x", device)), 0, device, device == 0, each);
            pool.handle(new Message.EniReady(0, eni, blocks), now);
        }
        keys = new AttachmentKey[addresses * 9 / 10];
        for (int pod = 0; pod < keys.length; pod++) {
            keys[pod] = key(pod);
            add(keys[pod]);
        }
    }

    /// A release and an allocation.
    @Benchmark
    public List<Effect> pair() {
        now = now.plusSeconds(40);
        int leaving = next++ % keys.length;
        pool.handle(new Message.PrepareRelease(ticket++, keys[leaving]), now);
        pool.handle(new Message.Release(keys[leaving]), now);
        return add(keys[leaving]);
    }

    private List<Effect> add(AttachmentKey key) {
        return pool.handle(new Message.Assign(ticket++, key, PodName.UNKNOWN, now.plusSeconds(30)), now);
    }

    private static AttachmentKey key(int pod) {
        return new AttachmentKey("vpc-eni", String.format(Locale.ROOT, "%064x", 0x9e3779b97f4a7c15L * pod), "eth0");
    }

    /// The default targets: one ENI's worth of addresses ready.
    private static PoolSettings settings() {
        return new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30));
    }
}
