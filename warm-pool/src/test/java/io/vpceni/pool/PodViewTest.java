package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.addresses;
import static io.vpceni.pool.PoolFixture.noticesIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PodName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the pool makes of the API server's list of pods: a third view, which alone takes nothing from anybody.
class PodViewTest {
    private static final Duration A_MINUTE = Duration.ofSeconds(61);

    private static final PodName POD = new PodName("shop", "cart-0");

    private final PoolFixture node = new PoolFixture(addresses(0, 2), 1, 4).withPrimary(1, 2);

    PodViewTest() {
        node.send(new Message.Assign(1, PoolFixture.key("pod"), POD, node.now.plusSeconds(60)));
        node.after(Duration.ofMinutes(3)); // its ADD has ended by now
        node.kernelShows(Map.of(1, "pod"));
        node.after(A_MINUTE);
    }

    @Test
    void a_pod_that_the_api_server_does_not_list_keeps_its_address_while_the_kernel_has_its_sandbox() {
        assertThat(apiServerLists(Set.of())).isEmpty();
        node.after(A_MINUTE);

        assertThat(noticesIn(node.kernelShows(Map.of(1, "pod")))).isEmpty();
        assertThat(node.states()).containsExactly("assigned", "free");
    }

    @Test
    void a_pod_that_both_do_not_show_is_gone_at_once() {
        apiServerLists(Set.of());

        assertThat(noticesIn(node.kernelShows(Map.of()))).containsExactly(PoolNotice.Kind.DEL_LOST);
        assertThat(node.states()).containsExactly("cooling", "free");
    }

    @Test
    void a_pod_that_the_api_server_lists_is_gone_when_two_looks_at_the_kernel_do_not_show_it() {
        apiServerLists(Set.of(POD));

        assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        node.after(A_MINUTE);
        assertThat(noticesIn(node.kernelShows(Map.of()))).containsExactly(PoolNotice.Kind.DEL_LOST);
    }

    @Test
    void a_list_from_before_the_pod_came_says_nothing_of_it() {
        node.send(new Message.PodView(Instant.EPOCH, Set.of()));

        assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
        assertThat(node.states()).containsExactly("assigned", "free");
    }

    @Test
    void an_older_list_that_comes_later_is_ignored() {
        apiServerLists(Set.of(POD));
        node.send(new Message.PodView(node.now.minusSeconds(30), Set.of()));

        assertThat(noticesIn(node.kernelShows(Map.of()))).isEmpty();
    }

    private List<Effect> apiServerLists(Set<PodName> pods) {
        return node.send(new Message.PodView(node.now, pods));
    }
}
