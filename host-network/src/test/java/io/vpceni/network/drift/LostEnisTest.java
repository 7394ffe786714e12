package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.LinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LostEnisTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:02");
    private static final DesiredEni ENI = new DesiredEni(MAC, 3, "eth1", 9001, Optional.empty(), List.of(), List.of());
    private static final long SECOND = 1_000_000_000;

    private final List<String> heard = new ArrayList<>();
    private final LostEnis lost = new LostEnis(new SilentDriftListener() {
        @Override
        public void eniLost(MacAddress eni, String reason) {
            heard.add("lost: " + reason);
        }

        @Override
        public void eniBack(MacAddress eni) {
            heard.add("back");
        }
    });

    @Test
    void aLinkThatIsGoneIsSaidOnceAndSoIsItsReturn() {
        look(0);
        look(SECOND);
        assertThat(lost.reason(ENI)).hasValue("its link eth1 is gone");
        look(2 * SECOND, link(true, true));
        look(3 * SECOND, link(true, true));

        assertThat(heard).containsExactly("lost: its link eth1 is gone", "back");
        assertThat(lost.reason(ENI)).isEmpty();
    }

    @Test
    void aLinkWithoutCarrierIsLostAfterASecond() {
        assertThat(look(0, link(true, false))).isEqualTo(SECOND);
        assertThat(heard).isEmpty();

        assertThat(look(SECOND, link(true, false))).isEqualTo(Long.MAX_VALUE);
        assertThat(heard).containsExactly("lost: its link eth1 has no carrier");
    }

    @Test
    void aCarrierThatFlapsWithinASecondIsNoNews() {
        look(0, link(true, false));
        look(SECOND / 2, link(true, true));
        look(SECOND, link(true, false));

        assertThat(heard).isEmpty();
    }

    @Test
    void whatCannotBePutRightIsLost() {
        var _ = lost.looked(ENI, found(link(true, true)), Optional.of("EPERM"), 0);

        assertThat(heard).containsExactly("lost: its link eth1 could not be repaired: EPERM");
    }

    @Test
    void whatIsSaidOfALinkDoesNotHoldForTheNextOne() {
        look(0);

        assertThat(lost.reason(new DesiredEni(MAC, 4, "eth1", 9001, Optional.empty(), List.of(), List.of())))
                .isEmpty();
    }

    private long look(long now, LinkState... links) {
        return lost.looked(ENI, found(links), Optional.empty(), now);
    }

    private static ActualState found(LinkState... links) {
        return new ActualState(List.of(links), List.of(), List.of(), List.of());
    }

    private static LinkState link(boolean up, boolean carrier) {
        return new LinkState(
                new Link(3, "eth1", List.of(MAC), 9001, up, "", 0, OptionalInt.empty(), "", 0), carrier, Map.of());
    }
}
