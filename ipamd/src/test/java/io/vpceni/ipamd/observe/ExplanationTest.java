package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.lifecycle.EniPhase;
import io.vpceni.eni.lifecycle.EniReference;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.ipamd.owner.Blocks;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");

    private final FailedAdds failedAdds = new FailedAdds(() -> NOW);

    private final WarmPool pool =
            new WarmPool(new PoolSettings(0, 1, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 15));

    @Test
    void anAssignedAddressNamesItsPodAndSinceWhen() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");

        assertThat(explained(pool.snapshot(NOW.plusSeconds(90)), "10.0.1.5"))
                .contains("10.0.1.5 is assigned since 2026-01-02T03:04:05Z (1m30s). ENI: " + ENI)
                .contains("pod shop/a, container a, interface eth0")
                .contains("the DEL of that sandbox");
    }

    @Test
    void aCoolingAddressSaysWhenItIsFree() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        pool.handle(new Message.Release(key("a")), NOW.plusSeconds(1));

        assertThat(explained(pool.snapshot(NOW.plusSeconds(2)), "10.0.1.5"))
                .contains("10.0.1.5 is cooling since 2026-01-02T03:04:06Z (1s)")
                .contains("it is free at 2026-01-02T03:04:36Z");
    }

    @Test
    void anAddressThatIsNotNeededSaysThatItGoesUnlessAnAddComes() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(9))), NOW);
        pool.handle(new Message.Tick(), NOW);

        String told = pool.snapshot(NOW).addresses().stream()
                .map(view -> explained(pool.snapshot(NOW), view.address().getHostAddress()))
                .filter(text -> text.contains("is quarantined since"))
                .findFirst()
                .orElseThrow();
        assertThat(told).contains("its block is idle and not needed").contains("an ADD that finds nothing else");
    }

    @Test
    void aDisputedAddressStaysWithItsPod() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        Instant later = NOW.plusSeconds(600);
        pool.handle(new Message.Ec2View(later, Map.of(ENI, java.util.Set.of())), later);

        assertThat(explained(pool.snapshot(later), "10.0.1.5"))
                .contains("is disputed")
                .contains("pod shop/a")
                .contains("It stays with the sandbox");
    }

    @Test
    void thePoolIsExplainedByItsPolicy() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(3))), NOW);
        assign("a");

        assertThat(explained(pool.snapshot(NOW), "pool"))
                .startsWith("This node holds 3 addresses on 1 ENI: ")
                .contains("1 assigned")
                .contains("Policy " + pool.snapshot(NOW).target().policy() + ": "
                        + pool.snapshot(NOW).target().reason())
                .contains(ENI + " (card 0, device 0, primary, pods): 3 addresses in 3 of 14 slots");
    }

    @Test
    void anAddressOfNobodysIsSaidToBeUnknown() {
        assertThat(explained(pool.snapshot(NOW), "192.0.2.1")).contains("The pool does not know 192.0.2.1");
        assertThat(explained(pool.snapshot(NOW), "nonsense")).contains("'nonsense' is neither");
    }

    @Test
    void aPodIsExplainedByItsAddressesAndItsLastAdd() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        failedAdds.failed(new PodName("shop", "b"), 11, "no address was free within 30 s");
        failedAdds.failed(new PodName("shop", "b"), 11, "no address was free within 30 s: try again");

        assertThat(told("shop/a").outcome()).isEqualTo(Explanation.Outcome.KNOWN);
        assertThat(told("shop/a").text()).contains("10.0.1.5 is assigned").contains("pod shop/a, container a");
        assertThat(told("shop/b").outcome()).isEqualTo(Explanation.Outcome.KNOWN);
        assertThat(told("shop/b").text())
                .contains(
                        "The last ADD of shop/b failed at 2026-01-02T03:04:05Z (0s) with code 11, 2 times in a row: no"
                                + " address was free within 30 s: try again.")
                .contains("No sandbox of shop/b has an address of this node.");
        assertThat(told("shop/c").outcome()).isEqualTo(Explanation.Outcome.UNKNOWN);
        assertThat(told("shop/c").text()).contains("kubectl get pod -o wide");

        failedAdds.succeeded(new PodName("shop", "b"));
        assertThat(told("shop/b").outcome()).isEqualTo(Explanation.Outcome.UNKNOWN);
    }

    @Test
    void anEniIsExplainedByItsLifeAndItsAddresses() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(2))), NOW);
        assign("a");

        assertThat(told(ENI.value()).text())
                .contains(ENI + " is ready since 2026-01-02T03:03:05Z (1m)")
                .contains("2 addresses in 2 of 14 slots")
                .contains("It gives addresses to pods.")
                .contains("  10.0.1.5 assigned, shop/a\n");
        assertThat(new Explanation(pool.snapshot(NOW), SampleEc2Status.busy(), failedAdds)
                        .of("eni-0ff")
                        .text())
                .contains("eni-0ff is link missing since")
                .contains("no link within 30 s")
                .contains("The pool has no addresses of it.");
        assertThat(told("eni-0123").outcome()).isEqualTo(Explanation.Outcome.UNKNOWN);
    }

    @Test
    void whatNamesNothingIsUnreadable() {
        for (String what : List.of("nonsense", "", "/", "a/", "/b", "10.0.0", "10.0.0.1/24x y")) {
            Explanation.Outcome outcome = told(what).outcome();
            assertThat(outcome).as(what).isNotEqualTo(Explanation.Outcome.KNOWN);
        }
        assertThat(told("nonsense").outcome()).isEqualTo(Explanation.Outcome.UNREADABLE);
        assertThat(told("web-0").outcome()).as("no namespace").isEqualTo(Explanation.Outcome.UNREADABLE);
    }

    @Test
    void disputedAddressesAreExplainedWithThePool() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        Instant later = NOW.plusSeconds(600);
        pool.handle(new Message.Ec2View(later, Map.of(ENI, java.util.Set.of())), later);

        assertThat(explained(pool.snapshot(later), "pool")).contains("10.0.1.5 is disputed since");
    }

    private Explanation.Told told(String what) {
        return new Explanation(pool.snapshot(NOW), SampleEc2Status.idle(), failedAdds).of(what);
    }

    private String explained(PoolSnapshot snapshot, String what) {
        return new Explanation(snapshot, SampleEc2Status.idle(), failedAdds)
                .of(what)
                .text();
    }

    private void assign(String container) {
        pool.handle(new Message.Assign(1, key(container), new PodName("shop", container), NOW.plusSeconds(30)), NOW);
    }

    private static AttachmentKey key(String container) {
        return new AttachmentKey("vpc-eni", container, "eth0");
    }

    private static List<InetAddress> addresses(int count) {
        return IntStream.range(5, 5 + count)
                .mapToObj(last -> InetAddress.ofLiteral("10.0.1." + last))
                .toList();
    }

    @Test
    void aPodOfBeforeTheStartHasItsAddressSinceItsAddOrSinceBefore() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(2))), NOW);
        restore("a", "10.0.1.5", Optional.of(NOW.minusSeconds(3600)));
        restore("b", "10.0.1.6", Optional.empty());

        assertThat(told("shop/a").text()).contains("10.0.1.5 is assigned since 2026-01-02T02:04:05Z (1h)");
        assertThat(told("shop/b").text())
                .contains(
                        "10.0.1.6 is assigned since before ipamd started at 2026-01-02T03:04:05Z: no record tells when");
    }

    @Test
    void anEnisOwnAddressIsSaidToBeNeverGivenToPods() {
        EniStatus eni = new EniStatus(
                new EniReference.ById(ENI),
                EniPhase.READY,
                Optional.of(new DeviceSlot(0, 1)),
                NOW,
                "",
                true,
                Optional.of(InetAddress.ofLiteral("10.0.1.200")));
        Ec2Status ec2 = SampleEc2Status.withEnis(List.of(eni));

        assertThat(new Explanation(pool.snapshot(NOW), ec2, failedAdds)
                        .of("10.0.1.200")
                        .text())
                .isEqualTo("10.0.1.200 is the primary address of " + ENI + ": it is never given to pods.\n");
        assertThat(new Explanation(pool.snapshot(NOW), ec2, failedAdds)
                        .of(ENI.value())
                        .text())
                .contains(ENI + " is ready since ipamd started at 2026-01-02T03:04:05Z");
    }

    @Test
    void aPodThatWaitsForEc2SaysWhenItIsAskedAgain() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), List.of()), NOW);
        pool.handle(new Message.Tick(), NOW);
        pool.handle(new Message.RequestFailed(1, AllocationError.UNAUTHORIZED, "no"), NOW);
        failedAdds.failed(new PodName("shop", "b"), 11, "EC2 gave no more");

        assertThat(told("shop/b").text())
                .contains(
                        "What would change it: EC2 is asked again at 2026-01-02T03:04:35Z (in 30 s), or at once when ipamd"
                                + " is restarted; then the runtime's next ADD.");
    }

    @Test
    void aPodsNameWithoutItsNamespaceIsAnsweredWithTheOneThatIsMeant() {
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 14), Blocks.of(addresses(1))), NOW);
        assign("web-0");
        failedAdds.failed(new PodName("shop", "web-1"), 11, "no");
        failedAdds.failed(new PodName("test", "web-1"), 11, "no");

        assertThat(told("web-0").text()).endsWith("Did you mean shop/web-0?\n");
        assertThat(told("web-1").text()).doesNotContain("Did you mean");
        assertThat(told("a/b/c").outcome()).isEqualTo(Explanation.Outcome.UNREADABLE);
    }

    @Test
    void aDetachedEniSaysHowManyPodsHaveLostTheirNetwork() {
        pool.handle(new Message.EniFound(new Eni(ENI, new DeviceSlot(0, 1), false, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        pool.handle(new Message.EniDetached(ENI), NOW);

        assertThat(told(ENI.value()).text())
                .contains("EC2 has detached it from this node; 1 pod has an address of it, and no network: delete it.");
    }

    @Test
    void aPodWhoseEniWasDetachedHasNoNetworkAndIsToBeDeleted() {
        pool.handle(new Message.EniFound(new Eni(ENI, new DeviceSlot(0, 1), false, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        pool.handle(new Message.EniDetached(ENI), NOW);

        assertThat(told("shop/a").text())
                .contains("EC2 has detached " + ENI + " from this node, so the pod has no network.")
                .contains("What would change it: delete the pod")
                .doesNotContain("stays with the sandbox");
        assertThat(status()).contains("\"podsWithoutNetwork\" : [ \"shop/a\" ]");
    }

    @Test
    void aPodWhoseEniWasDetachedBeforeTheStartIsToBeDeletedToo() {
        EniId lost = new EniId("eni-0aa");
        pool.handle(
                new Message.Restored(
                        new Assignment(
                                key("a"), new PodName("shop", "a"), addresses(1).getFirst(), lost),
                        Optional.empty()),
                NOW);

        assertThat(told("shop/a").text()).contains("so the pod has no network", "delete the pod");
    }

    @Test
    void statusNamesFreeAddressesOfEnisThatGiveNoneToPods() {
        pool.handle(new Message.EniFound(new Eni(ENI, new DeviceSlot(0, 1), false, 14), Blocks.of(addresses(3))), NOW);
        pool.handle(new Message.EniRoleIs(ENI, EniRole.EXCLUDED), NOW);

        assertThat(status()).contains("\"idleElsewhere\" : 3", "\"podsWithoutNetwork\" : [ ]");
    }

    private String status() {
        Introspection pages = new Introspection(
                new ObjectMapper(),
                new Introspection.NodeFacts(
                        "n",
                        new InstanceId("i-0a"),
                        "m5.large",
                        InetAddress.ofLiteral("10.0.0.1"),
                        3,
                        10,
                        "1.2.3",
                        NOW,
                        List.of()));
        return pages.status(pool.snapshot(NOW), new Readiness.Verdict(true, ""));
    }

    private void restore(String container, String address, Optional<Instant> since) {
        Assignment who =
                new Assignment(key(container), new PodName("shop", container), InetAddress.ofLiteral(address), ENI);
        pool.handle(new Message.Restored(who, since), NOW);
    }
}
