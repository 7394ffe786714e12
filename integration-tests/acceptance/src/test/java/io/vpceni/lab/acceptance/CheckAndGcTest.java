package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// CHECK and GC by the real plugin, as libcni sends them.
@Tag("root")
@Timeout(120)
class CheckAndGcTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VALID = "cni.dev/valid-attachments";

    @ParameterizedTest
    @ValueSource(strings = {"0.4.0", "1.0.0", "1.1.0"})
    void aCheckSucceedsUntilThePodLosesSomethingAndAgainAfterAnotherAdd(String version)
            throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("tcheck")) {
            SiteNode node = aNode(trial);
            Namespace sandbox = trial.resources().namespace("a");
            JsonNode result = added(node, sandbox, version);

            assertThat(check(node, sandbox, version, result).status()).isZero();

            sandbox.ip("link set eth0 down");
            PluginRun.Answer broken = check(node, sandbox, version, result);
            assertThat(broken.code()).isEqualTo(102);
            assertThat(broken.text()).contains("eth0 is down", "no default route via 169.254.1.1");

            JsonNode again = added(node, sandbox, version);
            assertThat(again).isEqualTo(result);
            assertThat(check(node, sandbox, version, result).status()).isZero();

            assertThat(PluginRun.of("DEL", node, sandbox).run().status()).isZero();
            assertThat(check(node, sandbox, version, result).text()).contains("ipamd has no address for this sandbox");
            trial.resources().remove(sandbox);
        }
    }

    @Test
    void gcTakesAwayOnlyWhatNobodyListsAndWhatIsDead() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("tgc")) {
            SiteNode node = aNode(trial);
            Namespace dead = trial.resources().namespace("dead");
            Namespace listed = trial.resources().namespace("listed");
            Namespace alive = trial.resources().namespace("alive");
            InetAddress ofDead = address(added(node, dead, "1.1.0"));
            InetAddress ofListed = address(added(node, listed, "1.1.0"));
            InetAddress ofAlive = address(added(node, alive, "1.1.0"));
            trial.resources().remove(dead); // its DEL never comes
            trial.resources().remove(listed); // neither, and the runtime still has it
            Eventually.holds("their links go", () -> links(node) == 1);

            PluginRun gc = PluginRun.of("GC", node, alive)
                    .without("CNI_CONTAINERID")
                    .without("CNI_NETNS")
                    .without("CNI_IFNAME")
                    .withCniVersion("1.1.0");
            assertThat(gc.run().status()).isZero();
            assertThat(state(node, ofDead)).as("no list says nothing").isEqualTo("assigned");

            assertThat(withList(gc, listed).run().status()).isZero();

            assertThat(state(node, ofDead)).isEqualTo("cooling");
            assertThat(state(node, ofListed)).isEqualTo("assigned");
            assertThat(state(node, ofAlive)).as("the kernel shows it").isEqualTo("assigned");
            assertThat(node.vpcNode().namespace().show("rule", "show")).doesNotContain(ofDead.getHostAddress());

            assertThat(withList(gc).run().status()).isZero();
            assertThat(state(node, ofListed)).isEqualTo("cooling");
            assertThat(state(node, ofAlive)).isEqualTo("assigned");
            assertThat(PluginRun.of("DEL", node, alive).run().status()).isZero();
            trial.resources().remove(alive);
        }
    }

    private static SiteNode aNode(Trial trial) throws IOException {
        Site site = trial.site(
                trial.plan(1).withIpamdSettings(new TreeMap<>(Map.of("IP_COOLDOWN_PERIOD", "300", "MAX_ENI", "1"))));
        return site.nodes().firstEntry().getValue();
    }

    private static JsonNode added(SiteNode node, Namespace sandbox, String version) throws IOException {
        PluginRun.Answer answer =
                PluginRun.of("ADD", node, sandbox).withCniVersion(version).run();
        assertThat(answer.status()).as(answer.text()).isZero();
        return answer.json();
    }

    private static PluginRun.Answer check(SiteNode node, Namespace sandbox, String version, JsonNode result)
            throws IOException {
        PluginRun run = PluginRun.of("CHECK", node, sandbox).withCniVersion(version);
        ObjectNode configuration = (ObjectNode) JSON.readTree(run.stdin());
        configuration.set("prevResult", result);
        return run.withStdin(configuration.toString()).run();
    }

    private static PluginRun withList(PluginRun gc, Namespace... listed) throws IOException {
        ObjectNode configuration = (ObjectNode) JSON.readTree(gc.stdin());
        ArrayNode list = configuration.putArray(VALID);
        for (Namespace sandbox : listed) {
            list.addObject().put("containerID", sandbox.name()).put("ifname", "eth0");
        }
        return gc.withStdin(configuration.toString());
    }

    private static InetAddress address(JsonNode result) {
        String cidr = result.path("ips").path(0).path("address").asText();
        return InetAddress.ofLiteral(cidr.substring(0, cidr.indexOf('/')));
    }

    private static String state(SiteNode node, InetAddress address) throws IOException {
        return IntrospectionClient.stateOf(node, address);
    }

    private static long links(SiteNode node) throws IOException {
        return node.vpcNode()
                .namespace()
                .show("-o", "link", "show", "type", "veth")
                .lines()
                .filter(line -> line.contains("eni"))
                .count();
    }
}
