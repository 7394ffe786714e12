package io.vpceni.ipamd;

import static io.vpceni.network.firewall.ForwardDrop.Fate.DROPPED;
import static io.vpceni.network.firewall.ForwardDrop.Fate.MAY_BE_DROPPED;
import static io.vpceni.network.firewall.ForwardDrop.Fate.PASSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.network.firewall.ForwardDrop;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FirewallReportsTest {
    private static final ForwardDrop DOCKER =
            new ForwardDrop("ip filter FORWARD", true, DROPPED, DROPPED, "iptables -P FORWARD ACCEPT");
    private static final ForwardDrop PERHAPS =
            new ForwardDrop("inet filter forward", true, PASSES, MAY_BE_DROPPED, "nft insert rule");

    @RegisterExtension
    private final LoggedEvents logged = new LoggedEvents(FirewallReports.class);

    private final Metrics metrics = new Metrics("1.2.3");
    private final Readiness readiness = new Readiness();
    private final FirewallReports reports = new FirewallReports(metrics, readiness);

    @Test
    void aChainThatDropsIsSaidOnceAndStandsInReadyzAndMakesNobodyUnready() {
        reports.now(List.of(DOCKER));
        reports.now(List.of(DOCKER));

        assertThat(logged.list()).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains("drops packets of pods");
            assertThat(event.getKeyValuePairs().toString())
                    .contains("chain=\"ip filter FORWARD\"", "remedy=\"iptables -P FORWARD ACCEPT\"");
        });
        assertThat(readiness.warned(new Readiness.Verdict(true, "4 addresses can be given out")))
                .isEqualTo(new Readiness.Verdict(
                        true,
                        "4 addresses can be given out; warning: chain ip filter FORWARD (policy drop) of this node's"
                                + " firewall drops what pods send and what is sent to them; to let them pass: iptables"
                                + " -P FORWARD ACCEPT"));
        assertThat(metrics.render()).contains("vpceni_forward_drop_chains{packets=\"dropped\"} 1");
    }

    @Test
    void aChainThatMayDropIsNotSaidToDo() {
        reports.now(List.of(PERHAPS));

        assertThat(logged.list())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("may drop"));
        assertThat(readiness.warned(new Readiness.Verdict(true, "")).reason())
                .contains("may drop what is sent to pods;")
                .doesNotContain(" drops ");
        assertThat(metrics.render())
                .contains("vpceni_forward_drop_chains{packets=\"dropped\"} 0")
                .contains("vpceni_forward_drop_chains{packets=\"may_be_dropped\"} 1");
    }

    @Test
    void aChainThatDropsNoMoreIsSaidToo() {
        reports.now(List.of(DOCKER));
        reports.now(List.of());

        assertThat(logged.list())
                .last()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("forwards pods' packets again"));
        Readiness.Verdict verdict = new Readiness.Verdict(true, "4 addresses can be given out");
        assertThat(readiness.warned(verdict)).isEqualTo(verdict);
        assertThat(metrics.render()).contains("vpceni_forward_drop_chains{packets=\"dropped\"} 0");
    }
}
