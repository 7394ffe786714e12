package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.ClusterName;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Lag;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeakedEniCleanupTest {

    private static final Instant START = EniStateMachineRig.START;
    private static final InstanceId OTHER = new InstanceId("i-0fedcba9876543210");

    private final PendingOperations operations = new PendingOperations();
    private final NodeEnis nodeEnis = new NodeEnis(EniStateMachineRig.identity(), new NodeLimits(3, 4));
    private final EniRemovals removals = new EniRemovals(operations, nodeEnis, Leadership.NONE);
    private final LeakedEniCleanup cleanup = new LeakedEniCleanup(
            operations,
            nodeEnis,
            removals,
            new LifecycleSettings(Optional.of(new ClusterName("blue")), true),
            new SplittableRandom(1),
            Leadership.NONE);

    private Instant now = START;

    @Test
    void anOwnEniThatIsAttachedToNothingIsDeletedOnceItIsOld() {
        nodeEnis.startedAt = START;

        ownListed(
                eni(1, EniStateMachineRig.INSTANCE, Duration.ofMinutes(6)),
                eni(2, EniStateMachineRig.INSTANCE, Duration.ofMinutes(4)));

        assertThat(nodeEnis.removals.keySet()).containsExactly(id(1));
        assertThat(calls()).contains(new Ec2Call.Delete(id(1)));
    }

    @Test
    void whatSomebodyElseMadeStays() {
        Ec2Eni theirs = eni(1, EniStateMachineRig.INSTANCE.value(), Duration.ofHours(1), "made by hand");

        ownListed(theirs);

        assertThat(nodeEnis.removals).isEmpty();
    }

    @Test
    void whileAnEniIsBeingCreatedNothingThatIsYoungerThanThatIsTakenForALeak() {
        nodeEnis.creations.add(new EniCreation(
                new Effect.AddEni(1, 0, BlockKind.ADDRESS, 4),
                new DeviceSlot(0, 1),
                Priority.WARM,
                START.minus(Duration.ofMinutes(10))));

        ownListed(
                eni(1, EniStateMachineRig.INSTANCE, Duration.ofMinutes(9)),
                eni(2, EniStateMachineRig.INSTANCE, Duration.ofMinutes(11)));

        assertThat(nodeEnis.removals.keySet()).containsExactly(id(2));
    }

    @Test
    void anUncertainCreationEndsWithTheFirstViewThatCanTell() {
        nodeEnis.startedAt = START.minus(Duration.ofHours(1));
        nodeEnis.uncertain.add(new UncertainCreation(new ClientToken("token-1"), START, "no answer"));

        ownListed();
        assertThat(nodeEnis.uncertain).hasSize(1);
        now = START.plus(Lag.MAX).plusSeconds(1);
        ownListed(eni(1, EniStateMachineRig.INSTANCE, Lag.MAX));

        assertThat(nodeEnis.uncertain).isEmpty();
        assertThat(nodeEnis.removals.keySet()).containsExactly(id(1)); // young, but it can only be that one
        assertThat(operations.taken())
                .contains(new EniEffect.Write(new Intent.Undone(new ClientToken("token-1"), now)));
    }

    @Test
    void anotherNodesEniIsTaggedFirstAndDeletedWhenTheTagIsOld() {
        Ec2Eni untagged = new Ec2Eni(
                id(1),
                new SubnetId("subnet-1"),
                null,
                address(1),
                List.of(),
                "interface",
                Map.of(EniLabels.INSTANCE_ID, OTHER.value()),
                EniLabels.description(OTHER),
                List.of("sg-1"),
                null);

        clusterListed(List.of(untagged, eni(2, OTHER, Duration.ofMinutes(16)), eni(3, OTHER, Duration.ofMinutes(14))));

        assertThat(nodeEnis.removals.keySet()).containsExactly(id(2));
        assertThat(calls())
                .filteredOn(Ec2Call.Tag.class::isInstance)
                .singleElement()
                .extracting(Ec2Call::subject)
                .isEqualTo(id(1).value());
    }

    @Test
    void anEniWhoseTagNamesNoInstanceStays() {
        clusterListed(
                List.of(eni(1, "", Duration.ofHours(1), "aws-K8S-"), eni(2, " ", Duration.ofHours(1), "aws-K8S- ")));

        assertThat(nodeEnis.removals).isEmpty();
        assertThat(operations.taken()).noneMatch(EniEffect.Call.class::isInstance);
    }

    @Test
    void onlySoManyOfTheClusterAreDeletedAtATime() {
        clusterListed(IntStream.rangeClosed(1, 25)
                .mapToObj(number -> eni(number, OTHER, Duration.ofHours(1)))
                .toList());

        assertThat(nodeEnis.removals).hasSize(20);
    }

    private void ownListed(Ec2Eni... enis) {
        conclude(
                new PendingOperation.ListOwnUnattached(),
                new Ec2Call.UnattachedOf(EniStateMachineRig.INSTANCE),
                List.of(enis));
    }

    private void clusterListed(List<Ec2Eni> enis) {
        conclude(
                new PendingOperation.ListClusterUnattached(),
                new Ec2Call.LeftOverIn(new VpcId("vpc-1"), new ClusterName("blue")),
                enis);
    }

    private void conclude(PendingOperation.OfCleanup operation, Ec2Call<?> call, List<Ec2Eni> enis) {
        CallOutcome outcome = new CallOutcome.Answer(new Ec2Answer.Enis(enis));
        cleanup.concluded(operation, new CallConclusion(call, outcome, now, now));
    }

    private List<Ec2Call<?>> calls() {
        return operations.taken().stream()
                .filter(EniEffect.Call.class::isInstance)
                .map(EniEffect.Call.class::cast)
                .<Ec2Call<?>>map(EniEffect.Call::what)
                .toList();
    }

    private static Ec2Eni eni(int number, InstanceId instance, Duration age) {
        return eni(number, instance.value(), age, EniLabels.description(instance));
    }

    private static Ec2Eni eni(int number, String instance, Duration age, String description) {
        Map<String, String> tags = Map.of(
                EniLabels.INSTANCE_ID,
                instance,
                EniLabels.CREATED_AT,
                START.minus(age).toString());
        return new Ec2Eni(
                id(number),
                new SubnetId("subnet-1"),
                null,
                address(number),
                List.of(),
                "interface",
                tags,
                description,
                List.of("sg-1"),
                null);
    }

    private static InetAddress address(int number) {
        return InetAddress.ofLiteral("10.0.0." + (100 + number));
    }

    private static EniId id(int number) {
        return new EniId("eni-" + number);
    }
}
