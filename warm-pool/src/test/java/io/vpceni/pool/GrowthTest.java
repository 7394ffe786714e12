package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.PRIMARY;
import static io.vpceni.pool.PoolFixture.address;
import static io.vpceni.pool.PoolFixture.addresses;
import static io.vpceni.pool.PoolFixture.blocksOf;
import static io.vpceni.pool.PoolFixture.key;
import static io.vpceni.pool.PoolFixture.nothingWarm;
import static io.vpceni.pool.PoolFixture.resultIn;
import static io.vpceni.pool.PoolFixture.wholeEnis;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PodName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of EC2, when, and what its answers do.
class GrowthTest {

    @Test
    void nothingIsAskedBeforeTheStartIsOver() {
        PoolFixture node = new PoolFixture(wholeEnis(1), 3, 4).withPrimary().withEni("eni-1", 1, 1);

        assertThat(node.asked).isEmpty();
        assertThat(node.tick()).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 3));
    }

    @Test
    void enisThatAreHereAreFilledInParallelBeforeANewOneIsAdded() {
        PoolFixture node = new PoolFixture(addresses(8, 0), 3, 4)
                .withEni("eni-1", 1, 11, 12)
                .withPrimary(1);

        assertThat(node.tick())
                .containsExactly(
                        new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 2),
                        new Effect.AssignBlocks(2, new EniId("eni-1"), BlockKind.ADDRESS, 1),
                        new Effect.AddEni(3, 0, BlockKind.ADDRESS, 2));
    }

    @Test
    void whatIsOnItsWayIsNotAskedForAgain() {
        PoolFixture node = new PoolFixture(addresses(2, 0), 3, 10).withPrimary();
        node.tick();

        assertThat(node.tick()).isEmpty();
        assertThat(node.add("a")).isEmpty();
        assertThat(node.snapshot().pending()).isEqualTo(2);
    }

    @Test
    void whatIsOnItsWayCountsExactlyOnce() {
        PoolFixture node = new PoolFixture(addresses(2, 0), 3, 3).withPrimary();
        node.tick();

        assertThat(node.add("a")).containsExactly(new Effect.AddEni(2, 0, BlockKind.ADDRESS, 1));
    }

    @Test
    void whatIsMissingMeanwhileGoesIntoTheNextRequest() {
        PoolFixture node = new PoolFixture(addresses(2, 0), 3, 10).withPrimary();
        node.tick();
        node.add("a");
        node.add("b");

        List<Effect> effects = node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1, 2)));

        assertThat(effects.getLast()).isEqualTo(new Effect.AssignBlocks(2, PRIMARY, BlockKind.ADDRESS, 2));
    }

    @Test
    void coolingAddressesAreNotStock() {
        PoolFixture node = new PoolFixture(addresses(1, 0), 1, 10).withPrimary(1, 2);
        node.add("a");
        node.tick();
        node.del("a");

        assertThat(node.asked).isEmpty();
        node.add("b");
        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 1));
    }

    @Test
    void neverMoreEnisThanMaxEniAsksFor() {
        PoolFixture node = new PoolFixture(addresses(100, 0), 2, 4).withPrimary();

        node.settle();

        assertThat(node.snapshot().enis()).hasSize(2);
        assertThat(node.snapshot().addresses()).hasSize(6);
    }

    @Test
    void fewerAddressesThanAskedForIsSuccess() {
        PoolFixture node = new PoolFixture(addresses(3, 0), 1, 10).withPrimary();
        node.tick();

        assertThat(node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1))))
                .containsExactly(new Effect.AssignBlocks(2, PRIMARY, BlockKind.ADDRESS, 2));
        assertThat(node.snapshot().lastFailure()).isEmpty();
    }

    @Test
    void anAnswerThatListsKnownAddressesCountsOnlyTheNewOnes() {
        PoolFixture node = new PoolFixture(addresses(3, 0), 1, 10).withPrimary(1);
        node.tick();

        node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1, 2, 3)));
        node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1, 2, 3)));

        assertThat(node.snapshot().assignable()).isEqualTo(3);
        assertThat(node.snapshot().unexpectedAnswers()).as("answered twice").isOne();
    }

    @Test
    void anAnswerThatBringsNothingNewMakesTheEniRest() {
        PoolFixture node = new PoolFixture(addresses(3, 0), 1, 10).withPrimary(1);
        node.tick();

        assertThat(node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1)))).isEmpty();
        assertThat(node.pool.nextTickAt()).contains(node.now.plusSeconds(5));
        assertThat(node.after(Duration.ofSeconds(5)))
                .containsExactly(new Effect.AssignBlocks(2, PRIMARY, BlockKind.ADDRESS, 2));
    }

    @Test
    void anAddressOfAnotherEniIsAContradictionAndStaysWhereItIs() {
        PoolFixture node = new PoolFixture(nothingWarm(), 2, 4).withPrimary(1).withEni("eni-1", 1, 11);

        node.send(new Message.BlocksAdded(0, PRIMARY, blocksOf(11)));

        assertThat(node.snapshot().unexpectedAnswers()).isOne();
        assertThat(node.snapshot().enis())
                .extracting(PoolSnapshot.EniCounts::total)
                .containsExactly(1, 1);
    }

    @ParameterizedTest(name = "{0} rests {1} s, then {2} s, at most {3} s")
    @CsvSource({
        "SUBNET_EXHAUSTED, 30,  60,  120",
        "THROTTLED,        2,   4,   60",
        "UNAUTHORIZED,     30,  60,  300",
        "NOT_AUTHENTICATED, 30, 60,  300",
        "ENI_LIMIT,        300, 600, 600",
        "ADDRESS_LIMIT,    1,   1,   300",
        "OUTCOME_UNKNOWN,  10,  20,  120",
        "OTHER,            5,   10,  120"
    })
    void restsGrow(AllocationError obstacle, int first, int second, int longest) {
        assertThat(GrowthBackoff.delay(obstacle, 1)).hasSeconds(first);
        assertThat(GrowthBackoff.delay(obstacle, 2)).hasSeconds(second);
        assertThat(GrowthBackoff.delay(obstacle, 1_000)).hasSeconds(longest);
    }

    @Test
    void anExhaustedSubnetIsLeftForAnotherOneAndWhenAllAreExhaustedWaitersDoNotHammer() {
        PoolFixture node = new PoolFixture(addresses(4, 0), 3, 10).withPrimary();
        node.tick();
        node.asked.clear();
        node.send(new Message.RequestFailed(1, AllocationError.SUBNET_EXHAUSTED, "no address in subnet-1"));
        assertThat(node.asked)
                .as("an ENI, which may be in another subnet")
                .singleElement()
                .isInstanceOf(Effect.AddEni.class);
        node.asked.clear();
        node.send(new Message.RequestFailed(2, AllocationError.SUBNET_EXHAUSTED, "every subnet is full"));

        for (int i = 0; i < 20; i++) {
            node.add("c" + i);
        }

        assertThat(node.asked).isEmpty();
        assertThat(node.pool.nextTickAt()).contains(node.now.plusSeconds(30));
        assertThat(resultIn(node.after(Duration.ofSeconds(30))))
                .isInstanceOfSatisfying(
                        AssignResult.NoAddress.class,
                        no -> assertThat(no.reason()).contains("EC2 gave no more", "being tried again"));
        assertThat(node.asked)
                .as("half of what was refused")
                .containsExactly(new Effect.AssignBlocks(3, PRIMARY, BlockKind.ADDRESS, 2));
    }

    @Test
    void theReasonNamesTheObstacleAndTheRemedy() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 10).withPrimary();
        node.add("a", Duration.ofSeconds(10));
        node.send(new Message.RequestFailed(1, AllocationError.SUBNET_EXHAUSTED, "none in subnet-1: free some"));

        assertThat(resultIn(node.after(Duration.ofSeconds(10))))
                .isEqualTo(
                        new AssignResult.NoAddress("no address was free within 10 s: 0 addresses on 1 ENI; EC2 gave no"
                                + " more, next try in 20 s: none in subnet-1: free some"));
    }

    @Test
    void failuresThatWereUnderWayTogetherCountOnce() {
        PoolFixture node = new PoolFixture(addresses(12, 0), 3, 4).withPrimary();
        node.tick();
        node.asked.forEach(request -> node.pool.handle(
                new Message.RequestFailed(requestOf(request), AllocationError.THROTTLED, ""), node.now));

        assertThat(node.pool.nextTickAt()).contains(node.now.plusSeconds(2));
    }

    @Test
    void anEniLimitStopsNewEnisAndNotTheOldOnes() {
        PoolFixture node = new PoolFixture(addresses(5, 0), 3, 4).withPrimary();
        node.tick();
        assertThat(node.asked)
                .containsExactly(
                        new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 3),
                        new Effect.AddEni(2, 0, BlockKind.ADDRESS, 2));

        node.send(new Message.RequestFailed(2, AllocationError.ENI_LIMIT, "attached elsewhere"));

        assertThat(node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1))))
                .containsExactly(new Effect.AssignBlocks(3, PRIMARY, BlockKind.ADDRESS, 2));
    }

    @Test
    void theLimitOfAnEniIsFoundByHalving() {
        PoolFixture node = new PoolFixture(addresses(8, 0), 1, 9).withPrimary();
        int ec2Allows = 5;
        int held = 0;
        int calls = 0;
        node.tick();
        while (!node.asked.isEmpty()) {
            Effect.AssignBlocks ask = (Effect.AssignBlocks) node.asked.removeFirst();
            calls++;
            if (held + ask.count() > ec2Allows) {
                node.send(new Message.RequestFailed(ask.request(), AllocationError.ADDRESS_LIMIT, ""));
                node.after(Duration.ofMinutes(5));
            } else {
                held += ask.count();
                node.send(new Message.BlocksAdded(ask.request(), PRIMARY, node.fresh(ask.count())));
            }
        }

        assertThat(held).isEqualTo(ec2Allows);
        assertThat(calls).isLessThanOrEqualTo(5);
    }

    @Test
    void aFullNodeSaysSoWithItsNumbers() {
        PoolFixture node = new PoolFixture(nothingWarm(), 3, 4)
                .withPrimary(1, 2, 3)
                .withEni("eni-1", 1, 11, 12, 13)
                .withEni("eni-2", 2, 21, 22, 23);
        for (int i = 0; i < 9; i++) {
            node.add("c" + i);
        }
        node.del("c0");
        node.add("late", Duration.ofSeconds(18));

        assertThat(resultIn(node.after(Duration.ofSeconds(18))))
                .isEqualTo(new AssignResult.NoAddress("no address was free within 18 s: this node is full: 9 addresses"
                        + " on 3 ENIs: 8 with pods, 1 cooling (the first is free again in 12 s); try again; if it stays"
                        + " so, run fewer pods on this node (max-pods) or take an instance type with more addresses"));
    }

    /// What is in quarantine comes back by itself or makes room: fewer pods are no remedy.
    @Test
    void aNodeWhoseAddressesAreOnTheirWayBackSaysSo() {
        PoolFixture node = new PoolFixture(addresses(0, 1), 1, 4).withPrimary(1, 2, 3);
        node.tick();
        node.after(Duration.ofSeconds(30)); // asked whether anybody has them
        node.verified(PRIMARY, blocksOf(1, 2, 3));
        for (int i = 0; i < 3; i++) {
            node.add("c" + i, Duration.ofSeconds(5));
        }

        assertThat(node.after(Duration.ofSeconds(5)).toString())
                .contains(
                        "full: 3 addresses on 1 ENI: 1 with pods, 2 on the way back to EC2; try again; if it stays so,")
                .doesNotContain("cooling");
    }

    @Test
    void aLongDetailIsCutBetweenTwoWords() {
        PoolFixture node = new PoolFixture(nothingWarm(), 1, 10).withPrimary();
        node.add("a", Duration.ofSeconds(10));
        node.send(new Message.RequestFailed(1, AllocationError.OTHER, "detail ".repeat(100)));

        assertThat(resultIn(node.after(Duration.ofSeconds(10))).toString()).contains("detail detail ...");
    }

    private static long requestOf(Effect effect) {
        return switch (effect) {
            case Effect.AssignBlocks ask -> ask.request();
            case Effect.AddEni ask -> ask.request();
            case Effect.Answered _,
                    Effect.Held _,
                    Effect.Write _,
                    Effect.Verify _,
                    Effect.Unassign _,
                    Effect.RemoveEni _,
                    Effect.Noticed _ -> throw new AssertionError("not a request");
        };
    }

    @Test
    void anEniThatIsExcludedGivesNothingMoreAndTakesNothingFromAnybody() {
        PoolFixture node = new PoolFixture(addresses(2, 0), 1, 10).withPrimary();
        node.tick();
        node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1, 2)));
        node.add("before");

        node.send(new Message.EniRoleIs(PRIMARY, EniRole.EXCLUDED));
        node.add("after");

        assertThat(node.snapshot().assignable()).isZero();
        assertThat(node.snapshot().waiting()).isEqualTo(1);
        node.send(new Message.EniRoleIs(PRIMARY, EniRole.PODS));
        assertThat(node.snapshot().waiting()).isZero();
    }

    @Test
    void anAddressThatEc2DoesNotListIsNotHeldOnceItsEniIsExcluded() {
        PoolFixture node =
                new PoolFixture(addresses(0, 2), 2, 10).withPrimary(1).withEni("eni-1", 1);
        EniId other = new EniId("eni-1");
        node.send(new Message.Restored(
                new Assignment(key("old"), PodName.UNKNOWN, address(19), other), Optional.empty()));
        node.tick();
        assertThat(node.asked).isEmpty();

        node.send(new Message.EniRoleIs(other, EniRole.EXCLUDED));

        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 1));
    }

    @Test
    void anAddressThatTwoSandboxesHaveIsHeldOnce() {
        PoolFixture node = new PoolFixture(addresses(0, 2), 1, 10).withPrimary(1);
        for (String container : List.of("first", "second")) {
            node.send(new Message.Restored(
                    new Assignment(key(container), PodName.UNKNOWN, address(1), PRIMARY), Optional.empty()));
        }

        node.tick();

        assertThat(node.asked).containsExactly(new Effect.AssignBlocks(1, PRIMARY, BlockKind.ADDRESS, 1));
    }

    @Test
    void anEniThatIsForPodsAgainServesAllItsAddressesAndThenNoMore() {
        PoolFixture node = new PoolFixture(addresses(3, 0), 1, 10).withPrimary();
        node.tick();
        node.send(new Message.BlocksAdded(1, PRIMARY, blocksOf(1, 2, 3)));
        node.add("a");
        node.add("b");

        node.send(new Message.EniRoleIs(PRIMARY, EniRole.UNMANAGED));
        node.send(new Message.EniRoleIs(PRIMARY, EniRole.PODS));
        node.add("c");
        node.add("d");

        assertThat(node.snapshot().assignable()).isZero();
        assertThat(node.snapshot().waiting()).isEqualTo(1);
    }

    @Test
    void anEniThatEc2DetachedTakesNoPlaceAndIsNamedWithItsStrandedPods() {
        PoolFixture node = new PoolFixture(nothingWarm(), 2, 2).withPrimary(1).withEni("eni-1", 1, 11);
        EniId lost = new EniId("eni-1");
        node.add("a");
        node.add("b");
        node.send(new Message.EniDetached(lost));

        node.add("c", Duration.ofSeconds(10));

        assertThat(node.asked).containsExactly(new Effect.AddEni(1, 0, BlockKind.ADDRESS, 1));
        assertThat(node.snapshot().enis().getLast().withoutNetwork()).isOne();
        node.send(new Message.EniReady(1, node.eni(new EniId("eni-2"), 1), blocksOf(21)));
        node.add("d", Duration.ofSeconds(10));
        assertThat(resultIn(node.after(Duration.ofSeconds(10))))
                .isInstanceOfSatisfying(
                        AssignResult.NoAddress.class,
                        no -> assertThat(no.reason())
                                .contains("this node is full: ", " on 2 ENIs: ")
                                .contains("1 pod is on eni-1, which was detached from this node: delete it"));

        node.send(new Message.Ec2View(
                node.now,
                Map.of(
                        PRIMARY,
                        Set.copyOf(blocksOf(1)),
                        lost,
                        Set.copyOf(blocksOf(11)),
                        new EniId("eni-2"),
                        Set.copyOf(blocksOf(21)))));
        assertThat(node.snapshot().enis())
                .extracting(PoolSnapshot.EniCounts::detached)
                .containsOnly(false);
    }

    @Test
    void aWaitingAddHasARefusedPermissionTriedEachHalfMinute() {
        for (AllocationError refusal : List.of(
                AllocationError.UNAUTHORIZED,
                AllocationError.FORBIDDEN_BY_SETTING,
                AllocationError.NOT_AUTHENTICATED)) {
            PoolFixture node = new PoolFixture(addresses(1, 0), 1, 10).withPrimary();
            node.tick();
            for (int request = 1; request <= 3; request++) {
                node.send(new Message.RequestFailed(request, refusal, "no"));
                node.now = node.snapshot().lastFailure().orElseThrow().retryAt();
                node.tick();
            }
            node.send(new Message.RequestFailed(4, refusal, "no"));
            assertThat(node.pool.nextTickAt()).contains(node.now.plusSeconds(240));
            node.asked.clear();

            node.add("a");

            assertThat(node.asked).isEmpty();
            assertThat(node.snapshot().lastFailure().orElseThrow().retryAt()).isEqualTo(node.now.plusSeconds(30));
            node.after(Duration.ofSeconds(30));
            assertThat(node.asked).hasSize(1);
        }
    }
}
