package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.vpc.DropCounts;
import io.vpceni.lab.vpc.LocalVpc;
import io.vpceni.lab.vpc.VpcNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What a VPC does to packets, with a pod that is wired by hand: the fabric is strict by itself.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class FabricTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final Duration LOST_AFTER = Duration.ofMillis(700);
    private static final InetAddress FOREIGN = InetAddress.ofLiteral("10.0.255.77");
    private static final InetAddress NOBODY = InetAddress.ofLiteral("10.0.255.78");

    private final Trial trial;
    private final LabInfrastructure infrastructure;
    private final Ec2ApiEnis enis;
    private final VpcNode here;
    private final VpcNode there;
    private final HandWiredPod pod;
    private final EchoServer echoServerThere;

    FabricTest() throws IOException {
        trial = Trial.begin("tfabric");
        try {
            SitePlan plan = trial.plan(2);
            infrastructure = trial.infrastructure(plan.withWorld(plan.world().withOneSubnet()));
            enis = new Ec2ApiEnis(infrastructure);
            here = infrastructure.nodes().firstEntry().getValue();
            there = infrastructure.nodes().lastEntry().getValue();
            pod = HandWiredPod.wire(infrastructure, here, enis.attach(here, 1, 2));
            echoServerThere = EchoServer.in(there.namespace());
        } catch (IOException | RuntimeException e) {
            trial.close();
            throw e;
        }
    }

    @BeforeAll
    void podAndNeighbourHearEachOther() throws IOException {
        assertThat(EchoServer.ask(there.namespace(), pod.address(), ANSWER_MAX)).isEqualTo(addressOf(there));
        assertThat(EchoServer.ask(pod.namespace(), addressOf(there), ANSWER_MAX))
                .isEqualTo(pod.address());
        assertThat(infrastructure.vpc().drops().lostInAll()).isZero();
    }

    @AfterAll
    void leaveNothing() throws IOException {
        echoServerThere.close();
        pod.echoServer().close();
        enis.close();
        trial.close();
    }

    @Test
    void aPodAnswersOutOfTheEniThatOwnsItsAddress() throws IOException {
        long before = passed(pod.eni());

        assertThat(EchoServer.ask(there.namespace(), pod.address(), ANSWER_MAX)).isEqualTo(addressOf(there));

        assertThat(passed(pod.eni())).isGreaterThan(before);
    }

    @Test
    void withoutItsFromPodRuleThePacketIsLostInTheFabricAndCounted() throws IOException {
        long before = spoofed(primaryEni(here));
        pod.removeFromPodRule();
        try {
            assertThatThrownBy(() -> EchoServer.ask(there.namespace(), pod.address(), LOST_AFTER))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            pod.addFromPodRule();
        }

        assertThat(spoofed(primaryEni(here))).isGreaterThan(before);
        assertThat(EchoServer.ask(there.namespace(), pod.address(), ANSWER_MAX)).isEqualTo(addressOf(there));
    }

    @Test
    void aForeignSourceAddressIsLostAndCounted() throws IOException {
        long before = spoofed(primaryEni(here));
        here.namespace().ip("addr add " + FOREIGN.getHostAddress() + "/32 dev lo\n");
        try {
            assertThatThrownBy(() -> EchoServer.askAs(here.namespace(), FOREIGN, addressOf(there), LOST_AFTER))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            here.namespace().ip("addr del " + FOREIGN.getHostAddress() + "/32 dev lo\n");
        }

        assertThat(spoofed(primaryEni(here))).isGreaterThan(before);
    }

    @Test
    void theAddressOfAnotherEniOfTheSameNodeIsForeignToo() throws IOException {
        long before = spoofed(primaryEni(here));

        assertThatThrownBy(() -> EchoServer.askAs(here.namespace(), pod.primary(), addressOf(there), LOST_AFTER))
                .isInstanceOf(SocketTimeoutException.class);

        assertThat(spoofed(primaryEni(here))).isGreaterThan(before);
    }

    @Test
    void anAddressOfNobodyIsLostAndCounted() throws IOException {
        String router =
                infrastructure.world().subnets().getFirst().routerAddress().getHostAddress();
        String link =
                infrastructure.vpc().linksOf(here).getOrDefault(primaryEni(here).eniId(), "none");
        long before = infrastructure.vpc().drops().unknownDestination();
        here.namespace().ip("route add " + NOBODY.getHostAddress() + " via " + router + " dev " + link + "\n");
        try {
            assertThatThrownBy(() -> EchoServer.ask(here.namespace(), NOBODY, LOST_AFTER))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            here.namespace().ip("route del " + NOBODY.getHostAddress() + " via " + router + " dev " + link + "\n");
        }

        assertThat(infrastructure.vpc().drops().unknownDestination()).isGreaterThan(before);
    }

    @Test
    void arpForANeighbourIsAnsweredByTheFabric() throws IOException {
        assertThat(EchoServer.ask(here.namespace(), addressOf(there), ANSWER_MAX))
                .isEqualTo(addressOf(here));

        String neighbour =
                here.namespace().show("neigh", "show", addressOf(there).getHostAddress());
        assertThat(neighbour)
                .contains("lladdr " + routerMac(here))
                .doesNotContain(primaryEni(there).macAddress());
    }

    @Test
    void arpForAnAddressOfNobodyIsNotAnswered() throws IOException {
        assertThatThrownBy(() -> EchoServer.ask(here.namespace(), NOBODY, ANSWER_MAX))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No route to host");

        assertThat(here.namespace().show("neigh", "show", NOBODY.getHostAddress()))
                .doesNotContain("lladdr");
    }

    @Test
    void anEniAppearsWithItsMacAndJumboFramesAndGoesOnDetach() throws IOException {
        FabricEni eni = enis.attach(there, 2, 1);
        String link = infrastructure.vpc().linksOf(there).getOrDefault(eni.eniId(), "none");

        JsonNode shown = HandWiredPod.show(there.namespace(), link);
        assertThat(shown.path("address").asText()).isEqualTo(eni.macAddress());
        assertThat(shown.path("mtu").asInt()).isEqualTo(9001);
        assertThat(there.namespace().show("-br", "-4", "addr", "show", "dev", link))
                .as("who attaches an ENI configures it")
                .doesNotContain(eni.addresses().getFirst().getHostAddress());

        enis.detach(eni);
        Eventually.holds(
                "the fabric knows no link of " + eni.eniId(),
                () -> !infrastructure.vpc().linksOf(there).containsKey(eni.eniId()));
        assertThat(links(there.namespace())).doesNotContain(eni.macAddress(), link);
    }

    @Test
    void theInternetSeesOnlyWhatIsMappedToAPrimaryAddress() throws IOException {
        long before = infrastructure.vpc().drops().unmappedSource();

        assertThatThrownBy(() -> EchoServer.ask(pod.namespace(), LocalVpc.INTERNET_SERVER, LOST_AFTER))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(infrastructure.vpc().drops().unmappedSource()).isGreaterThan(before);

        here.namespace().nft("""
                table ip byhand {
                  chain out {
                    type nat hook postrouting priority srcnat;
                    oifname "%s" ip daddr != 10.0.0.0/16 snat to %s
                  }
                }
                """.formatted(pod.link(), pod.primary().getHostAddress()));
        try {
            assertThat(EchoServer.ask(pod.namespace(), LocalVpc.INTERNET_SERVER, ANSWER_MAX))
                    .isEqualTo(pod.primary());
        } finally {
            here.namespace().nft("delete table ip byhand\n");
        }
    }

    private InetAddress addressOf(VpcNode node) {
        return primaryEni(node).addresses().getFirst();
    }

    private FabricEni primaryEni(VpcNode node) {
        return infrastructure.enisOf(node).values().stream()
                .filter(eni -> eni.deviceIndex() == 0)
                .findFirst()
                .orElseThrow();
    }

    private long passed(FabricEni eni) throws IOException {
        return infrastructure.vpc().drops().passed().getOrDefault(eni.eniId(), 0L);
    }

    private long spoofed(FabricEni eni) throws IOException {
        DropCounts drops = infrastructure.vpc().drops();
        return drops.spoofed().getOrDefault(eni.eniId(), 0L);
    }

    /// MAC of the router's end of the node's primary link.
    private String routerMac(VpcNode node) throws IOException {
        String link =
                infrastructure.vpc().linksOf(node).getOrDefault(primaryEni(node).eniId(), "none");
        int peer = HandWiredPod.show(node.namespace(), link).path("link_index").asInt();
        for (JsonNode candidate :
                new ObjectMapper().readTree(infrastructure.vpc().router().show("-j", "link", "show"))) {
            if (candidate.path("ifindex").asInt() == peer) {
                return candidate.path("address").asText();
            }
        }
        throw new AssertionError("the router has no link with index " + peer);
    }

    private static String links(Namespace namespace) throws IOException {
        return namespace.show("-o", "link", "show");
    }
}
