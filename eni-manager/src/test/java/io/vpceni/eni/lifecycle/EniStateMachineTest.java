package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.FakeEc2.Fault;
import io.vpceni.eni.FakeEc2.Verb;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The steps of an ENI's life, and what becomes of it when EC2 refuses, answers late or not at all.
class EniStateMachineTest {

    private static final Duration LONG = Duration.ofMinutes(20);

    private final FakeEc2 ec2 = EniStateMachineRig.ec2();

    private EniStateMachineRig rig = new EniStateMachineRig(ec2, List.of());

    private static List<Ec2Action> changes(EniStateMachineRig rig) {
        return rig.calls.stream()
                .map(Ec2Call::action)
                .filter(Ec2Action::changes)
                .toList();
    }

    private static AllocationError obstacle(Message outcome) {
        return ((Message.RequestFailed) outcome).error();
    }

    // ---- coming

    @Test
    void anEniTakesThreeChangingCallsAndNoLook() {
        int before = rig.calls.size();

        long request = rig.add(3);

        Message.EniReady ready = (Message.EniReady) rig.outcome(request);
        assertThat(ready.blocks()).hasSize(3);
        assertThat(ready.eni().slot().deviceIndex()).isEqualTo(1);
        assertThat(rig.calls.subList(before, rig.calls.size()))
                .extracting(Ec2Call::action)
                .containsExactly(
                        Ec2Action.CREATE_NETWORK_INTERFACE,
                        Ec2Action.ATTACH_NETWORK_INTERFACE,
                        Ec2Action.MODIFY_NETWORK_INTERFACE_ATTRIBUTE);
        assertThat(rig.intents)
                .extracting(Object::getClass)
                .map(Class::getSimpleName)
                .containsExactly("Creating", "Attaching", "SettingDeleteOnTermination", "Added");
    }

    @Test
    void creationsThatWaitForSubnetsAreToldApartByTheirRequests() {
        EniCreation first = creation(4);
        EniCreation second = creation(5);

        assertThat(first.state().eni()).isEqualTo(new EniReference.ByRequest(4));
        assertThat(second.state().eni()).isEqualTo(new EniReference.ByRequest(5));
    }

    private static EniCreation creation(long request) {
        Effect.AddEni wanted = new Effect.AddEni(request, 0, BlockKind.ADDRESS, 1);
        return new EniCreation(wanted, new DeviceSlot(0, 1), Priority.WARM, Instant.EPOCH);
    }

    @Test
    void severalEnisComeSideBySideAndEachHasItsOwnPlace() {
        ec2.failing(Verb.ATTACH, new Fault.Refused(Kind.THROTTLED)); // the first one waits meanwhile

        long first = rig.add(1);
        long second = rig.add(1);
        rig.pass(Duration.ofSeconds(10));

        assertThat(((Message.EniReady) rig.outcome(first)).eni().slot().deviceIndex())
                .isEqualTo(1);
        assertThat(((Message.EniReady) rig.outcome(second)).eni().slot().deviceIndex())
                .isEqualTo(2);
        assertThat(obstacle(rig.outcome(rig.add(1)))).isEqualTo(AllocationError.ENI_LIMIT);
    }

    @Test
    void aLostCreateIsAskedAgainWithTheSameToken() {
        ec2.failing(Verb.CREATE, new Fault.AnswerLost());

        long request = rig.add(2);
        rig.pass(Duration.ofSeconds(10));

        assertThat(rig.outcome(request)).isInstanceOf(Message.EniReady.class);
        assertThat(ec2.all()).hasSize(2);
    }

