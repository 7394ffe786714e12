package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.linklocal.CredentialsAgent;
import io.vpceni.lab.linklocal.NameServer;
import io.vpceni.lab.linklocal.TimeServer;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.vpc.LocalVpc;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pods reach the link-local services that are meant for them, on the node and beyond it, as the node does.
@Tag("root")
@Timeout(180)
class LinkLocalServicesTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    @Test
    void podsReachResolverClockNameCacheAndPodIdentity() throws IOException {
        try (Trial trial = Trial.begin("tlinklocal")) {
            Site site = trial.site(trial.plan(1));
            SiteNode node = site.nodes().firstEntry().getValue();
            Namespace pod = site.addPod(node, "client").sandbox().namespace();

            for (Namespace from : new Namespace[] {node.vpcNode().namespace(), pod}) {
                for (InetAddress server : new InetAddress[] {NameServer.VPC_RESOLVER, NameServer.NODE_LOCAL}) {
                    assertThat(NameServer.ask(from, server, "kubernetes.default.svc.cluster.local", ANSWER_MAX))
                            .as("%s asks %s", from.name(), server)
                            .isEqualTo(LocalVpc.INTERNET_SERVER);
                }
                assertThat(TimeServer.ask(from, ANSWER_MAX))
                        .as("%s asks for the time", from.name())
                        .isCloseTo(Instant.now(), org.assertj.core.api.Assertions.within(30, ChronoUnit.SECONDS));
                assertThat(CredentialsAgent.statusWithoutToken(from, ANSWER_MAX))
                        .as("%s asks for credentials", from.name())
                        .isEqualTo(400);
            }
        }
    }
}
