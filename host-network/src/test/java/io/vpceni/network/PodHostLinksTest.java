package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.network.PodFilter.Sender;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodHostLinksTest {

    private final PodHostLinks senders = new PodHostLinks();

    @Test
    void allLinksOfAPodGoWithIt() {
        senders.put(sender("a", 7));
        senders.put(sender("b", 8));
        senders.put(sender("a", 9));

        assertThat(senders.removeOf(sender("a", 0).identity()))
                .containsExactlyInAnyOrder(sender("a", 7), sender("a", 9));
        assertThat(senders.all()).containsExactly(sender("b", 8));
        assertThat(senders.removeOf(sender("a", 0).identity())).isEmpty();
    }

    @Test
    void aLinkThatBecameAnotherPodsStaysWhenTheFirstOneGoes() {
        assertThat(senders.put(sender("a", 7))).isEmpty();
        assertThat(senders.put(sender("b", 7))).hasValue(sender("a", 7));

        assertThat(senders.removeOf(sender("a", 0).identity())).isEmpty();
        assertThat(senders.removeAll(List.of(entry("a", 7)))).isEmpty();
        assertThat(senders.all()).containsExactly(sender("b", 7));
    }

    @Test
    void otherLinksOfTheSamePodStay() {
        senders.put(sender("a", 9));
        senders.put(sender("a", 7));

        assertThat(senders.removeAll(List.of(entry("a", 7)))).containsExactly(sender("a", 7));
        assertThat(senders.all()).containsExactly(sender("a", 9));
    }

    private static Sender sender(String container, int link) {
        return new Sender(wiring(container), link, true, false);
    }

    private static WiredPods.Entry entry(String container, int link) {
        return new WiredPods.Entry(wiring(container), link, "eni" + link, Optional.empty(), 9001, false);
    }

    private static PodWiring wiring(String container) {
        return new PodWiring(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", "cart-0"),
                InetAddress.ofLiteral("10.0.1.21"),
                new DeviceSlot(0, 1));
    }
}
