package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.config.Conflist;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.churn.LongConnection;
import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.machine.Program;
import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.node.NodeDirectories;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.vpc.DropCounts;
import io.vpceni.lab.vpc.VpcNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node goes from the AWS VPC CNI to us, back, and to us again, with pods that run on through all of it.
@Tag("root")
@Timeout(300)
class MigrationTest {
    private static final String NAMESPACE = "shop";
    private static final int ADDRESSES = 9; // secondary ones of each of two ENIs of an m5.large
    private static final Duration EXPORT_MAX = Duration.ofSeconds(60); // a JVM on a busy machine
    private static final Duration ECHO_MAX = Duration.ofSeconds(10);

    /// A node that changes hands.
    private static final class Node implements AutoCloseable {
        private final Trial trial;
        private final LabInfrastructure infrastructure;
        private final VpcNode vpcNode;
        private final NodeDirectories directories;
        private final PodRecords ledger = new PodRecords(Duration.ZERO); // the AWS VPC CNI forgets what cools
        private final Map<String, PodSandbox> pods = new LinkedHashMap<>();
        private final List<LongConnection> flows = new ArrayList<>();
        private int sandboxes;

        Node(Trial trial, LabInfrastructure infrastructure, VpcNode vpcNode) throws IOException {
            this.trial = trial;
            this.infrastructure = infrastructure;
            this.vpcNode = vpcNode;
            this.directories = NodeDirectories.create(trial.resources().directory(), vpcNode.name());
        }

        Path checkpoint() {
            return directories.run().resolve("aws-node/ipam.json");
        }

        AwsVpcCni theirs() throws IOException {
            Files.writeString(directories.conflists().resolve("10-aws.conflist"), "{\"name\":\"aws-cni\"}\n");
            return AwsVpcCni.start(infrastructure, vpcNode, checkpoint());
        }

        ConfinedIpamd ours() throws IOException {
            SortedMap<String, String> settings = new TreeMap<>(Map.of(
                    "AWS_VPC_K8S_CNI_BACKING_STORE",
                    "/run/vpc-eni/aws-node/ipam.json",
                    "WARM_IP_TARGET",
                    "1",
                    "MINIMUM_IP_TARGET",
                    Integer.toString(2 * ADDRESSES)));
            return ConfinedIpamd.start(
                    trial.resources(),
                    vpcNode.namespace(),
                    vpcNode.name(),
                    IpamdInstallation.built(Trial.home()),
                    infrastructure.ec2Endpoint(),
                    settings,
                    System::nanoTime);
        }

        CniRuntime runtime() {
            return new CniRuntime(
                    trial.resources(),
                    vpcNode.namespace(),
                    Trial.home().resolve("cni-binary/target/vpc-eni"),
                    directories.conflists().resolve(Conflist.FILE_NAME),
                    System::nanoTime);
        }

        PodSandbox add(AwsVpcCni theirs, String pod) throws IOException {
            return added(theirs.add("pod-" + ++sandboxes, NAMESPACE, pod));
        }

        PodSandbox add(CniRuntime ours, String pod) throws IOException {
            return added(ours.add("pod-" + ++sandboxes, NAMESPACE, pod));
        }

        private PodSandbox added(PodSandbox pod) {
            ledger.given(pod.address(), pod.containerId(), System.nanoTime());
            pods.put(pod.podName(), pod);
            return pod;
        }

        void delete(AwsVpcCni theirs, PodSandbox pod) throws IOException {
            deleting(pod);
            theirs.delete(pod);
        }

        void delete(CniRuntime ours, PodSandbox pod) throws IOException {
            deleting(pod);
            ours.delete(pod);
            assertThat(vpcNode.namespace().show("rule", "show"))
                    .as("rules of %s", pod.podName())
                    .doesNotContain(" " + pod.address().getHostAddress() + " ");
        }

        private void deleting(PodSandbox pod) {
            ledger.deleting(pod.address(), pod.containerId(), System.nanoTime());
            pods.remove(pod.podName(), pod);
        }

        /// The newest sandbox of the pod.
        PodSandbox pod(String name) {
            return Objects.requireNonNull(pods.get(name), name);
        }

        void talk(PodSandbox from, PodSandbox to) throws IOException {
            flows.add(LongConnection.between(from, to, ledger, System::nanoTime));
        }

        /// Every connection goes on.
        void everybodyTalks() throws IOException {
            List<Long> before = flows.stream().map(LongConnection::echoes).toList();
            for (int i = 0; i < before.size(); i++) {
                LongConnection flow = flows.get(i);
                long seen = before.get(i);
                Eventually.holds("connection " + i + " brings numbers", ECHO_MAX, () -> flow.echoes() > seen);
            }
            assertThat(ledger.findings()).isEmpty();
            DropCounts drops = infrastructure.vpc().drops();
            assertThat(drops.lostInAll()).as("lost in the fabric: %s", drops).isZero();
        }

