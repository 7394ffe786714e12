package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.LinkPlan;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ParallelEniSetupTest {
    private static final List<AttachedEni> ENIS = List.of(eni(1), eni(2), eni(3));

    /// Each waits for all.
    @Test
    @Timeout(60)
    void noneWaitsForAnother() throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(ENIS.size());

        List<AttachedEni> done = ParallelEniSetup.setUp(ENIS, _ -> {
            try {
                together.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IOException(e);
            }
        });

        assertThat(done).isEqualTo(ENIS);
    }

    @Test
    void oneThatCannotBeSetUpCostsNoOther() throws InterruptedException {
        List<AttachedEni> done = ParallelEniSetup.setUp(ENIS, eni -> {
            if (eni.slot().deviceIndex() == 2) {
                throw new IOException("no link has the address " + eni.mac());
            }
        });

        assertThat(done).extracting(eni -> eni.slot().deviceIndex()).containsExactly(1, 3);
    }

    private static AttachedEni eni(int index) {
        return new AttachedEni(
                new LinkPlan(
                        new EniId("eni-" + index),
                        MacAddress.parse("02:00:00:00:00:0" + index),
                        new DeviceSlot(0, index),
                        EniRole.PODS,
                        InetAddress.ofLiteral("10.0." + index + ".10"),
                        Cidr.parse("10.0." + index + ".0/24")),
                List.of());
    }
}
