package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.FakeEc2;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A call can wait for its turn for half an hour. What somebody changes meanwhile counts when its turn comes.
class WaitingCallsTest {

    private static final Map<String, String> LEFT_OVER = Map.of(
            EniLabels.INSTANCE_ID, EniStateMachineRig.INSTANCE.value(), EniLabels.CREATED_AT, "2026-11-21T10:00:00Z");

    private static final Duration LONG = Duration.ofMinutes(20);

    private final FakeEc2 ec2 = EniStateMachineRig.ec2();
    private final FakeEnis hands = new FakeEnis(ec2);
    private EniStateMachineRig rig = new EniStateMachineRig(ec2, List.of());

    @Test
    void whatIsPendingIsListedByNameWithTheRequestThatWaitsForIt() {
        EniId eni = another();
        rig.waits = Ec2Action::changes;
        long request = rig.assign(eni, 1);

        assertThat(rig.pending()).singleElement().satisfies(call -> {
            assertThat(call.operation()).isEqualTo("assign addresses or prefixes");
            assertThat(call.subject()).isEqualTo(eni.value());
            assertThat(call.requests()).containsExactly(request);
        });
        rig.turnComes();
        assertThat(rig.pending()).isEmpty();
    }

    @Test
    void anEniThatIsNoLongerManagedIsNotPutRight() {
        EniId eni = hands.attachedByUs(EniStateMachineRig.INSTANCE, 1); // without delete-on-termination
        rig.waits = Ec2Action::changes;
        rig.look();
        rig.pass(LONG);
        rig.look();

        markedAsSomebodyElses(eni);
        Set<Ec2Action> made = changesFrom(rig::turnComes);

        assertThat(made).isEmpty();
    }

    @Test
    void aNewEniThatIsMarkedBeforeItWouldGoWithItsInstanceIsLeftAsItIs() {
        rig.waits = Ec2Action.MODIFY_NETWORK_INTERFACE_ATTRIBUTE::equals;
        EniId eni = another(); // pods have it before that is done

        markedAsSomebodyElses(eni);
        Set<Ec2Action> made = changesFrom(rig::turnComes);
        rig.pass(LONG);

        assertThat(made).isEmpty();
        assertThat(rig.intents.getLast()).isInstanceOf(Intent.Added.class);
    }

    @Test
    void anEniThatIsNoLongerManagedGetsNoMoreAddresses() {
        EniId eni = another();
        rig.waits = Ec2Action::changes;
        long request = rig.assign(eni, 1);

        markedAsSomebodyElses(eni);
        Set<Ec2Action> made = changesFrom(rig::turnComes);

        assertThat(made).isEmpty();
        assertThat(rig.outcome(request)).isInstanceOfSatisfying(Message.RequestFailed.class, failed -> {
            assertThat(failed.error()).isEqualTo(AllocationError.OTHER);
            assertThat(failed.detail()).contains("not asked: what it was for has changed while it waited");
        });
    }

    @Test
    void anEniThatIsNoLongerManagedKeepsItsAddresses() {
        EniId eni = another();
        List<Cidr> blocks = rig.youngest().blocks();
        rig.waits = Ec2Action::changes;
        long request = rig.unassign(eni, blocks);

        markedAsSomebodyElses(eni);
        Set<Ec2Action> made = changesFrom(rig::turnComes);

        assertThat(made).isEmpty();
        assertThat(rig.outcome(request)).isInstanceOf(Message.RequestFailed.class);
    }

    @Test
    void anEniThatIsNoLongerManagedStaysAttached() {
        EniId eni = another();
        rig.waits = Ec2Action::changes;
        long request = rig.remove(eni);

        markedAsSomebodyElses(eni);
        Set<Ec2Action> made = changesFrom(rig::turnComes);
        rig.pass(LONG);

        assertThat(made).isEmpty();
        assertThat(rig.outcome(request)).isInstanceOf(Message.RequestFailed.class);
        assertThat(rig.intents.getLast()).isInstanceOf(Intent.Kept.class);
        assertThat(rig.youngest().attachment()).isNotNull();
    }

    @Test
    void aLeftOverThatSomebodyMarksAsTheirsIsNotDeleted() {
        ec2.withUnattached("aws-K8S-" + EniStateMachineRig.INSTANCE, LEFT_OVER);
        rig.waits = Ec2Action::changes;
        sweep();
        assertThat(rig.stages()).contains(EniPhase.DELETING);

        hands.tagged(rig.youngest().id(), EniLabels.NO_MANAGE, "true");
        rig.pass(LONG);
        rig.turnComes();
        rig.pass(LONG);

        assertThat(ec2.all()).hasSize(2);
        assertThat(rig.stages()).containsExactly(EniPhase.READY);
    }

    @Test
    void aLeftOverWhoseViewIsOldIsLookedAtAgainAndDeleted() {
        ec2.withUnattached("aws-K8S-" + EniStateMachineRig.INSTANCE, LEFT_OVER);
        rig.waits = Ec2Action::changes;
        sweep();
        rig.pass(LONG);
        int before = rig.calls.size();

        rig.turnComes();
        rig.pass(Duration.ofSeconds(10));

        assertThat(rig.calls.subList(before, rig.calls.size()))
                .extracting(Ec2Call::action)
                .containsExactly(Ec2Action.DESCRIBE_NETWORK_INTERFACES, Ec2Action.DELETE_NETWORK_INTERFACE);
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void anotherNodesLeftOverIsNotTaggedByAnOldView() {
        ec2.withUnattached("aws-K8S-i-other", Map.of(EniLabels.INSTANCE_ID, "i-other", EniLabels.CLUSTER_NAME, "blue"));
        rig = new EniStateMachineRig(ec2, List.of(), EniSettings.of(new ClusterName("blue")));
        rig.waits = Ec2Action::changes;
        rig.pass(LONG);

        rig.turnComes();

        assertThat(rig.youngest().tags()).doesNotContainKey(EniLabels.CREATED_AT);
    }

    @Test
    void aListOfSubnetsNamesAllRequestsThatWaitForIt() {
        rig = new EniStateMachineRig(ec2, List.of(), EniSettings.of(new ClusterName("blue")));
        rig.waits = Ec2Action.DESCRIBE_SUBNETS::equals;

        long one = rig.add(2);
        long other = rig.add(2);

        assertThat(rig.pending())
                .filteredOn(call -> call.operation().equals("list subnets before an ENI is created"))
                .singleElement()
                .satisfies(call -> assertThat(call.requests()).containsExactly(one, other));
        rig.turnComes();
        assertThat(rig.outcome(one)).isInstanceOf(Message.EniReady.class);
        assertThat(rig.outcome(other)).isInstanceOf(Message.EniReady.class);
    }

    private void sweep() {
        for (int i = 0; i < 10; i++) {
            rig.pass(Duration.ofMinutes(1));
            rig.look();
        }
    }

    private EniId another() {
        rig.add(2);
        return rig.youngest().id();
    }

    private void markedAsSomebodyElses(EniId eni) {
        hands.tagged(eni, EniLabels.NO_MANAGE, "true");
        rig.pass(LONG);
        rig.look();
    }

    private Set<Ec2Action> changesFrom(Runnable part) {
        int before = rig.calls.size();
        part.run();
        return rig.calls.subList(before, rig.calls.size()).stream()
                .map(Ec2Call::action)
                .filter(Ec2Action::changes)
                .collect(Collectors.toSet());
    }
}