        /// Namespace, name and address of each sandbox that ipamd knows.
        Set<String> known() throws IOException {
            Set<String> known = new TreeSet<>();
            for (JsonNode pod :
                    IntrospectionClient.get(vpcNode.namespace(), "/v1/pods").path("pods")) {
                known.add(pod.path("state").asText() + " "
                        + pod.path("namespace").asText() + "/" + pod.path("pod").asText() + " "
                        + pod.path("address").asText());
            }
            return known;
        }

        Set<String> running() {
            Set<String> running = new TreeSet<>();
            pods.values()
                    .forEach(pod -> running.add("assigned " + pod.podNamespace() + "/" + pod.podName() + " "
                            + pod.address().getHostAddress()));
            return running;
        }

        Program.Result export(Path to, String... more) throws IOException {
            List<String> words = new ArrayList<>(List.of(
                    IpamdInstallation.built(Trial.home())
                            .javaHome()
                            .resolve("bin/java")
                            .toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    IpamdInstallation.built(Trial.home()).dist().resolve("lib") + "/*",
                    "io.vpceni.ipamctl.Ipamctl",
                    "export",
                    "--format",
                    "aws-checkpoint",
                    "--journal",
                    directories.run().resolve("pool.journal").toString(),
                    "--output",
                    to.toString()));
            words.addAll(List.of(more));
            return vpcNode.namespace()
                    .program(words.toArray(String[]::new))
                    .withTimeMax(EXPORT_MAX)
                    .runToEnd();
        }

        @Override
        public void close() throws IOException {
            for (LongConnection flow : flows) {
                flow.close();
            }
        }
    }

    @Test
    void podsMoveThereAndBackAndThereAgain() throws IOException {
        try (Trial trial = Trial.begin("tmigrate")) {
            SitePlan plan = trial.plan(2);
            LabInfrastructure infrastructure = trial.infrastructure(
                    plan.withWorld(plan.world().withOneSubnet().withInstanceType("m5.large")));
            VpcNode here = infrastructure.nodes().firstEntry().getValue();
            VpcNode there = infrastructure.nodes().lastEntry().getValue();
            try (Ec2ApiEnis enis = new Ec2ApiEnis(infrastructure);
                    Node node = new Node(trial, infrastructure, here)) {
                FabricEni _ = enis.attach(here, 1, ADDRESSES);
                enis.assign(primaryOf(infrastructure, here), ADDRESSES);
                PodSandbox remote = new PodSandbox(
                        "",
                        "remote",
                        "",
                        there.namespace(),
                        primaryOf(infrastructure, there).addresses().getFirst(),
                        Duration.ZERO,
                        "");
                atTheirs(node, remote);
                atOurs(node);
                andBack(node);
                andThereAgain(node);
            }
        }
    }

    private static FabricEni primaryOf(LabInfrastructure infrastructure, VpcNode node) {
        return infrastructure.enisOf(node).values().stream()
                .filter(eni -> eni.deviceIndex() == 0)
                .findFirst()
                .orElseThrow();
    }

    private static void atTheirs(Node node, PodSandbox remote) throws IOException {
        AwsVpcCni theirs = node.theirs();
        PodSandbox first = node.add(theirs, "stays-0");
        PodSandbox second = node.add(theirs, "stays-1");
        for (String name : List.of("goes-0", "goes-1", "again", "moves", "old")) {
            PodSandbox _ = node.add(theirs, name);
        }
        theirs.asIfFromVersion16(node.pod("old"));
        node.talk(first, second);
        node.talk(second, first);
        node.talk(second, remote);
        node.everybodyTalks();
    }

