package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Others decide what the node has.
class FixedPoolTest {

    private final PoolFixture node = new PoolFixture(settings(5), 3, 10);

    @Test
    void itAsksForNothingThoughItsTargetsAreFarAway() {
        node.withPrimary(1);

        node.add("a");
        node.add("b");
        node.after(Duration.ofMinutes(10));

        assertThat(node.asked).isEmpty();
    }

    @Test
    void itGivesNothingBackThoughNobodyNeedsIt() {
        PoolFixture idle =
                new PoolFixture(settings(1), 3, 10).withPrimary(1, 2, 3, 4, 5).withEni("eni-9", 1, 6, 7);
        idle.withEni("eni-empty", 2);

        for (int minute = 0; minute < 60; minute++) {
            idle.after(Duration.ofMinutes(1));
        }

        assertThat(idle.asked).isEmpty();
        assertThat(idle.states()).containsOnly("free");
    }

    @Test
    void anEniThatOthersAttachServesTheWaiting() {
        node.withPrimary(1);
        node.add("a");
        node.add("b");
        assertThat(node.snapshot().waiting()).isEqualTo(1);

        node.withEni("eni-9", 1, 6);

        assertThat(node.snapshot().waiting()).isZero();
        assertThat(node.asked).isEmpty();
    }

    @Test
    void whatOthersTakeAwayIsDoubtedAndNotGivenOut() {
        node.withPrimary(1, 2);

        node.ec2Lists(PoolFixture.PRIMARY, 1);
        node.after(Lag.MAX);

        InetAddress given = PoolFixture.addressIn(node.add("a"));
        assertThat(given).isEqualTo(PoolFixture.address(1));
    }

    @Test
    void aRefusedAddSaysWhoMustAct() {
        node.withPrimary(1);
        node.add("a");
        node.add("b", Duration.ofSeconds(1));

        AssignResult refused = PoolFixture.resultIn(node.after(Duration.ofSeconds(2)));

        assertThat(refused).isInstanceOf(AssignResult.NoAddress.class);
        assertThat(((AssignResult.NoAddress) refused).reason())
                .contains("DISABLE_NETWORK_RESOURCE_PROVISIONING")
                .endsWith("attach an ENI or assign addresses to one");
    }

    @Test
    void anAddressThatOthersAssignServesTheWaiting() {
        node.withPrimary(1);
        node.add("a");
        node.add("b");

        for (int look = 0; look < 4 && node.snapshot().waiting() > 0; look++) {
            node.after(Duration.ofSeconds(30));
            node.add("b");
            node.ec2Lists(PoolFixture.PRIMARY, 1, 2);
        }

        assertThat(node.snapshot().waiting()).isZero();
        assertThat(node.asked).isEmpty();
    }

    static PoolSettings settings(int warmIpTarget) {
        Duration cooldown = Duration.ofSeconds(30);
        return new PoolSettings(1, warmIpTarget, 0, 0, cooldown, PoolMode.ADDRESSES, 0, 0, PolicyName.AWS, true);
    }
}
