package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What the real plugin with a real ipamd behind it says to requests that cannot be carried out, and that none of them
/// leaves a link, a rule or an address.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class AddErrorsTest {
    private static final int ADDRESSES = 3; // t3.small with one ENI: four, less the primary one

    private final Trial trial;
    private final SiteNode node;
    private final List<Namespace> sandboxes = new ArrayList<>();
    private int sandboxNumber;

    AddErrorsTest() throws IOException {
        trial = Trial.begin("tadderr");
        try {
            Site site = trial.site(trial.plan(1)
                    .withIpamdSettings(Map.of(
                            "MAX_ENI", "1",
                            "IP_COOLDOWN_PERIOD", "1",
                            "VPC_ENI_ADD_WAIT_SECONDS", "6")));
            node = site.nodes().firstEntry().getValue();
        } catch (IOException | RuntimeException e) {
            trial.close();
            throw e;
        }
    }

    /// Deletes every sandbox that a test made, whether its ADD worked or not, as a runtime does.
    @AfterEach
    void noRequestLeavesAnything() throws IOException {
        for (Namespace sandbox : sandboxes) {
            assertThat(run("DEL", sandbox).status()).as(sandbox.name()).isZero();
            trial.resources().remove(sandbox);
        }
        sandboxes.clear();
        assertThat(IntrospectionClient.get(node.vpcNode().namespace(), "/v1/status")
                        .path("assigned")
                        .asInt())
                .isZero();
        Eventually.holds(
                "no link of a pod is left",
                () -> !node.vpcNode().namespace().show("-o", "link", "show").contains("vpc-eni/1"));
        assertThat(node.vpcNode().namespace().show("rule", "show")).doesNotContain("512:", "1536:");
    }

    @AfterAll
    void leaveNothing() throws IOException {
        trial.close();
    }

    @Test
    void anUnknownNetnsPathIsNamed() throws IOException {
        PluginRun.Answer answer = PluginRun.of("ADD", node, sandbox())
                .with("CNI_NETNS", "/run/netns/vpl-none")
                .run();

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.text()).contains("CNI_NETNS='/run/netns/vpl-none'", "ENOENT");
    }

    @Test
    void aMissingContainerIdAndInterfaceNameAreNamedTogether() throws IOException {
        PluginRun.Answer answer = PluginRun.of("ADD", node, sandbox())
                .without("CNI_CONTAINERID")
                .without("CNI_IFNAME")
                .run();

        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.text()).contains("CNI_CONTAINERID is missing", "CNI_IFNAME is missing");
    }

    @Test
    void anUnsupportedVersionIsToldWhichAreSupported() throws IOException {
        PluginRun.Answer answer =
                PluginRun.of("ADD", node, sandbox()).withCniVersion("0.2.0").run();

        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.text()).contains("0.2.0", "0.3.1, 0.4.0, 1.0.0, 1.1.0");
    }

    @Test
    void aContainerIdThatNoLinksAliasHoldsIsRefusedAndItsDelHasNothingToDo() throws IOException {
        Namespace sandbox = sandbox();
        String tooLong = "c".repeat(240);

        PluginRun.Answer answer = PluginRun.of("ADD", node, sandbox)
                .with("CNI_CONTAINERID", tooLong)
                .run();

        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.text()).contains("CNI_CONTAINERID has 240 characters: want at most ");
        assertThat(PluginRun.of("DEL", node, sandbox)
                        .with("CNI_CONTAINERID", tooLong)
                        .run()
                        .status())
                .isZero();
    }

    @Test
    void brokenJsonIsUndecodable() throws IOException {
        PluginRun.Answer answer = PluginRun.of("ADD", node, sandbox())
                .withStdin("{\"cniVersion\":")
                .run();

        assertThat(answer.code()).isEqualTo(6);
        assertThat(answer.text()).contains("stdin is not a JSON object: ", "at byte 15");
    }

    @Test
    void anInterfaceOfSomebodyElseInTheSandboxIsRespected() throws IOException {
        Namespace sandbox = sandbox();
        sandbox.ip("link add eth0 type veth peer name other\n");

        PluginRun.Answer answer = run("ADD", sandbox);

        assertThat(answer.code()).isEqualTo(101);
        assertThat(answer.text()).contains("eth0");
        assertThat(sandbox.show("link", "show", "eth0")).contains("eth0@other");
    }

    @Test
    void theAnswerIsInTheVersionThatTheConfigurationAsksFor() throws IOException {
        for (String version : List.of("0.3.1", "0.4.0", "1.0.0", "1.1.0")) {
            PluginRun.Answer answer =
                    PluginRun.of("ADD", node, sandbox()).withCniVersion(version).run();

            assertThat(answer.status()).as(answer.text()).isZero();
            assertThat(answer.json().path("cniVersion").asText()).isEqualTo(version);
            noRequestLeavesAnything();
        }
    }

    @Test
    void aRepeatedAddIsTheSamePod() throws IOException {
        Namespace sandbox = sandbox();
        PluginRun.Answer first = run("ADD", sandbox);

        PluginRun.Answer second = run("ADD", sandbox);

        assertThat(second.status()).as(second.text()).isZero();
        assertThat(second.address()).isEqualTo(first.address());
        assertThat(IntrospectionClient.stateOf(node, first.address())).isEqualTo("assigned");
        assertThat(sandbox.show("-4", "addr", "show", "eth0"))
                .contains(first.address().getHostAddress());
    }

    @Test
    void aRepeatedDelSucceedsAndSoDoesOneOfASandboxThatNeverWas() throws IOException {
        Namespace sandbox = sandbox();
        InetAddress address = run("ADD", sandbox).address();

        assertThat(run("DEL", sandbox).status()).isZero();
        assertThat(run("DEL", sandbox).status()).isZero();
        assertThat(IntrospectionClient.stateOf(node, address)).isEqualTo("cooling");
        assertThat(PluginRun.of("DEL", node, sandbox)
                        .with("CNI_CONTAINERID", "never-was")
                        .run()
                        .status())
                .isZero();
    }

    @Test
    void aDelWithoutNetnsGivesTheAddressBack() throws IOException {
        for (String netns : List.of("", "/run/netns/vpl-none")) {
            Namespace sandbox = sandbox();
            InetAddress address = run("ADD", sandbox).address();

            PluginRun.Answer answer = netns.isEmpty()
                    ? PluginRun.of("DEL", node, sandbox).without("CNI_NETNS").run()
                    : PluginRun.of("DEL", node, sandbox)
                            .with("CNI_NETNS", netns)
                            .run();

            assertThat(answer.status()).as(answer.text()).isZero();
            assertThat(IntrospectionClient.stateOf(node, address)).isEqualTo("cooling");
            assertThat(node.vpcNode().namespace().show("route", "show")).doesNotContain(address.getHostAddress());
        }
    }

    @Test
    void aFullNodeSaysSoAndAWaitingAddGetsTheFirstAddressThatIsCool() throws IOException, InterruptedException {
        List<Namespace> pods = new ArrayList<>();
        for (int number = 0; number < ADDRESSES; number++) {
            pods.add(sandbox());
            PluginRun.Answer answer = run("ADD", pods.getLast());
            assertThat(answer.status()).as(answer.text()).isZero();
        }

        PluginRun.Answer refused = run("ADD", sandbox());

        assertThat(refused.code()).isEqualTo(11);
        assertThat(refused.text())
                .contains(
                        "no address was free within",
                        "this node is full: 3 addresses on 1 ENI: 3 with pods",
                        "raise MAX_ENI (1, the instance allows 3)");

        FutureTask<PluginRun.Answer> waiting =
                PluginRun.of("ADD", node, sandbox()).begin();
        Eventually.holds("the ADD waits", () -> status("waitingAdds") == 1);
        InetAddress freed = addressOf(pods.getFirst());
        assertThat(run("DEL", pods.getFirst()).status()).isZero();
        PluginRun.Answer served = PluginRun.await(waiting);

        assertThat(served.status()).as(served.text()).isZero();
        assertThat(served.address()).isEqualTo(freed);
    }

    private PluginRun.Answer run(String command, Namespace sandbox) throws IOException {
        return PluginRun.of(command, node, sandbox).run();
    }

    private Namespace sandbox() throws IOException {
        sandboxNumber++;
        Namespace sandbox = trial.resources().namespace("pod-" + sandboxNumber);
        sandboxes.add(sandbox);
        return sandbox;
    }

    private int status(String field) throws IOException {
        return IntrospectionClient.get(node.vpcNode().namespace(), "/v1/status")
                .path(field)
                .asInt();
    }

    private InetAddress addressOf(Namespace sandbox) throws IOException {
        for (var pod :
                IntrospectionClient.get(node.vpcNode().namespace(), "/v1/pods").path("pods")) {
            if (pod.path("containerId").asText().equals(sandbox.name())) {
                return InetAddress.ofLiteral(pod.path("address").asText());
            }
        }
        throw new AssertionError("ipamd knows no " + sandbox.name());
    }
}
