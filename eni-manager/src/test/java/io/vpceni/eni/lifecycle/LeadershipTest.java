package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.FakeImds;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Which node asks EC2 for ENIs that the cluster's vanished nodes left.
class LeadershipTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration THREE_HOURS = Duration.ofHours(3);

    private Leadership.Role role = Leadership.Role.NONE_ELECTED;
    private final EniStateMachine machine = aMachine();
    private Instant now = START;

    @Test
    void without_an_election_each_node_cleans_up_now_and_then() {
        begin();

        assertThat(cleanUpsIn(THREE_HOURS)).isBetween(2, 4);
    }

    @Test
    void a_leader_cleans_up() {
        role = Leadership.Role.LEADER;
        begin();

        assertThat(cleanUpsIn(THREE_HOURS)).isBetween(2, 4);
    }

    @Test
    void a_follower_leaves_it_to_the_leader_until_there_is_none() {
        role = Leadership.Role.FOLLOWER;
        begin();

        assertThat(cleanUpsIn(THREE_HOURS)).isZero();

        role = Leadership.Role.NONE_ELECTED;
        assertThat(cleanUpsIn(THREE_HOURS)).isPositive();
    }

    private EniStateMachine aMachine() {
        NodeIdentity identity = new FakeImds().identity();
        EniPlacements placements =
                new EniPlacements(EniSettings.of(new ClusterName("blue")), identity, _ -> Optional.empty());
        return new EniStateMachine(
                identity,
                new NodeLimits(3, 4),
                placements,
                new LifecycleSettings(Optional.of(new ClusterName("blue")), true),
                new SplittableRandom(1),
                () -> role);
    }

    private void begin() {
        machine.start(List.of(), Set.of(), List.of(), now);
    }

    /// Each call is answered at once: EC2 knows of none.
    private int cleanUpsIn(Duration time) {
        int found = 0;
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusSeconds(30);
            List<EniEffect> effects = new ArrayList<>(machine.handle(new EniMessage.Tick(), now));
            for (EniEffect effect : effects) {
                if (effect instanceof EniEffect.Call(long call, Ec2Call<?> what, Priority _)) {
                    found += what instanceof Ec2Call.LeftOverIn ? 1 : 0;
                    machine.handle(new EniMessage.Answered(call, new io.vpceni.eni.Ec2Answer.Enis(List.of())), now);
                }
            }
        }
        return found;
    }
}
