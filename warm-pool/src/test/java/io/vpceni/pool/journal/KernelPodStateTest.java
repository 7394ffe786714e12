package io.vpceni.pool.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelPodStateTest {

    private static final InetAddress A = InetAddress.ofLiteral("10.0.0.1");
    private static final InetAddress B = InetAddress.ofLiteral("10.0.0.2");
    private static final InetAddress C = InetAddress.ofLiteral("10.0.0.3");
    private static final AttachmentKey KEY = new AttachmentKey("vpc-eni", "c1", "eth0");
    private static final KernelPod POD = new KernelPod(KEY, PodName.UNKNOWN, A);

    @Test
    void aLinkOfOursIsASandboxWithoutAnyRouteOrRule() {
        KernelPodState look = new KernelPodState(List.of(POD), Set.of(), Set.of());

        assertThat(look.held(Map.of())).containsOnly(Map.entry(A, KEY));
    }

    @Test
    void theLinkSaysWhoseAnAddressIsThatRoutesAndRulesNameToo() {
        KernelPodState look = new KernelPodState(List.of(POD), Set.of(A), Set.of(A));

        assertThat(look.held(Map.of())).containsOnly(Map.entry(A, KEY));
    }

    @Test
    void whatARouteOrARuleAloneNamesIsHeldByNobodyWhoIsKnown() {
        KernelPodState look = new KernelPodState(List.of(), Set.of(B), Set.of(C));

        assertThat(look.held(Map.of()))
                .containsOnly(Map.entry(B, KernelPod.foreignKey(B)), Map.entry(C, KernelPod.foreignKey(C)));
        assertThat(look.held(Map.of(C, KEY))).containsEntry(C, KEY);
    }

    @Test
    void rulesWithoutASandboxGoWhenTwoLooksShowThem() {
        KernelPodState look = new KernelPodState(List.of(POD), Set.of(B), Set.of(A, B, C));
        LeftOverRules rules = new LeftOverRules();

        assertThat(rules.seen(look)).isEmpty();
        assertThat(rules.seen(look)).containsExactly(C);
    }

    @Test
    void rulesOfASandboxThatWasBeingWiredStay() {
        LeftOverRules rules = new LeftOverRules();
        rules.seen(new KernelPodState(List.of(), Set.of(), Set.of(A)));
        rules.seen(new KernelPodState(List.of(POD), Set.of(A), Set.of(A)));

        assertThat(rules.seen(new KernelPodState(List.of(), Set.of(), Set.of(A))))
                .isEmpty();
    }
}
