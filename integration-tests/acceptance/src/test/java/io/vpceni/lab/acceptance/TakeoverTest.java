package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.config.Conflist;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// ipamd starts for the first time on a node where another CNI plugin left something.
@Tag("root")
@Timeout(300)
class TakeoverTest {
    private static final Duration READY_MAX = Duration.ofMinutes(2); // it looks again every 15 s, and then starts

    private static final String AWS_AND_PORTMAP = """
            table ip nat {
              chain AWS-SNAT-CHAIN-0 { ip saddr 10.9.0.0/16 counter snat to 10.0.0.10; }
              chain POSTROUTING {
                type nat hook postrouting priority srcnat; policy accept;
                counter jump AWS-SNAT-CHAIN-0 comment "AWS SNAT CHAIN"
                ip saddr 10.9.0.0/16 counter masquerade comment "somebody else"
              }
            }
            table ip cni_hostport { chain hostports { }; }
            """;

    @Test
    void aNodeWithBranchEnisIsRefusedUntouchedAndOneWithoutIsRidOfAwsRules() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("ttakeover")) {
            Site site = trial.site(trial.plan(1));
            SiteNode node = site.nodes().firstEntry().getValue();
            Namespace namespace = node.vpcNode().namespace();
            node.ipamd().process().destroyForcibly();
            int _ = node.ipamd().process().waitFor();
            Files.deleteIfExists(node.ipamd().directories().run().resolve("pool.journal"));
            Files.deleteIfExists(node.ipamd().directories().conflists().resolve(Conflist.FILE_NAME));
            namespace.nft("flush ruleset"); // what the ipamd before had made
            namespace.nft(AWS_AND_PORTMAP);
            namespace.ip("link add vlan.eth.1 type veth peer name trunk0");

            try (ConfinedIpamd ipamd = begin(trial, site, node)) {
                Eventually.holds(
                        "it says why it does not start",
                        () -> ipamd.logTail().contains("ipamd does not take this node over"));
                String rules = ruleset(namespace);
                assertThat(rules).contains("AWS-SNAT-CHAIN-0").doesNotContain("vpc-eni");

                namespace.ip("link del vlan.eth.1");
                Eventually.holds("it serves", READY_MAX, ipamd::isServing);

                rules = ruleset(namespace);
                assertThat(rules)
                        .doesNotContain("AWS")
                        .contains("somebody else", "table ip vpc-eni", "table ip cni_hostport");
                JsonNode leftovers =
                        IntrospectionClient.get(namespace, "/v1/status").path("leftovers");
                assertThat(leftovers).hasSize(1);
                assertThat(leftovers.path(0).asText()).contains("hostPort rules", "cni_hostport");
            }
        }
    }

    private static String ruleset(Namespace namespace) throws IOException {
        return namespace.program("nft", "list", "ruleset").run();
    }

    private static ConfinedIpamd begin(Trial trial, Site site, SiteNode node) throws IOException {
        return ConfinedIpamd.begin(
                trial.resources(),
                node.vpcNode().namespace(),
                node.name(),
                IpamdInstallation.built(Trial.home()),
                site.infrastructure().ec2Endpoint(),
                new TreeMap<>(Map.of("VPC_ENI_REMOVE_AWS_RULES", "true")),
                System::nanoTime);
    }
}
