package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.FakeImds;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Which node asks EC2 for ENIs that the cluster's vanished nodes left.
class LeadershipTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final InstanceId OTHER_NODE = new InstanceId("i-0fedcba9876543210");
    private static final Map<String, String> OLD = Map.of(EniLabels.CREATED_AT, "2025-12-31T00:00:00Z");
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

    @Test
    void a_list_that_waited_until_another_node_was_elected_is_not_asked_for() {
        begin();
        EniEffect.Call list = clusterListed();

        assertThat(machine.isStillWanted(list.call(), now)).isTrue();
        role = Leadership.Role.FOLLOWER;

        assertThat(machine.isStillWanted(list.call(), now)).isFalse();
    }

    @Test
    void what_is_listed_when_another_node_was_elected_is_left_to_that() {
        begin();
        EniEffect.Call list = clusterListed();
        role = Leadership.Role.FOLLOWER;

        List<EniEffect> effects = answer(list, leaked(OTHER_NODE, OLD), leaked(OTHER_NODE, Map.of()));

        assertThat(effects).isEmpty();
        assertThat(machine.states()).isEmpty();
    }

    @Test
    void a_deletion_that_waited_until_another_node_was_elected_is_withdrawn_for_good() {
        begin();
        List<EniEffect> effects = answer(clusterListed(), leaked(OTHER_NODE, OLD), leaked(OTHER_NODE, Map.of()));
        EniEffect.Call delete = only(Ec2Call.Delete.class, effects);
        EniEffect.Call tag = only(Ec2Call.Tag.class, effects);
        assertThat(machine.isStillWanted(delete.call(), now)).isTrue();
        assertThat(machine.isStillWanted(tag.call(), now)).isTrue();

        role = Leadership.Role.FOLLOWER;
        assertThat(machine.isStillWanted(delete.call(), now)).isFalse();
        assertThat(machine.isStillWanted(tag.call(), now)).isFalse();
        machine.handle(new EniMessage.Failed(delete.call(), Ec2Failure.withdrawn(delete.what())), now);
        now = now.plus(Duration.ofMinutes(1));
        EniEffect.Call look = only(Ec2Call.OneEni.class, machine.handle(new EniMessage.Tick(), now));

        assertThat(answer(look, leaked(OTHER_NODE, OLD)))
                .singleElement()
                .isInstanceOfSatisfying(
                        EniEffect.Write.class,
                        write -> assertThat(write.intent()).isInstanceOf(Intent.Kept.class));
        assertThat(machine.states()).isEmpty();
    }

    @Test
    void a_deletion_that_an_earlier_process_began_is_left_to_the_node_that_is_elected_since() {
        role = Leadership.Role.FOLLOWER;
        EniId id = leaked(OTHER_NODE, OLD).id();

        List<EniEffect> effects = machine.start(List.of(), Set.of(), List.of(new Intent.Deleting(id, START)), now);
        answer(only(Ec2Call.OneEni.class, effects), leaked(OTHER_NODE, OLD));

        assertThat(machine.states()).isEmpty();
    }

    @Test
    void a_follower_deletes_its_own() {
        role = Leadership.Role.FOLLOWER;
        List<EniEffect> effects = machine.start(List.of(), Set.of(), List.of(), now);
        InstanceId own = new FakeImds().identity().instanceId();

        EniEffect.Call delete =
                only(Ec2Call.Delete.class, answer(only(Ec2Call.UnattachedOf.class, effects), leaked(own, OLD)));

        assertThat(machine.isStillWanted(delete.call(), now)).isTrue();
    }

    /// The call that lists what the cluster's vanished nodes left.
    private EniEffect.Call clusterListed() {
        now = now.plus(Duration.ofMinutes(6));
        return only(Ec2Call.LeftOverIn.class, machine.handle(new EniMessage.Tick(), now));
    }

    private List<EniEffect> answer(EniEffect.Call call, Ec2Eni... enis) {
        return machine.handle(new EniMessage.Answered(call.call(), new Ec2Answer.Enis(List.of(enis))), now);
    }

    private static EniEffect.Call only(Class<? extends Ec2Call<?>> kind, List<EniEffect> effects) {
        return effects.stream()
                .filter(EniEffect.Call.class::isInstance)
                .map(EniEffect.Call.class::cast)
                .filter(call -> kind.isInstance(call.what()))
                .reduce((_, _) -> {
                    throw new AssertionError("more than one " + kind.getSimpleName() + ": " + effects);
                })
                .orElseThrow();
    }

    private static Ec2Eni leaked(InstanceId instance, Map<String, String> tags) {
        Map<String, String> all = new HashMap<>(tags);
        all.put(EniLabels.INSTANCE_ID, instance.value());
        return new Ec2Eni(
                new EniId(tags.isEmpty() ? "eni-1" : "eni-2"),
                new SubnetId("subnet-1"),
                null,
                InetAddress.ofLiteral("10.0.0.101"),
                List.of(),
                "interface",
                all,
                EniLabels.description(instance),
                List.of("sg-1"),
                null);
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
                    machine.handle(new EniMessage.Answered(call, new Ec2Answer.Enis(List.of())), now);
                }
            }
        }
        return found;
    }
}