    private static void atOurs(Node node) throws IOException {
        try (ConfinedIpamd ipamd = node.ours()) {
            try (Stream<Path> conflists = Files.list(node.directories.conflists())) {
                assertThat(conflists.sorted().findFirst())
                        .as("the runtime's choice")
                        .contains(ipamd.conflist());
            }
            Set<String> expected = node.running();
            String old = node.pod("old").address().getHostAddress();
            expected.remove("assigned " + NAMESPACE + "/old " + old);
            expected.add("assigned / " + old);
            assertThat(node.known()).isEqualTo(expected);
            node.everybodyTalks();

            CniRuntime ours = node.runtime();
            SiteNode here = new SiteNode(node.vpcNode, ipamd, ours);
            for (String name : List.of("stays-1", "old")) {
                addAgain(here, node.pod(name));
            }
            PodSandbox ourFirst = node.add(ours, "ours-0");
            PodSandbox _ = node.add(ours, "ours-1");
            PodSandbox _ = node.add(ours, "ours-2");
            node.talk(node.pod("stays-0"), ourFirst);
            node.delete(ours, node.pod("goes-0"));
            node.delete(ours, node.pod("goes-1"));

            PodSandbox before = node.pod("again");
            PodSandbox _ = node.add(ours, "again"); // the kubelet makes the new sandbox first
            node.delete(ours, before);

            PodSandbox migrated = node.pod("old");
            node.delete(ours, migrated);
            assertThat(IntrospectionClient.stateOf(here, migrated.address())).isEqualTo("cooling");
            assertThat(node.known()).isEqualTo(node.running());
            node.everybodyTalks();
        }
        try (ConfinedIpamd _ = node.ours()) {
            assertThat(node.known()).as("the checkpoint is old now").isEqualTo(node.running());
            node.everybodyTalks();
        }
    }

    /// The answer to the first ADD may have been lost.
    private static void addAgain(SiteNode here, PodSandbox pod) throws IOException {
        PluginRun.Answer answer = PluginRun.of("ADD", here, pod.namespace())
                .with("CNI_CONTAINERID", pod.containerId())
                .with("CNI_ARGS", "K8S_POD_NAMESPACE=" + pod.podNamespace() + ";K8S_POD_NAME=" + pod.podName())
                .run();
        assertThat(answer.status()).as(answer.text()).isZero();
        assertThat(answer.address()).as(pod.podName()).isEqualTo(pod.address());
    }

    private static void andBack(Node node) throws IOException {
        node.everybodyTalks(); // nobody is there
        Program.Result refused = node.export(node.checkpoint());
        assertThat(refused.status()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err()).contains("again").doesNotContain("ours-").doesNotContain("stays-");
        Path forced = node.checkpoint().resolveSibling("forced.json");
        assertThat(node.export(forced, "--force").status()).isZero();
        assertThat(AwsVpcCni.wouldDrop(node.vpcNode, forced)).containsExactly(NAMESPACE + "/again");
        Program.Result kept = node.export(node.checkpoint(), "--keep-all");
        assertThat(kept.status()).as(kept.err()).isZero();
        Files.delete(node.directories.conflists().resolve(Conflist.FILE_NAME));

        AwsVpcCni theirs = node.theirs();
        assertThat(theirs.dropped()).isEmpty();
        assertThat(theirs.assigned()).hasSameSizeAs(node.pods.values());
        node.everybodyTalks();
        node.delete(theirs, node.pod("ours-1"));
        node.delete(theirs, node.pod("moves"));
        PodSandbox _ = node.add(theirs, "moves");
        PodSandbox _ = node.add(theirs, "ours-1");
        for (int i = 0; theirs.hasRoom(); i++) {
            PodSandbox _ = node.add(theirs, "theirs-" + i); // up to the last: what it forgot it lends now
        }
        node.talk(node.pod("ours-0"), node.pod("theirs-0"));
        node.everybodyTalks();
    }

    private static void andThereAgain(Node node) throws IOException {
        try (ConfinedIpamd ipamd = node.ours()) {
            assertThat(node.known()).isEqualTo(node.running());
            node.everybodyTalks();
            CniRuntime ours = node.runtime();
            SiteNode here = new SiteNode(node.vpcNode, ipamd, ours);
            Path second = node.checkpoint().resolveSibling("second.json");
            assertThat(node.export(second, "--keep-all").status()).isZero();
            for (PodSandbox pod : node.pods.values()) {
                assertThat(Files.readString(second)).contains(pod.containerId());
            }
            PodSandbox _ = node.add(ours, "ours-3");
            node.everybodyTalks();
            for (PodSandbox pod : List.copyOf(node.pods.values())) {
                if (!pod.podName().startsWith("stays-")
                        && !pod.podName().equals("ours-0")
                        && !pod.podName().equals("theirs-0")) {
                    node.delete(ours, pod);
                    assertThat(IntrospectionClient.stateOf(here, pod.address()))
                            .as(pod.podName())
                            .isEqualTo("cooling");
                }
            }
            node.everybodyTalks();
            node.close();
            for (PodSandbox pod : List.copyOf(node.pods.values())) {
                node.delete(ours, pod);
            }
            assertThat(node.known()).isEmpty();
            assertThat(here.vpcNode().namespace().show("rule", "show")).doesNotContain("512:", "1536:");
        }
    }
}
