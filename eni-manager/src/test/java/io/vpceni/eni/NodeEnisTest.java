package io.vpceni.eni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.FakeEc2.Fault;
import io.vpceni.eni.FakeEc2.Style;
import io.vpceni.eni.FakeEc2.Verb;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: every address that EC2 gives is told once, no ENI is left behind unnamed, and no more is written than
/// needed, also when answers are lost at any step.
class NodeEnisTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.5Z");

    private final List<Duration> pauses = new ArrayList<>();

    private final FakeEc2 ec2 = new FakeEc2(Style.EC2).withEni(FakeImds.INSTANCE, 0, 0);

    private final FakeImds imds = new FakeImds();

    private NodeEnis enis(Ec2 ec2, Imds imds, String cluster) {
        return new NodeEnis(
                ec2, imds, new EniSettings(cluster), pauses::add, () -> NOON, RandomGenerator.of("L64X128MixRandom"));
    }

    private NodeEnis started() throws IOException, InterruptedException {
        NodeEnis enis = enis(ec2, imds, "");
        enis.start();
        return enis;
    }

    private EniId primary() {
        return ec2.all().getFirst().id();
    }

    @Test
    void theNodeStartsWithWhatEc2SaysOfItsEnis() throws IOException, InterruptedException {
        ec2.withEni(FakeImds.INSTANCE, 2, 3).withEni("i-other", 1, 3);

        NodeStart start = enis(ec2, imds, "").start();

        assertThat(start.limits()).isEqualTo(new NodeLimits(3, 4));
        assertThat(start.enis()).extracting(AttachedEni::deviceIndex).containsExactly(0, 2);
        assertThat(start.enis()).extracting(AttachedEni::primary).containsExactly(true, false);
        assertThat(start.enis().getLast().blocks()).hasSize(3);
        assertThat(start.primary().mac()).isEqualTo(FakeEc2.macOf(1));
        assertThat(ec2.writes()).isEmpty();
    }

    @Test
    void theMacIsTheOneOfImdsWhereEc2HasNone() throws IOException, InterruptedException {
        FakeEc2 localstack =
                new FakeEc2(Style.LOCALSTACK).withEni(FakeImds.INSTANCE, 0, 0).withEni(FakeImds.INSTANCE, 1, 0);

        NodeStart start = enis(localstack, imds.listingLater(2, 4), "").start();

        assertThat(start.enis()).extracting(AttachedEni::mac).containsExactly(FakeEc2.macOf(1), FakeEc2.macOf(2));
    }

    @Test
    void deniedLimitsComeFromThePackagedTable() throws IOException, InterruptedException {
        ec2.withLimits(new NodeLimits(9, 9)).failing(Verb.LIMITS, new Fault.Refused(Kind.UNAUTHORIZED));

        assertThat(enis(ec2, imds, "").start().limits()).isEqualTo(new NodeLimits(3, 4));
    }

    @Test
    void anUnknownTypeWithoutAnswerGetsTheMostThatItMayHave() throws IOException, InterruptedException {
        ec2.failing(Verb.LIMITS, new Fault.Refused(Kind.UNAUTHORIZED));

        assertThat(enis(ec2, imds.withInstanceType("z9.large"), "").start().limits())
                .isEqualTo(InstanceTypes.guess("z9.large"));
    }

    @Test
    void withoutItsEnisTheNodeDoesNotStart() {
        ec2.failing(Verb.ENIS_OF, new Fault.Refused(Kind.UNAUTHORIZED));

        assertThatThrownBy(() -> enis(ec2, imds, "").start())
                .isInstanceOf(EniFailure.class)
                .hasMessageContaining("ec2:DescribeNetworkInterfaces")
                .hasMessageContaining("docs/iam.md");
    }

    @Test
    void assignReturnsWhatIsNew() throws IOException, InterruptedException {
        NodeEnis enis = started();

        List<Cidr> first = enis.assign(primary(), BlockKind.ADDRESS, 2);
        List<Cidr> second = enis.assign(primary(), BlockKind.ADDRESS, 1);

        assertThat(first).hasSize(2).doesNotContainAnyElementsOf(second);
        assertThat(second).hasSize(1);
        assertThat(ec2.writes()).containsExactly(Verb.ASSIGN, Verb.ASSIGN);
    }

    @Test
    void anAnswerThatListsAllAddressesFoolsNobody() throws IOException, InterruptedException {
        FakeEc2 localstack = new FakeEc2(Style.LOCALSTACK).withEni(FakeImds.INSTANCE, 0, 1);
        NodeEnis enis = enis(localstack, imds, "");
        AttachedEni primary = enis.start().primary();

        List<Cidr> fresh = enis.assign(primary.id(), BlockKind.ADDRESS, 2);

        assertThat(fresh)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain(Cidr.containing(primary.primaryAddress(), 32))
                .doesNotContainAnyElementsOf(primary.blocks());
    }

    @Test
    void aLostAssignAnswerIsFollowedByALookNotByASecondAssign() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ASSIGN, new Fault.AnswerLost());

        List<Cidr> fresh = enis.assign(primary(), BlockKind.ADDRESS, 2);

        assertThat(fresh).hasSize(2);
        assertThat(ec2.writes()).containsExactly(Verb.ASSIGN);
    }

    @Test
    void whatCouldNotBeLookedAtIsToldNextTimeBeforeAnythingIsAsked() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ASSIGN, new Fault.AnswerLost()).failing(Verb.ENI, new Fault.Refused(Kind.OUTCOME_UNKNOWN));
        EniFailure lost = catchThrowableOfType(EniFailure.class, () -> enis.assign(primary(), BlockKind.ADDRESS, 2));

        List<Cidr> cameToLight = enis.assign(primary(), BlockKind.ADDRESS, 1);

        assertThat(lost.obstacle()).isEqualTo(GrowthObstacle.OUTCOME_UNKNOWN);
        assertThat(cameToLight).hasSize(2);
        assertThat(ec2.writes()).containsExactly(Verb.ASSIGN);
    }

    @Test
    void anAssignThatDidNotHappenIsAskedAgainAfterALook() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ASSIGN, new Fault.Refused(Kind.OUTCOME_UNKNOWN));
        assertThatThrownBy(() -> enis.assign(primary(), BlockKind.ADDRESS, 2)).isInstanceOf(EniFailure.class);

        assertThat(enis.assign(primary(), BlockKind.ADDRESS, 2)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SUBNET_EXHAUSTED", "ADDRESS_LIMIT", "THROTTLED", "UNAUTHORIZED"})
    void aRefusedAssignSaysWhy(Kind kind) throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ASSIGN, new Fault.Refused(kind));

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.assign(primary(), BlockKind.ADDRESS, 2));

        assertThat(refused.obstacle().name()).isEqualTo(kind.name());
        assertThat(refused).hasMessageContaining(primary().value());
    }

    @Test
    void aNewEniComesWithItsAddressesInTwoWrites() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.withAttachLooks(3);

        AttachedEni added = enis.addEni(0, BlockKind.ADDRESS, 3);

        assertThat(added.deviceIndex()).isEqualTo(1);
        assertThat(added.primary()).isFalse();
        assertThat(added.blocks()).hasSize(3);
        assertThat(added.mac()).isEqualTo(FakeEc2.macOf(2));
        assertThat(ec2.writes()).containsExactly(Verb.CREATE, Verb.ATTACH);
    }

    @Test
    void aNewEniIsInThePrimarySubnetAndLabelledAsTheAwsVpcCniDoes() throws IOException, InterruptedException {
        NodeEnis enis = enis(ec2, imds, "blue");
        enis.start();

        enis.addEni(0, BlockKind.ADDRESS, 2);

        EniRequest request = ec2.requests().getFirst();
        assertThat(request.subnetId()).isEqualTo("subnet-1");
        assertThat(request.securityGroups()).containsExactly("sg-1", "sg-2");
        assertThat(request.description()).isEqualTo("aws-K8S-" + FakeImds.INSTANCE);
        assertThat(request.tags())
                .containsExactly(
                        Map.entry("node.k8s.amazonaws.com/instance_id", FakeImds.INSTANCE),
                        Map.entry("node.k8s.amazonaws.com/createdAt", "2026-11-21T12:00:00Z"),
                        Map.entry("cluster.k8s.amazonaws.com/name", "blue"),
                        Map.entry("eks:eni:owner", "amazon-vpc-cni"));
    }

    @Test
    void theLowestFreeDeviceIndexIsTaken() throws IOException, InterruptedException {
        ec2.withLimits(new NodeLimits(4, 4)).withEni(FakeImds.INSTANCE, 1, 0).withEni(FakeImds.INSTANCE, 3, 0);
        NodeEnis enis = started();

        assertThat(enis.addEni(0, BlockKind.ADDRESS, 1).deviceIndex()).isEqualTo(2);
    }

    @Test
    void aFullNodeAsksForNoEni() throws IOException, InterruptedException {
        ec2.withLimits(new NodeLimits(2, 4)).withEni(FakeImds.INSTANCE, 1, 0);
        NodeEnis enis = started();

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 1));

        assertThat(refused.obstacle()).isEqualTo(GrowthObstacle.ENI_LIMIT);
        assertThat(ec2.writes()).isEmpty();
    }

    @Test
    void addressesOfANewEniAreNotToldAgainByAnAssign() throws IOException, InterruptedException {
        NodeEnis enis = started();
        AttachedEni added = enis.addEni(0, BlockKind.ADDRESS, 1);

        assertThat(enis.assign(added.id(), BlockKind.ADDRESS, 2))
                .hasSize(2)
                .doesNotContainAnyElementsOf(added.blocks());
    }

    @Test
    void aLostCreateAnswerMakesOneEni() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.CREATE, new Fault.AnswerLost());

        enis.addEni(0, BlockKind.ADDRESS, 1);

        assertThat(ec2.all()).hasSize(2);
        assertThat(pauses).isNotEmpty();
    }

    @Test
    void aRefusedCreateLeavesNothing() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.withAddressesFree(1);

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        assertThat(refused.obstacle()).isEqualTo(GrowthObstacle.SUBNET_EXHAUSTED);
        assertThat(refused.leaked()).isEmpty();
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void aRefusedAttachIsUndone() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ATTACH, new Fault.Refused(Kind.ENI_LIMIT));

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        assertThat(refused.obstacle()).isEqualTo(GrowthObstacle.ENI_LIMIT);
        assertThat(ec2.all()).hasSize(1);
        assertThat(ec2.writes()).containsExactly(Verb.CREATE, Verb.ATTACH, Verb.DELETE);
    }

    @Test
    void anAttachWhoseAnswerIsLostIsUndone() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ATTACH, new Fault.AnswerLost());

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        assertThat(refused.obstacle()).isEqualTo(GrowthObstacle.OUTCOME_UNKNOWN);
        assertThat(ec2.all()).hasSize(1);
        assertThat(ec2.writes()).containsExactly(Verb.CREATE, Verb.ATTACH, Verb.DETACH, Verb.DELETE);
    }

    @Test
    void anEniWithoutDeleteOnTerminationIsTakenAwayAgain() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ATTACH, new Fault.HalfDone(Kind.UNAUTHORIZED));

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        assertThat(refused).hasMessageContaining("ec2:ModifyNetworkInterfaceAttribute");
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void anEniThatNeverAttachesIsTakenAway() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.withAttachLooks(1000);

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        assertThat(refused).hasMessageContaining("not attached within");
        assertThat(refused.leaked()).isEmpty();
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void anEniWhoseMacNeverAppearsIsTakenAway() throws IOException, InterruptedException {
        FakeEc2 localstack = new FakeEc2(Style.LOCALSTACK).withEni(FakeImds.INSTANCE, 0, 0);
        NodeEnis enis = enis(localstack, imds, "");
        enis.start();

        assertThatThrownBy(() -> enis.addEni(0, BlockKind.ADDRESS, 1)).hasMessageContaining("IMDS does not list it");
        assertThat(localstack.all()).hasSize(1);
    }

    @Test
    void theMacOfANewEniIsWaitedForInImds() throws IOException, InterruptedException {
        FakeEc2 localstack = new FakeEc2(Style.LOCALSTACK).withEni(FakeImds.INSTANCE, 0, 0);
        NodeEnis enis = enis(localstack, imds.listingLater(2, 5), "");
        enis.start();

        assertThat(enis.addEni(0, BlockKind.ADDRESS, 1).mac()).isEqualTo(FakeEc2.macOf(2));
    }

    @Test
    void anUndoneUndoIsTriedAgain() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ATTACH, new Fault.AnswerLost())
                .failing(Verb.DETACH, new Fault.Refused(Kind.THROTTLED))
                .failing(Verb.DELETE, new Fault.Refused(Kind.THROTTLED));

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        assertThat(refused.leaked()).isEmpty();
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void anEniThatCannotBeTakenAwayIsNamed() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.failing(Verb.ATTACH, new Fault.Refused(Kind.CONFLICT));
        for (int i = 0; i < 100; i++) {
            ec2.failing(Verb.DELETE, new Fault.Refused(Kind.UNAUTHORIZED));
        }

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.addEni(0, BlockKind.ADDRESS, 3));

        EniId left = ec2.all().getLast().id();
        assertThat(refused.leaked()).containsExactly(left);
        assertThat(refused).hasMessageContaining(left + " is left behind");
    }

    @Test
    void waitingIsBounded() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.withAttachLooks(1_000_000);

        assertThatThrownBy(() -> enis.addEni(0, BlockKind.ADDRESS, 1)).isInstanceOf(EniFailure.class);

        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isLessThan(Duration.ofMinutes(3));
    }

    @Test
    void anEniStaysWhenTheDaemonStopsAfterItsAttachAndTheNextStartAdoptsIt() throws IOException, InterruptedException {
        NodeEnis enis = enisThatPauseOnceWith(() -> {
            throw new InterruptedException("stop");
        });
        enis.start();
        ec2.withAttachLooks(2);

        assertThatThrownBy(() -> enis.addEni(0, BlockKind.ADDRESS, 1)).isInstanceOf(InterruptedException.class);

        assertThat(ec2.writes()).containsExactly(Verb.CREATE, Verb.ATTACH);
        assertThat(enis(ec2, imds, "").start().enis()).hasSize(2);
    }

    @Test
    void anEniIsDeletedInOneCallWhenTheDaemonStopsBeforeItsAttach() throws IOException, InterruptedException {
        RandomGenerator interrupting = () -> {
            Thread.currentThread().interrupt();
            return 7;
        };
        NodeEnis enis = new NodeEnis(ec2, imds, new EniSettings(""), pauses::add, () -> NOON, interrupting);
        enis.start();
        ec2.failing(Verb.DELETE, new Fault.Refused(Kind.THROTTLED));

        assertThatThrownBy(() -> enis.addEni(0, BlockKind.ADDRESS, 1)).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> enis.addEni(0, BlockKind.ADDRESS, 1)).isInstanceOf(InterruptedException.class);

        assertThat(ec2.writes()).containsExactly(Verb.CREATE, Verb.DELETE, Verb.CREATE, Verb.DELETE);
        assertThat(pauses).isEmpty();
    }

    @Test
    void anEniIsTakenAwayWhenSomethingUnforeseenIsThrown() throws IOException, InterruptedException {
        NodeEnis enis = enisThatPauseOnceWith(() -> {
            throw new IllegalStateException("unforeseen");
        });
        enis.start();
        ec2.withAttachLooks(5);

        assertThatThrownBy(() -> enis.addEni(0, BlockKind.ADDRESS, 1)).isInstanceOf(IllegalStateException.class);

        assertThat(ec2.all()).hasSize(1);
    }

    /// What the first pause does instead of waiting.
    @FunctionalInterface
    private interface Surprise {
        void happen() throws InterruptedException;
    }

    private NodeEnis enisThatPauseOnceWith(Surprise surprise) {
        Pause surprising = length -> {
            pauses.add(length);
            if (pauses.size() == 1) {
                surprise.happen();
            }
        };
        return new NodeEnis(
                ec2, imds, new EniSettings(""), surprising, () -> NOON, RandomGenerator.of("L64X128MixRandom"));
    }
}
