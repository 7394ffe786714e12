package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What the real plugin with a real ipamd behind it makes of a sandbox that is asked for more than once: under another
/// container id, with a second interface, again after it has lost something.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SandboxLifeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Trial trial;
    private final SiteNode node;

    SandboxLifeTest() throws IOException {
        trial = Trial.begin("tsandbox");
        try {
            Site site = trial.site(trial.plan(1).withIpamdSettings(Map.of("IP_COOLDOWN_PERIOD", "1")));
            node = site.nodes().firstEntry().getValue();
        } catch (IOException | RuntimeException e) {
            trial.close();
            throw e;
        }
    }

    @AfterAll
    void leaveNothing() throws IOException {
        trial.close();
    }

    @Test
    void anotherContainerIdHasTheSandboxRightAfterTheDel() throws IOException {
        Namespace sandbox = trial.resources().namespace("again");
        for (String container : List.of("c1", "c2", "c3")) {
            PluginRun.Answer added = run("ADD", sandbox, container, "eth0");

            assertThat(added.status()).as(added.text()).isZero();
            assertReached(added);
            assertThat(run("DEL", sandbox, container, "eth0").status()).isZero();
        }
    }

    @Test
    void aSecondInterfaceTakesNothingFromTheFirst() throws IOException {
        Namespace sandbox = trial.resources().namespace("multus");
        PluginRun.Answer first = run("ADD", sandbox, "m1", "eth0");
        String routes = sandbox.show("route", "show", "table", "main");

        PluginRun.Answer second = run("ADD", sandbox, "m1", "net1");

        assertThat(second.status()).as(second.text()).isZero();
        assertThat(first.json().path("routes")).hasSize(1);
        assertThat(second.json().path("routes")).isEmpty();
        assertThat(sandbox.show("route", "show", "table", "main")).isEqualTo(routes);
        for (PluginRun.Answer answer : List.of(first, second)) {
            JsonNode hostLink = answer.json().path("interfaces").path(0);
            assertThat(node.vpcNode()
                            .namespace()
                            .show(
                                    "-o",
                                    "link",
                                    "show",
                                    "dev",
                                    hostLink.path("name").asText()))
                    .contains("vpc-eni/1", hostLink.path("mac").asText());
            assertReached(answer);
        }
        assertThat(run("DEL", sandbox, "m1", "net1").status()).isZero();
        assertThat(sandbox.show("route", "show", "table", "main")).isEqualTo(routes);
        assertReached(first);
        assertThat(run("DEL", sandbox, "m1", "eth0").status()).isZero();
    }

    @Test
    void theDefaultRouteIsForTheInterfaceWhoseConfigurationAsksForIt() throws IOException {
        Namespace sandbox = trial.resources().namespace("asks");
        PluginRun.Answer first = run("ADD", sandbox, "d1", "eth0");

        PluginRun.Answer second = request("ADD", sandbox, "d1", "net1", "true").run();

        assertThat(second.status()).as(second.text()).isZero();
        assertThat(second.json().path("routes")).hasSize(1);
        assertThat(sandbox.show("route", "show", "table", "main")).startsWith("default via 169.254.1.1 dev net1");
        assertReached(first);
        assertReached(second);
        assertThat(run("DEL", sandbox, "d1", "net1").status()).isZero();
        assertThat(run("DEL", sandbox, "d1", "eth0").status()).isZero();
        PluginRun.Answer wrong =
                request("ADD", sandbox, "d1", "net1", "\"yes\"").run();
        assertThat(wrong.code()).isEqualTo(7);
        assertThat(wrong.text()).contains("defaultRoute", "want true, false, or nothing");
    }

    @Test
    void aRepeatedAddGivesBackWhatTheSandboxHasLost() throws IOException {
        Namespace sandbox = trial.resources().namespace("lost");
        PluginRun.Answer first = run("ADD", sandbox, "l1", "eth0");
        sandbox.ip("addr flush dev eth0\nneigh flush all nud permanent\n");
        node.vpcNode().namespace().ip("rule del to " + address(first) + " priority 512\n");

        PluginRun.Answer again = run("ADD", sandbox, "l1", "eth0");

        assertThat(again.json()).isEqualTo(first.json());
        assertReached(again);
        assertThat(run("DEL", sandbox, "l1", "eth0").status()).isZero();
    }

    private PluginRun.Answer run(String command, Namespace sandbox, String container, String interfaceName)
            throws IOException {
        return request(command, sandbox, container, interfaceName, "null").run();
    }

    private PluginRun request(
            String command, Namespace sandbox, String container, String interfaceName, String defaultRoute)
            throws IOException {
        PluginRun request = PluginRun.of(command, node, sandbox)
                .with("CNI_CONTAINERID", container)
                .with("CNI_IFNAME", interfaceName);
        ObjectNode configuration = (ObjectNode) JSON.readTree(request.stdin());
        configuration.set("defaultRoute", JSON.readTree(defaultRoute));
        return request.withStdin(configuration.toString());
    }

    /// By the node, there and back.
    private void assertReached(PluginRun.Answer answer) throws IOException {
        assertThat(node.vpcNode()
                        .namespace()
                        .program("ping", "-c", "1", "-W", "5", address(answer))
                        .runToEnd()
                        .out())
                .contains(" 1 received");
    }

    private static String address(PluginRun.Answer answer) {
        return answer.address().getHostAddress();
    }
}
