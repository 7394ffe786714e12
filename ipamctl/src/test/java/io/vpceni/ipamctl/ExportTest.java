package io.vpceni.ipamctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.AwsLinkName;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalText;
import io.vpceni.pool.journal.KernelPod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExportTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodName WEB = new PodName("default", "web");
    private static final PodName API = new PodName("default", "api");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<JournalRecord> records = new ArrayList<>();
    private final Path directory;
    private final Path journal;
    private final Path links;

    ExportTest(@TempDir Path directory) {
        this.directory = directory;
        this.journal = directory.resolve("pool.journal");
        this.links = directory.resolve("dev");
    }

    @BeforeEach
    void theNodeHasTheLinkOfOnePod() throws IOException {
        links("eth0", AwsLinkName.of("eni", "default", "web"));
    }

    private void links(String... names) throws IOException {
        StringBuilder text = new StringBuilder("Inter-|   Receive\n face |bytes\n    lo: 0 0 0\n");
        Stream.of(names).forEach(name -> text.append(name).append(": 1500 2 0\n"));
        Files.writeString(links, text);
    }

    private void assigned(String container, String interfaceName, PodName pod, String address) {
        assigned(new AttachmentKey("vpc-eni", container, interfaceName), pod, address);
    }

    private void assigned(AttachmentKey key, PodName pod, String address) {
        records.add(new JournalRecord.Assigned(
                new Assignment(key, pod, InetAddress.ofLiteral(address), new EniId("eni-0")), T));
    }

    /// Nothing listens on port 1.
    private int export(String... more) throws IOException {
        Files.writeString(
                journal,
                JournalText.header()
                        + JournalText.processStart(JournalClock.of("boot", T, 0))
                        + JournalText.lines(records));
        return run("127.0.0.1:1", more);
    }

    private int run(String address, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "export",
                "--format",
                "aws-checkpoint",
                "--address",
                address,
                "--journal",
                journal.toString(),
                "--links",
                links.toString()));
        arguments.addAll(List.of(more));
        return Ipamctl.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private static String file(String... allocations) {
        return "{\"version\":\"vpc-cni-ipam/1\",\"allocations\":[" + String.join(",", allocations) + "]}\n";
    }

    private static String allocation(String container, String address, String metadata) {
        return "{\"networkName\":\"aws-cni\",\"containerID\":\"" + container + "\",\"ifName\":\"eth0\",\"ipv4\":\""
                + address + "\",\"allocationTimestamp\":1767225600000000000,\"metadata\":{" + metadata + "}}";
    }

    private static String named(PodName pod) {
        return "\"k8sPodNamespace\":\"" + pod.namespace() + "\",\"k8sPodName\":\"" + pod.name() + "\"";
    }

    @Test
    void without_ipamd_its_journal_tells_who_has_what() throws IOException {
        assigned("aa", "eth0", WEB, "10.0.0.5");

        assertThat(export()).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo(file(allocation("aa", "10.0.0.5", named(WEB))));
    }

    @Test
    void a_pod_whose_link_has_another_name_stops_the_export() throws IOException {
        assigned("aa", "eth0", WEB, "10.0.0.5");
        assigned("bb", "eth0", API, "10.0.0.6");

        assertThat(export()).isEqualTo(3);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("default    api  10.0.0.6  eth0       bb         dropped: no link of this node")
                .doesNotContain("10.0.0.5")
                .contains("1 entry would not be kept as they should be")
                .contains("nothing is written")
                .doesNotContain("is this the node's network namespace?");
    }

    @Test
    void where_no_link_is_seen_the_namespace_is_asked_about() throws IOException {
        assigned("bb", "eth0", API, "10.0.0.6");

        assertThat(export()).isEqualTo(3);
        assertThat(err.toString()).contains("is this the node's network namespace?");
    }

    @Test
    void by_force_entries_go_out_as_they_are_and_without_names_they_are_kept() throws IOException {
        assigned("aa", "eth0", WEB, "10.0.0.5");
        assigned("bb", "eth0", API, "10.0.0.6");

        assertThat(export("--force")).isZero();
        assertThat(out.toString())
                .isEqualTo(file(allocation("aa", "10.0.0.5", named(WEB)), allocation("bb", "10.0.0.6", named(API))));

        out.getBuffer().setLength(0);
        assertThat(export("--keep-all")).isZero();
        assertThat(out.toString())
                .isEqualTo(file(allocation("aa", "10.0.0.5", named(WEB)), allocation("bb", "10.0.0.6", "")));
        assertThat(err.toString())
                .contains("--keep-all: entries that the table calls dropped")
                .contains("are kept");
    }

    @Test
    void a_pod_that_ipamd_knows_no_sandbox_of_is_named_and_kept_on_request() throws IOException {
        InetAddress address = InetAddress.ofLiteral("10.0.0.7");
        assigned(KernelPod.foreignKey(address), PodName.UNKNOWN, "10.0.0.7");

        assertThat(export()).isEqualTo(3);
        assertThat(err.toString()).contains("10.0.0.7").contains("not in the file: ipamd knows no sandbox for it");

        assertThat(export("--force")).isZero();
        assertThat(out.toString()).isEqualTo(file());

        out.getBuffer().setLength(0);
        assertThat(export("--keep-all")).isZero();
        assertThat(out.toString()).contains("\"containerID\":\"10.0.0.7\"").contains("\"metadata\":{}");
    }

    @Test
    void a_second_interface_and_an_address_that_ec2_does_not_list_are_named() throws IOException {
        AttachmentKey unlisted = new AttachmentKey("vpc-eni", "cc", "eth0");
        assigned("aa", "eth0", WEB, "10.0.0.5");
        assigned("aa", "net1", WEB, "10.0.0.6");
        assigned(unlisted, WEB, "10.0.0.7");
        records.add(new JournalRecord.Disputed(
                InetAddress.ofLiteral("10.0.0.7"), new EniId("eni-0"), Optional.of(unlisted), T));

        assertThat(export()).isEqualTo(3);
        assertThat(err.toString())
                .contains("10.0.0.6  net1       aa         kept, and never freed")
                .contains("10.0.0.7  eth0       cc         dropped: EC2 lists the address on no ENI")
                .contains("2 entries would not be kept");
    }

    /// The AWS VPC CNI does not start with an address twice.
    @Test
    void an_address_is_written_once() throws IOException {
        AttachmentKey loser = new AttachmentKey("vpc-eni", "bb", "eth0");
        assigned("aa", "eth0", WEB, "10.0.0.5");
        assigned(loser, WEB, "10.0.0.5");
        records.add(new JournalRecord.Disputed(
                InetAddress.ofLiteral("10.0.0.5"), new EniId("eni-0"), Optional.of(loser), T));

        assertThat(export("--force")).isZero();
        assertThat(out.toString()).isEqualTo(file(allocation("aa", "10.0.0.5", named(WEB))));
        assertThat(err.toString()).contains("left out of the file: another sandbox has the address too");
    }

    @Test
    void a_pod_without_a_name_is_kept_unseen_and_hinders_nothing() throws IOException {
        assigned("aa", "eth0", PodName.UNKNOWN, "10.0.0.5");

        assertThat(export()).isZero();
        assertThat(out.toString()).isEqualTo(file(allocation("aa", "10.0.0.5", "")));
        assertThat(err.toString()).contains("kept without a look at its link");
    }

    @Test
    void a_running_ipamd_is_asked_first() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        byte[] page = """
                {"pods":[{"network":"vpc-eni","containerId":"aa","interface":"eth0","namespace":"default","pod":"web",
                "address":"10.0.0.5","eni":"eni-0","state":"assigned","since":"2026-01-01T00:00:00Z"}]}
                """.getBytes(StandardCharsets.UTF_8);
        server.createContext("/v1/pods", exchange -> {
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try {
            assertThat(run("127.0.0.1:" + server.getAddress().getPort())).isZero();
        } finally {
            server.stop(0);
        }
        assertThat(out.toString()).isEqualTo(file(allocation("aa", "10.0.0.5", named(WEB))));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_file_is_written_whole_or_not_at_all() throws IOException {
        Path target = directory.resolve("ipam.json");
        Files.writeString(target, "before");
        assigned("bb", "eth0", API, "10.0.0.6");

        assertThat(export("--output", target.toString())).isEqualTo(3);
        assertThat(target).hasContent("before");

        assertThat(export("--output", target.toString(), "--force")).isZero();
        assertThat(target).hasContent(file(allocation("bb", "10.0.0.6", named(API))));
        assertThat(out.toString()).isEmpty();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("ipam.json", "pool.journal", "dev");
        }
        assertThat(export("--output", directory.resolve("none/ipam.json").toString(), "--force"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot write");
    }

    @Test
    void links_that_cannot_be_read_are_no_links() throws IOException {
        assigned("aa", "eth0", WEB, "10.0.0.5");
        Files.delete(links);

        assertThat(export()).isEqualTo(1);
        assertThat(err.toString()).contains("the node's links cannot be read");
    }

    @Test
    void the_help_of_every_command_shows_values_and_no_variables() {
        for (CommandLine command : Ipamctl.commandLine().getSubcommands().values()) {
            assertThat(command.getUsageMessage()).as(command.getCommandName()).doesNotContain("${");
        }
    }

    @Test
    void with_neither_it_says_so_and_fails() {
        assertThat(run("127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString()).contains("the journal cannot be read either");
    }
}