    @Test
    void anEniThatMayHaveBeenMadeIsFoundAndDeleted() {
        for (int i = 0; i < 3; i++) {
            ec2.failing(Verb.CREATE, new Fault.AnswerLost());
        }

        long request = rig.add(2);
        rig.pass(Duration.ofSeconds(10));

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.OUTCOME_UNKNOWN);
        assertThat(ec2.all()).hasSize(2);
        rig.pass(LONG);
        assertThat(ec2.all()).hasSize(1);
        assertThat(rig.stages()).containsExactly(EniPhase.READY);
    }

    @Test
    void anEniThatALostCreateMadeIsDeletedThoughTheSecondTryIsRefused() {
        ec2.failing(Verb.CREATE, new Fault.AnswerLost()).failing(Verb.CREATE, new Fault.Refused(Kind.UNAUTHORIZED));

        long request = rig.add(2);
        rig.pass(LONG);

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.UNAUTHORIZED);
        assertThat(ec2.all()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SUBNET_EXHAUSTED", "ENI_LIMIT", "ADDRESS_LIMIT", "UNAUTHORIZED", "OTHER", "THROTTLED"})
    void aRefusedCreateLeavesNothing(Kind kind) {
        ec2.failing(Verb.CREATE, new Fault.Refused(kind));

        long request = rig.add(1);

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationErrors.of(kind));
        assertThat(rig.intents).last().isInstanceOf(Intent.Undone.class);
        assertThat(rig.stages()).containsExactly(EniPhase.READY);
    }

    @Test
    void aFullSubnetIsNotAskedAgainAtOnce() {
        ec2.failing(Verb.CREATE, new Fault.Refused(Kind.SUBNET_EXHAUSTED));
        rig.add(1);
        int calls = rig.calls.size();

        long again = rig.add(1);

        assertThat(obstacle(rig.outcome(again))).isEqualTo(AllocationError.SUBNET_EXHAUSTED);
        assertThat(rig.calls).hasSize(calls);
        assertThat(rig.notices).as("the request's failure tells it").isEmpty();
    }

    @Test
    void anEniThatCannotBeAttachedIsDeletedAgain() {
        ec2.failing(Verb.ATTACH, new Fault.Refused(Kind.ENI_LIMIT));

        long request = rig.add(1);
        rig.pass(LONG);

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.ENI_LIMIT);
        assertThat(ec2.all()).hasSize(1);
        assertThat(rig.intents).last().isInstanceOf(Intent.Undone.class);
    }

    @Test
    void anUndoneEniIsDeletedHoweverOftenEc2Refuses() {
        ec2.failing(Verb.ATTACH, new Fault.Refused(Kind.UNAUTHORIZED));
        for (int i = 0; i < 12; i++) {
            ec2.failing(Verb.DELETE, new Fault.Refused(i % 2 == 0 ? Kind.UNAUTHORIZED : Kind.OUTCOME_UNKNOWN));
        }

        rig.add(1);
        rig.pass(LONG);

        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void aLostAttachmentIsFound() {
        ec2.failing(Verb.ATTACH, new Fault.AnswerLost());

        long request = rig.add(1);
        rig.pass(Duration.ofSeconds(10));

        assertThat(rig.outcome(request)).isInstanceOf(Message.EniReady.class);
        assertThat(tie(rig.youngest()).deleteOnTermination()).isTrue();
        assertThat(changes(rig))
                .containsOnlyOnce(Ec2Action.CREATE_NETWORK_INTERFACE, Ec2Action.ATTACH_NETWORK_INTERFACE);
    }

    @Test
    void aPlaceThatSomebodyTookIsLeftToHim() {
        EniId stranger = new FakeEnis(ec2).attachedByHand(EniStateMachineRig.INSTANCE, 1);

        long request = rig.add(1);
        rig.pass(Duration.ofMinutes(1));

        assertThat(((Message.EniReady) rig.outcome(request)).eni().slot().deviceIndex())
                .isEqualTo(2);
        assertThat(ec2.all()).extracting(Ec2Eni::id).contains(stranger);
    }

    @Test
    void deleteOnTerminationIsSetLaterWhenItCannotBeSetNow() {
        ec2.failing(Verb.ATTACH, new Fault.HalfDone(Kind.OTHER));

        long request = rig.add(1);
        rig.pass(Duration.ofMinutes(2));
        rig.look();

        assertThat(rig.outcome(request)).isInstanceOf(Message.EniReady.class);
        assertThat(tie(rig.youngest()).deleteOnTermination()).isTrue();
    }

    @Test
    void podsDoNotWaitForDeleteOnTermination() {
        ec2.failing(Verb.ATTACH, new Fault.HalfDone(Kind.OUTCOME_UNKNOWN));

        long request = rig.add(1);

        assertThat(rig.outcome(request)).isInstanceOf(Message.EniReady.class);
        assertThat(rig.intents).last().isInstanceOf(Intent.SettingDeleteOnTermination.class);
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.intents).last().isInstanceOf(Intent.Added.class);
        assertThat(tie(rig.youngest()).deleteOnTermination()).isTrue();
    }

    @Test
    void aNodeThatDoesNotProvisionFollowsAndChangesNothing() {
        rig = new EniStateMachineRig(ec2, List.of(), new LifecycleSettings(Optional.empty(), true, false));
        EniId stranger = new FakeEnis(ec2).attachedByUs(EniStateMachineRig.INSTANCE, 1);

        rig.look();
        long request = rig.add(1);
        rig.pass(LONG);
        rig.look();

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.OTHER);
        assertThat(changes(rig)).isEmpty();
        assertThat(rig.told)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                Message.EniFound.class,
                                found -> assertThat(found.eni().id()).isEqualTo(stranger)));
    }

    @Test
    void anEniWhoseLinkDoesNotComeIsKeptAndOthersAreNotKeptWaiting() {
        rig.linksFail = true;
        long late = rig.add(1);
        assertThat(obstacle(rig.outcome(late))).isEqualTo(AllocationError.OTHER);
        assertThat(rig.stages()).contains(EniPhase.LINK_MISSING);
        assertThat(rig.notices)
                .filteredOn(notice -> notice.kind() == EniNotice.Kind.LINK_MISSING)
                .singleElement()
                .satisfies(notice -> assertThat(notice.requests()).containsExactly(late));
        rig.pass(Duration.ofMinutes(2));
        assertThat(rig.linkRequests).hasSizeGreaterThan(1).containsOnly(List.of(late));

        rig.linksFail = false;
        long next = rig.add(1);

        assertThat(((Message.EniReady) rig.outcome(next)).eni().slot().deviceIndex())
                .isEqualTo(2);
        rig.pass(Duration.ofMinutes(2));
        assertThat(rig.told)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                Message.EniFound.class,
                                found -> assertThat(found.eni().slot().deviceIndex())
                                        .isEqualTo(1)));
        assertThat(rig.stages()).doesNotContain(EniPhase.LINK_MISSING);
    }

    // ---- going

    @Test
    void aRemovalDetachesWaitsAndDeletes() {
        rig.add(1);
        EniId eni = rig.youngest().id();

        long request = rig.remove(eni);
        rig.pass(Duration.ofMinutes(1));

        assertThat(rig.outcome(request)).isEqualTo(new Message.EniRemoved(request));
        assertThat(ec2.all()).hasSize(1);
        assertThat(rig.linksDown).containsExactly(eni);
        assertThat(rig.intents)
                .last()
                .isEqualTo(new Intent.Deleted(eni, rig.intents.getLast().at()));
    }

    @Test
    void aRemovalThatIsRefusedLeavesTheEniAsItWas() {
        rig.add(1);
        EniId eni = rig.youngest().id();
        ec2.failing(Verb.DETACH, new Fault.Refused(Kind.UNAUTHORIZED));

        long request = rig.remove(eni);

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.UNAUTHORIZED);
        assertThat(rig.outcome(rig.assign(eni, 1))).isInstanceOf(Message.BlocksAdded.class);
    }

    @Test
    void aRemovalSurvivesLostAnswers() {
        rig.add(1);
        EniId eni = rig.youngest().id();
        ec2.failing(Verb.DETACH, new Fault.AnswerLost()).failing(Verb.DELETE, new Fault.AnswerLost());

        long request = rig.remove(eni);
        rig.pass(LONG);

        assertThat(rig.outcome(request)).isEqualTo(new Message.EniRemoved(request));
        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void thePrimaryEniStays() {
        assertThat(obstacle(rig.outcome(rig.remove(rig.primary())))).isEqualTo(AllocationError.OTHER);
        assertThat(changes(rig)).isEmpty();
    }

    @Test
    void aNodeThatEndsGivesNothingBack() {
        rig.add(1);
        EniId eni = rig.youngest().id();
        List<Cidr> blocks = rig.youngest().blocks();
        rig.hear(new EniMessage.NodeEnds());
        int calls = rig.calls.size();

        assertThat(obstacle(rig.outcome(rig.remove(eni)))).isEqualTo(AllocationError.OTHER);
        assertThat(obstacle(rig.outcome(rig.unassign(eni, blocks)))).isEqualTo(AllocationError.OTHER);
        assertThat(rig.calls).hasSize(calls);
    }

    // ---- blocks

    @Test
    void whatALostAssignDidComesToLight() {
        rig.pass(Duration.ofMinutes(2));
        ec2.failing(Verb.ASSIGN, new Fault.AnswerLost());

        long request = rig.assign(rig.primary(), 2);
        rig.pass(Duration.ofSeconds(2));

        assertThat(((Message.BlocksAdded) rig.outcome(request)).blocks()).hasSize(2);
        assertThat(changes(rig)).containsExactly(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES);
    }

    @Test
    void whatALookShowsSoonAfterTheStartIsLeftToThePool() {
        ec2.failing(Verb.ASSIGN, new Fault.AnswerLost());

        long request = rig.assign(rig.primary(), 2);
        rig.pass(Duration.ofSeconds(2));

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.OUTCOME_UNKNOWN);
    }

    @Test
    void anAssignThatDidNothingIsUnknown() {
        ec2.failing(Verb.ASSIGN, new Fault.Refused(Kind.OUTCOME_UNKNOWN));

        long request = rig.assign(rig.primary(), 2);
        rig.pass(Duration.ofSeconds(2));

        assertThat(obstacle(rig.outcome(request))).isEqualTo(AllocationError.OUTCOME_UNKNOWN);
        assertThat(((Message.BlocksAdded) rig.outcome(rig.assign(rig.primary(), 1))).blocks())
                .hasSize(1);
    }

    @Test
    void blocksThatAreGoneAlreadyDoNotKeepOthersFromGoing() {
        rig.assign(rig.primary(), 3);
        List<Cidr> blocks = rig.ec2.all().getFirst().blocks();
        ec2.takeBack(rig.primary(), blocks.subList(0, 1));

        long request = rig.unassign(rig.primary(), blocks);

        assertThat(rig.outcome(request)).isEqualTo(new Message.Unassigned(request));
        assertThat(ec2.all().getFirst().blocks()).isEmpty();
    }

    @Test
    void proofIsAskedOfTheKernelAndThenOfEc2() {
        rig.assign(rig.primary(), 2);
        List<Cidr> blocks = ec2.all().getFirst().blocks();
        rig.held.add(blocks.getFirst().network());

        Message.Verified verified = (Message.Verified) rig.outcome(rig.verify(rig.primary()));

        assertThat(verified.evidence().attached()).isTrue();
        assertThat(verified.evidence().listed()).containsExactlyInAnyOrderElementsOf(blocks);
        assertThat(verified.evidence().held()).containsExactly(blocks.getFirst().network());
    }

    // ---- looks

    @Test
    void anEniThatSomebodyAttachesIsTakenIn() {
        EniId stranger = new FakeEnis(ec2).attachedByHand(EniStateMachineRig.INSTANCE, 1);

        rig.look();

        assertThat(rig.told)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                Message.EniFound.class,
                                found -> assertThat(found.eni().id()).isEqualTo(stranger)));
        rig.pass(Duration.ofMinutes(2));
        rig.look();
        assertThat(tie(ec2.all().getLast()).deleteOnTermination()).isFalse();
    }

    @Test
    void anEniThatSomebodyDetachedIsForgottenAndTakenInAgainWhenItIsBack() {
        FakeEnis hands = new FakeEnis(ec2);
        rig.add(1);
        EniId eni = rig.youngest().id();
        hands.detachedByHand(eni);
        for (int i = 0; i < 4; i++) {
            rig.pass(Duration.ofMinutes(1).plusSeconds(1));
            rig.look();
        }
        assertThat(rig.notices).extracting(EniNotice::kind).contains(EniNotice.Kind.ENI_LOST);
        assertThat(rig.linksDown).contains(eni);
        assertThat(rig.told).contains(new Message.EniDetached(eni));
        int told = rig.told.size();

        hands.attachedByHand(eni, EniStateMachineRig.INSTANCE, 2);
        rig.look();

        assertThat(rig.told.subList(told, rig.told.size()))
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                Message.EniFound.class,
                                found -> assertThat(found.eni().id()).isEqualTo(eni)));
    }

    @Test
    void oneViewDoesNotTakeAnEniAway() {
        rig.add(1);
        new FakeEnis(ec2).detachedByHand(rig.youngest().id());
        rig.pass(Duration.ofMinutes(2));

        rig.look();

        assertThat(rig.notices).extracting(EniNotice::kind).doesNotContain(EniNotice.Kind.ENI_LOST);
    }

    // ---- left over

    @Test
    void anEarlierLifesLeftOverIsDeletedWhenItIsOldEnough() {
        ec2.withUnattached(
                "aws-K8S-" + EniStateMachineRig.INSTANCE,
                Map.of(
                        EniLabels.INSTANCE_ID,
                        EniStateMachineRig.INSTANCE.value(),
                        EniLabels.CREATED_AT,
                        "2026-11-21T11:54:59Z"));
        ec2.withUnattached(
                "aws-K8S-" + EniStateMachineRig.INSTANCE,
                Map.of(
                        EniLabels.INSTANCE_ID,
                        EniStateMachineRig.INSTANCE.value(),
                        EniLabels.CREATED_AT,
                        "2026-11-21T11:55:01Z"));
        ec2.withUnattached("somebody's", Map.of(EniLabels.INSTANCE_ID, EniStateMachineRig.INSTANCE.value()));

        rig = new EniStateMachineRig(ec2, List.of());
        rig.pass(Duration.ofSeconds(1));

        assertThat(ec2.all()).hasSize(3);
    }

    @Test
    void theClustersLeftOversAreDeletedWhenTheirNodesAreNoMore() {
        Map<String, String> old = Map.of(
                EniLabels.INSTANCE_ID,
                "i-other",
                EniLabels.CLUSTER_NAME,
                "blue",
                EniLabels.CREATED_AT,
                "2026-11-21T04:00:00+02:00");
        ec2.withUnattached("aws-K8S-i-other", old);
        Map<String, String> anothers = Map.of(
                EniLabels.INSTANCE_ID,
                "i-other",
                EniLabels.CLUSTER_NAME,
                "green",
                EniLabels.CREATED_AT,
                "2026-11-21T04:00:00+02:00");
        ec2.withUnattached("aws-K8S-i-other", anothers);

        rig = new EniStateMachineRig(
                ec2, List.of(), EniSettings.of(new ClusterName("blue")).withoutDiscovery());
        rig.pass(Duration.ofMinutes(6));

        assertThat(ec2.all()).hasSize(2);
    }

    // ---- after a crash

    @Test
    void aBirthThatWasCutOffBeforeItsAnswerIsDeletedWithoutWaitingForAge() {
        Intent.Creating cut = new Intent.Creating(
                new ClientToken("token-1"), new SubnetId("subnet-1"), new DeviceSlot(0, 1), EniStateMachineRig.START);
        ec2.withUnattached(
                "aws-K8S-" + EniStateMachineRig.INSTANCE,
                Map.of(
                        EniLabels.INSTANCE_ID,
                        EniStateMachineRig.INSTANCE.value(),
                        EniLabels.CREATED_AT,
                        "2026-11-21T11:59:59Z"));

        rig = new EniStateMachineRig(ec2, List.of(cut));
        rig.pass(Duration.ofMinutes(3));

        assertThat(ec2.all()).hasSize(1);
        assertThat(rig.intents)
                .anySatisfy(intent -> assertThat(intent)
                        .isInstanceOfSatisfying(
                                Intent.Undone.class,
                                undone -> assertThat(undone.token()).hasToString("token-1")));
        assertThat(rig.stages()).containsExactly(EniPhase.READY);
    }

    @Test
    void aBirthThatWasCutOffBeforeItsAttachmentIsUndone() {
        ec2.withUnattached(
                "aws-K8S-" + EniStateMachineRig.INSTANCE,
                Map.of(EniLabels.INSTANCE_ID, EniStateMachineRig.INSTANCE.value()));
        EniId eni = ec2.all().getLast().id();

        rig = new EniStateMachineRig(
                ec2, List.of(new Intent.Attaching(new ClientToken("token-1"), eni, EniStateMachineRig.START)));
        rig.pass(Duration.ofMinutes(3));

        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void aBirthThatWasAttachedWhenItWasCutOffIsKept() {
        EniId eni = new FakeEnis(ec2).attachedByUs(EniStateMachineRig.INSTANCE, 1);

        rig = new EniStateMachineRig(
                ec2,
                List.of(new Intent.SettingDeleteOnTermination(
                        new ClientToken("token-1"), eni, new AttachmentId("eni-attach-1"), EniStateMachineRig.START)));
        rig.look();

        assertThat(rig.intents)
                .first()
                .isEqualTo(new Intent.Added(new ClientToken("token-1"), eni, EniStateMachineRig.START));
        assertThat(tie(ec2.all().getLast()).deleteOnTermination()).isTrue();
    }

    @Test
    void aRemovalThatWasCutOffAfterItsDetachmentIsFinished() {
        ec2.withUnattached("aws-K8S-" + EniStateMachineRig.INSTANCE, Map.of());
        EniId eni = ec2.all().getLast().id();

        rig = new EniStateMachineRig(
                ec2, List.of(new Intent.Detaching(eni, new AttachmentId("eni-attach-1"), EniStateMachineRig.START)));
        rig.pass(Duration.ofMinutes(1));

        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void anEniThatWasToBeUndoneIsNotUsedAgain() {
        EniId eni = new FakeEnis(ec2).attachedByHand(EniStateMachineRig.INSTANCE, 1);
        List<Intent> open = List.of(new Intent.Undoing(new ClientToken("token-1"), eni, EniStateMachineRig.START));

        assertThat(EniStateMachine.notToBeUsed(open)).containsExactly(eni);
        rig = new EniStateMachineRig(ec2, open);
        rig.pass(Duration.ofMinutes(3));

        assertThat(ec2.all()).hasSize(1);
    }

    @Test
    void anEniThatBecomesOursIsForPodsOnlyWhenItsLinkIsSetUp() {
        EniId eni = new FakeEnis(ec2).attachedByHand(EniStateMachineRig.INSTANCE, 1);
        new FakeEnis(ec2).tagged(eni, EniLabels.NO_MANAGE, "true");
        rig.look();
        rig.linksFail = true;
        new FakeEnis(ec2).tagged(eni, EniLabels.NO_MANAGE, "false");

        rig.pass(Duration.ofMinutes(2));
        rig.look();

        Message.EniRoleIs ours = new Message.EniRoleIs(eni, EniRole.PODS);
        assertThat(rig.told).doesNotContain(ours);
        rig.linksFail = false;
        rig.pass(Duration.ofMinutes(2));
        assertThat(rig.told).contains(ours);
    }

    @Test
    void anEniWhoseLinkCarriesNothingGivesNoAddressesUntilItDoesAgain() {
        EniId eni = new FakeEnis(ec2).attachedByHand(EniStateMachineRig.INSTANCE, 1);
        rig.look();
        rig.told.clear();

        rig.linksFail = true;
        rig.hear(new EniMessage.LinkFailed(eni, "its link eth1 has no carrier"));
        rig.pass(Duration.ofMinutes(2)); // and is tried again meanwhile
        assertThat(rig.told).containsExactly(new Message.EniRoleIs(eni, EniRole.EXCLUDED));
        assertThat(rig.stages()).contains(EniPhase.LINK_MISSING);

        rig.hear(new EniMessage.LinkReady(eni));
        assertThat(rig.told)
                .containsExactly(
                        new Message.EniRoleIs(eni, EniRole.EXCLUDED), new Message.EniRoleIs(eni, EniRole.PODS));
        assertThat(rig.stages()).doesNotContain(EniPhase.LINK_MISSING);
    }

    @Test
    void whatWasAttachedJustBeforeAStartIsNoLeftOver() {
        ec2.withUnattached(
                "aws-K8S-" + EniStateMachineRig.INSTANCE,
                Map.of(
                        EniLabels.INSTANCE_ID,
                        EniStateMachineRig.INSTANCE.value(),
                        EniLabels.CREATED_AT,
                        "2026-11-21T11:59:50Z"));
        EniId eni = ec2.all().getLast().id();
        Intent.Creating another = new Intent.Creating(
                new ClientToken("token-2"), new SubnetId("subnet-1"), new DeviceSlot(0, 2), EniStateMachineRig.START);

        rig = new EniStateMachineRig(
                ec2,
                List.of(
                        another,
                        new Intent.SettingDeleteOnTermination(
                                new ClientToken("token-1"), eni, new AttachmentId("tie"), EniStateMachineRig.START)));
        new FakeEnis(ec2).attachedByHand(eni, EniStateMachineRig.INSTANCE, 1); // the view at start was older than this
        rig.pass(Duration.ofMinutes(1));
        rig.look();
        rig.pass(Duration.ofMinutes(5));
        rig.look();

        assertThat(rig.calls).noneMatch(call -> call instanceof Ec2Call.Detach || call instanceof Ec2Call.Delete);
        assertThat(rig.linksDown).isEmpty();
    }

    private static EniAttachment tie(Ec2Eni eni) {
        return Objects.requireNonNull(eni.attachment());
    }
}
