package io.vpceni.ipamctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplayTest {

    private static final NodeLimits M5_XLARGE = new NodeLimits(4, 15);

    @Test
    void idleAddressesAreHeldLessUsedOverTime() {
        PlanTotals ledger = new PlanTotals();
        ledger.note(Plan.START, 10, 0);
        ledger.begin(Plan.START.plusSeconds(5));
        ledger.note(Plan.START.plusSeconds(7), 10, 4);
        ledger.note(Plan.START.plusSeconds(10), 10, 4);

        assertThat(ledger.idleSeconds()).isEqualTo(2 * 10 + 3 * 6);
        assertThat(ledger.mostHeld()).isEqualTo(10);
    }

    @Test
    void percentilesAreWaitsThatHappened() {
        PlanTotals ledger = new PlanTotals();
        for (int seconds = 0; seconds < 100; seconds++) {
            ledger.served(Duration.ofSeconds(seconds));
        }

        assertThat(ledger.waitSeconds(0.5)).isEqualTo(49);
        assertThat(ledger.waitSeconds(0.99)).isEqualTo(98);
        assertThat(ledger.waited()).isEqualTo(99);
    }

    @Test
    void theSameReplayHasTheSameOutcome() {
        List<Replay.Outcome> once = replay(Traces.CRON.made(7));
        List<Replay.Outcome> again = replay(Traces.CRON.made(7));

        assertThat(ReplayCommand.table("cron", once)).isEqualTo(ReplayCommand.table("cron", again));
        assertThat(AddressChart.svg("cron", once)).isEqualTo(AddressChart.svg("cron", again));
    }

    @Test
    void anAddWaitsForEc2WhenNothingIsWarm() {
        PoolSettings dry =
                new PoolSettings(0, 0, 1, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 0, PolicyName.AWS);
        Trace trace = Trace.parse("t", List.of("0,+,a", "0,+,b"));

        Replay.Outcome outcome = Replay.one(PolicyName.AWS, trace, dry, M5_XLARGE);

        assertThat(outcome.ledger().waited()).isEqualTo(1);
        assertThat(outcome.ledger().waitSeconds(1)).isEqualTo(0.6);
    }

    @Test
    void theAwsVpcCniTakesCoolingAddressesForStock() {
        // WARM_IP_TARGET=5 and twenty pods; six of them are replaced one for one within a cooldown.
        PoolSettings settings =
                new PoolSettings(1, 5, 0, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 0, PolicyName.AWS);
        List<String> lines = new ArrayList<>();
        for (int pod = 0; pod < 20; pod++) {
            lines.add(pod * 10 + ",+,old-" + pod);
        }
        for (int pod = 0; pod < 6; pod++) {
            lines.add(400 + pod * 4 + ",-,old-" + pod);
            lines.add(400 + pod * 4 + ",+,new-" + pod);
        }
        Trace trace = Trace.parse("t", lines);

        List<Replay.Outcome> outcomes = Replay.all(trace, settings, M5_XLARGE);

        assertThat(outcomes.get(0).policy()).isEqualTo(Replay.AS_IT_IS);
        assertThat(outcomes.get(0).ledger().waited()).isEqualTo(1);
        assertThat(outcomes.get(1).policy()).isEqualTo("aws");
        assertThat(outcomes.get(1).ledger().waited()).isZero();
    }

    @Test
    void aNodeThatIsFullLetsTheRestWaitAndServesThemWhenThereIsRoom() {
        NodeLimits two = new NodeLimits(1, 3);
        Trace trace = Trace.parse("t", List.of("0,+,a", "1,+,b", "2,+,c", "10,-,a"));

        for (PolicyName policy : PolicyName.values()) {
            Replay.Outcome outcome = Replay.one(policy, trace, Replay.defaults(PoolMode.ADDRESSES), two);

            assertThat(outcome.ledger().adds()).as(policy.name()).isEqualTo(3);
            assertThat(outcome.ledger().waited()).as(policy.name()).isEqualTo(1);
            assertThat(outcome.ledger().waitSeconds(1)).as(policy.name()).isBetween(37.9, 60.0);
        }
    }

    /// On traces that it was not tuned on: those that are shipped have another seed.
    @ParameterizedTest
    @EnumSource(Traces.class)
    void demandHoldsLessThanAwssDefaultsAndLetsNoMoreAddsWait(Traces traces) {
        Trace trace = traces.shipped();
        PoolSettings defaults = Replay.defaults(PoolMode.ADDRESSES);

        PlanTotals aws = Replay.one(PolicyName.AWS, trace, defaults, M5_XLARGE).ledger();
        PlanTotals demand =
                Replay.one(PolicyName.DEMAND, trace, defaults, M5_XLARGE).ledger();

        assertThat(demand.idleSeconds()).isLessThan(aws.idleSeconds());
        assertThat(demand.waited()).isLessThanOrEqualTo(aws.waited());
    }

    @Test
    void demandLetsFewerAddsWaitOverAllTraces() {
        PoolSettings defaults = Replay.defaults(PoolMode.ADDRESSES);
        long aws = 0;
        long demand = 0;
        for (Traces traces : Traces.values()) {
            aws += Replay.one(PolicyName.AWS, traces.shipped(), defaults, M5_XLARGE)
                    .ledger()
                    .waited();
            demand += Replay.one(PolicyName.DEMAND, traces.shipped(), defaults, M5_XLARGE)
                    .ledger()
                    .waited();
        }

        assertThat(demand).isLessThan(aws);
    }

    @Test
    void prefixesAreReplayedToo() {
        Replay.Outcome outcome =
                Replay.one(PolicyName.AWS, Traces.CHURN.shipped(), Replay.defaults(PoolMode.PREFIXES), M5_XLARGE);

        assertThat(outcome.ledger().mostHeld() % 16).isZero();
        assertThat(outcome.ledger().waited()).isZero();
        assertThat(outcome.calls()).containsEntry("CreateNetworkInterface", 0);
    }

    private static List<Replay.Outcome> replay(Trace trace) {
        return Replay.all(trace, Replay.defaults(PoolMode.ADDRESSES), M5_XLARGE);
    }

    @Test
    void theOrderOfEnisIsTheOnlyChanceInIt() {
        PlanTotals ledger = new PlanTotals();
        PlannedNode node = new AwsVpcCniNode(
                Replay.defaults(PoolMode.ADDRESSES),
                M5_XLARGE,
                Latencies.TYPICAL,
                ledger,
                Plan.START,
                Optional.empty());
        node.advance(Plan.START.plusSeconds(60));

        assertThat(node.enis()).containsExactly(new PlannedNode.EniHoldings(14, 0, 0));
    }
}
