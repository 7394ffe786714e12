package io.vpceni.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.FilterExpression;
import io.vpceni.netlink.FilterExpression.Fate;
import io.vpceni.netlink.FilterExpression.Verdict;
import io.vpceni.netlink.ForwardChain;
import io.vpceni.netlink.NetlinkFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedChainTest {

    private static final List<FilterExpression> NOTHING = List.of();

    private final List<String> reads = new ArrayList<>();

    /// Its rules jump to the chain `services` three times and then to `late`; `services` has that many rules.
    private final class Chain implements ForwardChain {
        private final int services;

        Chain(int services) {
            this.services = services;
        }

        @Override
        public Tool tool() {
            return Tool.NFT;
        }

        @Override
        public String name() {
            return "ip filter FORWARD";
        }

        @Override
        public boolean dropsByPolicy() {
            return true;
        }

        @Override
        public List<List<FilterExpression>> rules() {
            reads.add("FORWARD");
            List<FilterExpression> jump = List.of(new Verdict(Fate.JUMP, "services"));
            return List.of(jump, jump, jump, List.of(new Verdict(Fate.JUMP, "late")));
        }

        @Override
        public List<List<FilterExpression>> rules(String chain) {
            reads.add(chain);
            return Collections.nCopies(chain.equals("services") ? services : 1, NOTHING);
        }

        @Override
        public List<String> chainsBeside() {
            return List.of();
        }
    }

    @Test
    void aChainIsReadOnceForBothPackets() throws NetlinkFailure {
        assertThat(judged(5).isCertain()).isTrue();
        assertThat(reads).containsExactly("FORWARD", "services", "late");
    }

    @Test
    void noMoreThanSoManyRulesAreRead() throws NetlinkFailure {
        assertThat(judged(CachedChain.RULES_MAX).isCertain()).isFalse();
        assertThat(reads).containsExactly("FORWARD", "services");
    }

    private ForwardDrop judged(int services) throws NetlinkFailure {
        return Firewalls.judge(new CachedChain(new Chain(services)), new Firewalls.Surroundings("eni", "eth0"))
                .orElseThrow();
    }
}
