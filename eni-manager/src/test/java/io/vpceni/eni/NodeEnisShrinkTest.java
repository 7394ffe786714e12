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
import io.vpceni.pool.EniRole;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: what goes back goes once, what is not ours stays, and nobody is told of a block that has left.
class NodeEnisShrinkTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final FakeEc2 ec2 = new FakeEc2(Style.EC2).withEni(FakeImds.INSTANCE, 0, 0);

    private Instant now = NOON;

    private NodeEnis started() throws IOException, InterruptedException {
        NodeEnis enis = new NodeEnis(
                ec2,
                new FakeImds(),
                new EniSettings(""),
                length -> now = now.plus(length),
                () -> now,
                RandomGenerator.of("L64X128MixRandom"));
        enis.start();
        return enis;
    }

    private EniId primary() {
        return ec2.all().getFirst().id();
    }

    @Test
    void prefixesAreAssignedAndAnEniIsBornWithThem() throws IOException, InterruptedException {
        NodeEnis enis = started();

        List<Cidr> more = enis.assign(primary(), BlockKind.PREFIX, 2);
        AttachedEni born = enis.addEni(0, BlockKind.PREFIX, 2);

        assertThat(more).hasSize(2).allMatch(block -> BlockKind.of(block) == BlockKind.PREFIX);
        assertThat(born.blocks()).hasSize(2).doesNotContainAnyElementsOf(more);
        assertThat(born.secondaryAddresses()).isEmpty();
    }

    @Test
    void withoutAFreeSixteenTheObstacleIsAWordOfItsOwn() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.withPrefixesFree(0);

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.assign(primary(), BlockKind.PREFIX, 1));

        assertThat(refused.obstacle()).isEqualTo(GrowthObstacle.NO_CONTIGUOUS_PREFIX);
    }

    @Test
    void anEniOfAnotherCardGetsItsOwnDeviceIndex() throws IOException, InterruptedException {
        ec2.withLimits(new NodeLimits(List.of(2, 2), 4)).withEni(FakeImds.INSTANCE, 1, 0);
        NodeEnis enis = started();

        AttachedEni added = enis.addEni(1, BlockKind.ADDRESS, 1);

        assertThat(added.networkCard()).isEqualTo(1);
        assertThat(added.deviceIndex()).isEqualTo(1);
    }

    @Test
    void eachKindGoesBackInOneCall() throws IOException, InterruptedException {
        NodeEnis enis = started();
        List<Cidr> address = enis.assign(primary(), BlockKind.ADDRESS, 1);
        List<Cidr> prefixes = enis.assign(primary(), BlockKind.PREFIX, 2);

        enis.unassign(primary(), List.of(prefixes.getFirst(), address.getFirst(), prefixes.getLast()));

        assertThat(ec2.all().getFirst().blocks()).isEmpty();
        assertThat(ec2.writes()).containsExactly(Verb.ASSIGN, Verb.ASSIGN, Verb.UNASSIGN, Verb.UNASSIGN);
    }

    @Test
    void aBlockThatSomebodyElseTookIsNoError() throws IOException, InterruptedException {
        NodeEnis enis = started();
        List<Cidr> blocks = enis.assign(primary(), BlockKind.ADDRESS, 3);
        ec2.takeBack(primary(), blocks.subList(0, 1));

        enis.unassign(primary(), blocks);

        assertThat(ec2.all().getFirst().blocks()).isEmpty();
    }

    @Test
    void aLostUnassignIsNeitherRepeatedNorCalledDone() throws IOException, InterruptedException {
        NodeEnis enis = started();
        List<Cidr> blocks = enis.assign(primary(), BlockKind.ADDRESS, 1);
        ec2.failing(Verb.UNASSIGN, new Fault.AnswerLost());

        EniFailure lost = catchThrowableOfType(EniFailure.class, () -> enis.unassign(primary(), blocks));

        assertThat(lost.obstacle()).isEqualTo(GrowthObstacle.OUTCOME_UNKNOWN);
        assertThat(ec2.writes()).containsExactly(Verb.ASSIGN, Verb.UNASSIGN);
    }

    @Test
    void whenOneKindHasGoneAndTheOtherIsRefusedTheOutcomeIsUnknown() throws IOException, InterruptedException {
        NodeEnis enis = started();
        List<Cidr> address = enis.assign(primary(), BlockKind.ADDRESS, 1);
        List<Cidr> prefix = enis.assign(primary(), BlockKind.PREFIX, 1);
        ec2.failing(Verb.UNASSIGN, new Fault.None()).failing(Verb.UNASSIGN, new Fault.Refused(Kind.THROTTLED));

        EniFailure half = catchThrowableOfType(
                EniFailure.class, () -> enis.unassign(primary(), List.of(address.getFirst(), prefix.getFirst())));

        assertThat(half.obstacle()).isEqualTo(GrowthObstacle.OUTCOME_UNKNOWN);
    }

    @Test
    void aBlockThatLeftIsNotToldAgainByALookForSomeTime() throws IOException, InterruptedException {
        NodeEnis enis = started();
        List<Cidr> blocks = enis.assign(primary(), BlockKind.ADDRESS, 1);
        ec2.failing(Verb.UNASSIGN, new Fault.Refused(Kind.OUTCOME_UNKNOWN));
        assertThatThrownBy(() -> enis.unassign(primary(), blocks)).isInstanceOf(EniFailure.class);
        ec2.failing(Verb.ASSIGN, new Fault.AnswerLost()); // what follows is a look, which lists the old one too

        List<Cidr> cameToLight = enis.assign(primary(), BlockKind.ADDRESS, 1);

        assertThat(cameToLight).hasSize(1).doesNotContainAnyElementsOf(blocks);
    }

    @Test
    void anEniIsDetachedWaitedForAndDeleted() throws IOException, InterruptedException {
        NodeEnis enis = started();
        AttachedEni added = enis.addEni(0, BlockKind.ADDRESS, 2);

        enis.remove(added.id());

        assertThat(ec2.all()).extracting(Ec2Eni::id).containsExactly(primary());
        assertThat(ec2.writes()).containsExactly(Verb.CREATE, Verb.ATTACH, Verb.DETACH, Verb.DELETE);
        assertThat(enis.view()).extracting(AttachedEni::id).containsExactly(primary());
    }

    @Test
    void anEniThatIsGoneOrHalfGoneIsRemoved() throws IOException, InterruptedException {
        NodeEnis enis = started();
        AttachedEni added = enis.addEni(0, BlockKind.ADDRESS, 1);
        for (int i = 0; i < 20; i++) {
            ec2.failing(Verb.DELETE, new Fault.Refused(Kind.THROTTLED));
        }

        EniFailure half = catchThrowableOfType(EniFailure.class, () -> enis.remove(added.id()));
        for (int i = 0; i < 2; i++) {
            ec2.failing(Verb.ENI, new Fault.None());
        }
        enis.remove(added.id()); // detached, not deleted; EC2 refuses some more
        enis.remove(added.id());

        assertThat(half.obstacle()).isEqualTo(GrowthObstacle.OUTCOME_UNKNOWN);
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void aRefusedDetachLeavesTheEniAsItWas() throws IOException, InterruptedException {
        NodeEnis enis = started();
        AttachedEni added = enis.addEni(0, BlockKind.ADDRESS, 1);
        ec2.failing(Verb.DETACH, new Fault.Refused(Kind.UNAUTHORIZED));

        EniFailure refused = catchThrowableOfType(EniFailure.class, () -> enis.remove(added.id()));

        assertThat(refused.obstacle()).isEqualTo(GrowthObstacle.UNAUTHORIZED);
        assertThat(enis.view()).hasSize(2);
        assertThat(enis.assign(added.id(), BlockKind.ADDRESS, 1)).hasSize(1);
    }

    @Test
    void aLostDetachIsLookedAfterUntilTheEniIsDeleted() throws IOException, InterruptedException {
        NodeEnis enis = started();
        AttachedEni added = enis.addEni(0, BlockKind.ADDRESS, 1);
        ec2.failing(Verb.DETACH, new Fault.AnswerLost()).failing(Verb.DELETE, new Fault.AnswerLost());

        enis.remove(added.id());

        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void thePrimaryEniAndAnotherInstancesStay() throws IOException, InterruptedException {
        ec2.withEni("i-other", 1, 2);
        NodeEnis enis = started();
        EniId others = ec2.all().getLast().id();

        assertThatThrownBy(() -> enis.remove(primary())).hasMessageContaining("primary");
        assertThatThrownBy(() -> enis.remove(others)).isInstanceOf(EniFailure.class);

        assertThat(ec2.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"trunk, '', TRUNK", "efa, '', EFA", "interface, true, UNMANAGED", "interface, false, PODS"})
    void theTypeAndTheTagsSayWhatAnEniIsThereFor(String type, String noManage, EniRole role)
            throws IOException, InterruptedException {
        ec2.withEni(FakeImds.INSTANCE, 1, List.of(), type, Map.of("node.k8s.amazonaws.com/no_manage", noManage));
        NodeEnis enis = started();

        AttachedEni eni = enis.view().getLast();

        assertThat(eni.role()).isEqualTo(role);
        if (role != EniRole.PODS) {
            assertThatThrownBy(() -> enis.assign(eni.id(), BlockKind.ADDRESS, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> enis.remove(eni.id())).isInstanceOf(EniFailure.class);
            assertThat(ec2.writes()).isEmpty();
        }
    }

    @Test
    void anEniWithoutAnIpAddressIsLeftOutButItsPlaceIsTaken() throws IOException, InterruptedException {
        ec2.withEni(FakeImds.INSTANCE, 1, List.of(), "efa-only", Map.of());
        NodeEnis enis = started();

        assertThat(enis.view()).hasSize(1);
        assertThat(enis.addEni(0, BlockKind.ADDRESS, 1).deviceIndex()).isEqualTo(2);
    }

    @Test
    void anEniThatSomebodyAttachedCanBeAssignedToOnceItWasSeen() throws IOException, InterruptedException {
        NodeEnis enis = started();
        ec2.withEni(FakeImds.INSTANCE, 1, 1);

        AttachedEni seen = enis.view().getLast();

        assertThat(enis.assign(seen.id(), BlockKind.ADDRESS, 1)).hasSize(1);
    }

    @Test
    void onlyOldEnisOfOurMakingAreSwept() throws IOException, InterruptedException {
        String description = "aws-K8S-" + FakeImds.INSTANCE;
        ec2.withUnattached(description, tags(FakeImds.INSTANCE, NOON.minus(Duration.ofMinutes(6))))
                .withUnattached(description, tags(FakeImds.INSTANCE, NOON.minus(Duration.ofMinutes(4))))
                .withUnattached("by hand", tags(FakeImds.INSTANCE, NOON.minus(Duration.ofHours(1))))
                .withUnattached(description, tags("i-other", NOON.minus(Duration.ofHours(1))))
                .withUnattached(description, Map.of(EniLabels.INSTANCE_ID, FakeImds.INSTANCE));
        EniId leftOver = ec2.all().get(1).id();

        List<EniId> swept = started().sweepUnattached();

        assertThat(swept).containsExactly(leftOver);
        assertThat(ec2.all()).hasSize(5);
    }

    @Test
    void anEniThatCannotBeSweptKeepsNobodyFromTheNext() throws IOException, InterruptedException {
        Map<String, String> tags = tags(FakeImds.INSTANCE, NOON.minus(Duration.ofHours(1)));
        String description = "aws-K8S-" + FakeImds.INSTANCE;
        ec2.withUnattached(description, tags).withUnattached(description, tags);
        ec2.failing(Verb.DELETE, new Fault.Refused(Kind.CONFLICT));

        assertThat(started().sweepUnattached()).hasSize(1);
    }

    private static Map<String, String> tags(String instance, Instant created) {
        return Map.of(EniLabels.INSTANCE_ID, instance, EniLabels.CREATED_AT, created.toString());
    }
}
