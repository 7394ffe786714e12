package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PoolSettings;
import io.vpceni.ipamd.owner.Blocks;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PodName;
import io.vpceni.pool.WarmPool;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");

    private final WarmPool pool =
            new WarmPool(new PoolSettings(0, 1, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 15));

    @Test
    void anAssignedAddressNamesItsPodAndSinceWhen() {
        pool.handle(new Message.EniReady(0, new Eni(ENI, 0, 0, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");

        assertThat(Explanation.of(pool.snapshot(NOW.plusSeconds(90)), "10.0.1.5"))
                .contains("10.0.1.5 is assigned since 2026-01-02T03:04:05Z (1m30s). ENI: " + ENI)
                .contains("pod shop/a, container a, interface eth0")
                .contains("the DEL of that sandbox");
    }

    @Test
    void aCoolingAddressSaysWhenItIsFree() {
        pool.handle(new Message.EniReady(0, new Eni(ENI, 0, 0, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        pool.handle(new Message.Release(key("a")), NOW.plusSeconds(1));

        assertThat(Explanation.of(pool.snapshot(NOW.plusSeconds(2)), "10.0.1.5"))
                .contains("10.0.1.5 is cooling since 2026-01-02T03:04:06Z (1s)")
                .contains("it is free at 2026-01-02T03:04:36Z");
    }

    @Test
    void anAddressThatIsNotNeededSaysThatItGoesUnlessAnAddComes() {
        pool.handle(new Message.EniReady(0, new Eni(ENI, 0, 0, true, 14), Blocks.of(addresses(9))), NOW);
        pool.handle(new Message.Tick(), NOW);

        String told = pool.snapshot(NOW).addresses().stream()
                .map(view -> Explanation.of(pool.snapshot(NOW), view.address().getHostAddress()))
                .filter(text -> text.contains("is quarantined since"))
                .findFirst()
                .orElseThrow();
        assertThat(told).contains("its block is idle and not needed").contains("an ADD that finds nothing else");
    }

    @Test
    void aDisputedAddressStaysWithItsPod() {
        pool.handle(new Message.EniReady(0, new Eni(ENI, 0, 0, true, 14), Blocks.of(addresses(1))), NOW);
        assign("a");
        Instant later = NOW.plusSeconds(600);
        pool.handle(new Message.Ec2View(later, Map.of(ENI, java.util.Set.of())), later);

        assertThat(Explanation.of(pool.snapshot(later), "10.0.1.5"))
                .contains("is disputed")
                .contains("pod shop/a")
                .contains("It stays with the sandbox");
    }

    @Test
    void thePoolIsExplainedByItsPolicy() {
        pool.handle(new Message.EniReady(0, new Eni(ENI, 0, 0, true, 14), Blocks.of(addresses(3))), NOW);
        assign("a");

        assertThat(Explanation.of(pool.snapshot(NOW), "pool"))
                .startsWith("This node holds 3 addresses on 1 ENIs: ")
                .contains("1 assigned")
                .contains("Policy " + pool.snapshot(NOW).wish().policy() + ": "
                        + pool.snapshot(NOW).wish().because())
                .contains(ENI + " (card 0, device 0, primary, pods): 3 addresses in 3 of 14 slots");
    }

    @Test
    void anAddressOfNobodysIsSaidToBeUnknown() {
        assertThat(Explanation.of(pool.snapshot(NOW), "192.0.2.1")).contains("The pool does not know 192.0.2.1");
        assertThat(Explanation.of(pool.snapshot(NOW), "nonsense")).contains("'nonsense' is neither");
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
}
