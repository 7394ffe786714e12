package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WiredPodsTest {

    private final WiredPods wired = new WiredPods();

    private static WiredPods.Entry entry(String container, String address, int link) {
        PodWiring wiring = new PodWiring(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", "cart-0"),
                InetAddress.ofLiteral(address),
                new DeviceSlot(0, 1));
        return new WiredPods.Entry(wiring, link, "eni" + link, Optional.empty(), 9001, false);
    }

    @Test
    void whoLosesItsAddressToAnotherIsTold() {
        WiredPods.Entry first = entry("a", "10.0.1.21", 7);
        assertThat(wired.add(first)).isEmpty();

        assertThat(wired.add(entry("b", "10.0.1.21", 8))).containsExactly(first);

        assertThat(wired.find(first.identity())).isEmpty();
    }

    @Test
    void anEarlierLinkOfTheSamePodIsTold() {
        WiredPods.Entry first = entry("a", "10.0.1.21", 7);
        var _ = wired.add(first);
        WiredPods.Entry second = entry("a", "10.0.1.22", 8);

        assertThat(wired.add(second)).containsExactly(first);

        assertThat(wired.all()).containsExactly(second);
    }

    @Test
    void theSameLinkAgainTakesNothingAway() {
        var _ = wired.add(entry("a", "10.0.1.21", 7));

        assertThat(wired.add(entry("a", "10.0.1.21", 7))).isEmpty();
        assertThat(wired.add(entry("b", "10.0.1.21", 7))).isEmpty();
        assertThat(wired.all()).containsExactly(entry("b", "10.0.1.21", 7));
    }

    @Test
    void anEntryThatWasReplacedIsNotRemoved() {
        WiredPods.Entry first = entry("a", "10.0.1.21", 7);
        WiredPods.Entry second = entry("a", "10.0.1.21", 8);
        var _ = wired.add(first);
        var _ = wired.add(second);

        assertThat(wired.remove(first)).isFalse();
        assertThat(wired.all()).containsExactly(second);
        assertThat(wired.remove(second)).isTrue();
        assertThat(wired.all()).isEmpty();
    }

    @Test
    void anEntryIsFoundByItsAddressAndByItsLinkAsLongAsItIsThere() {
        WiredPods.Entry first = entry("a", "10.0.1.21", 7);
        WiredPods.Entry moved = entry("a", "10.0.1.22", 8);
        var _ = wired.add(first);
        assertThat(wired.having(first.address())).hasValue(first);
        assertThat(wired.on(7)).hasValue(first);

        var _ = wired.add(moved);
        assertThat(wired.having(first.address())).isEmpty();
        assertThat(wired.on(7)).isEmpty();
        assertThat(wired.having(moved.address())).hasValue(moved);
        assertThat(wired.on(8)).hasValue(moved);

        wired.remove(moved.identity());
        assertThat(wired.having(moved.address())).isEmpty();
        assertThat(wired.on(8)).isEmpty();
    }
}
