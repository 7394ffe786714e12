package io.vpceni.lab.simulate.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.SimulatedIds;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final Instant TAKEN = Instant.parse("2026-01-01T00:10:00Z");
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.99");
    private static final Cidr BLOCK = Cidr.containing(ADDRESS, 32);

    private final NodeLimits limits = new NodeLimits(1, 15);
    private final SimulatedVpc ec2 = new SimulatedVpc(
            SimulatedIds.NODE, List.of(SimulatedIds.SECURITY_GROUP), List.of(new SimulatedSubnet(0, 22, 0)), limits);
    private final EniId eni =
            ec2.attach(0, EniRole.PODS, TAKEN, 0).orElseThrow().id();
    private final Checker checker = new Checker(
            WorldParameters.quiet(new PoolSettings(1, 0, 0, 1, Duration.ofSeconds(30)), limits),
            ec2,
            new SimKernel(() -> TAKEN));

    /// EC2's view lags by up to a minute, and at a start the product believes it: that minute begins anew.
    @Test
    void whatAStartWasToldCountsAsToldAlthoughItIsGoneAlready() {
        checker.takenByOthers(BLOCK, TAKEN);
        checker.startView(TAKEN.plusSeconds(9), Map.of(eni, Set.of(BLOCK)), Set.of(eni));

        checker.viewArrives(TAKEN.plusSeconds(68), Map.of(eni, Set.of()));
        give(1, TAKEN.plusSeconds(69));

        checker.viewArrives(TAKEN.plusSeconds(70), Map.of(eni, Set.of()));
        assertThatThrownBy(() -> give(2, TAKEN.plusSeconds(71)))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("10.0.0.99 is given out and EC2 does not have it");
    }

    private void give(long ticket, Instant now) {
        AttachmentKey key = new AttachmentKey("net", "c" + ticket, "eth0");
        checker.vanished(new AttachmentKey("net", "c" + (ticket - 1), "eth0"), now);
        Assignment has = new Assignment(key, PodName.UNKNOWN, ADDRESS, eni);
        checker.asked(ticket, key, now.plusSeconds(10), now);
        checker.durable(new JournalRecord.Assigned(has, now));
        checker.answered(ticket, new AssignResult.Assigned(has), now, false);
    }
}
