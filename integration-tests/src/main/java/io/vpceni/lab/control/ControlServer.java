package io.vpceni.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Answers one question after the other until it is told to end the lab.
public final class ControlServer implements AutoCloseable {
    static final String SOCKET = "control.sock";
    private static final int BACKLOG = 16;

    private final ServerSocketChannel server;
    private final Site site;
    private final ObjectMapper json = new ObjectMapper();
    private int unnamedPods;

    private ControlServer(ServerSocketChannel server, Site site) {
        this.server = server;
        this.site = site;
    }

    public static ControlServer open(Path labDirectory, Site site) throws IOException {
        Path socket = labDirectory.resolve(SOCKET);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new ControlServer(server, site);
    }

    /// What ends the lab, and how it is told.
    @FunctionalInterface
    public interface TakeDown {
        /// @param progress takes a line before each step
        void run(Consumer<String> progress) throws IOException;
    }

    /// Returns when the lab was told to end and `takeDown` has run: whoever asked waits for that.
    public void serve(TakeDown takeDown) throws IOException {
        boolean down = false;
        while (!down) {
            try (SocketChannel client = server.accept()) {
                Lines lines = new Lines(client);
                Optional<String> line = lines.read();
                if (line.isEmpty()) {
                    continue;
                }
                JsonNode question = json.readTree(line.get());
                down = "down".equals(question.path("do").asText());
                lines.write((down ? takenDown(takeDown, lines) : answer(question)).toString());
            }
        }
    }

    private ObjectNode takenDown(TakeDown takeDown, Lines lines) {
        ObjectNode answer = json.createObjectNode();
        try {
            takeDown.run(line -> tell(lines, line));
        } catch (IOException e) {
            return failed(answer, e);
        }
        return answer.put("ok", true);
    }

    private void tell(Lines lines, String progress) {
        try {
            lines.write(json.createObjectNode().put("progress", progress).toString());
        } catch (IOException _) {
            // Whoever asked went away; the lab goes nevertheless.
        }
    }

    private ObjectNode answer(JsonNode question) {
        ObjectNode answer = json.createObjectNode();
        try {
            switch (question.path("do").asText()) {
                case "add" -> describe(add(question), answer.putArray("pods"));
                case "delete" ->
                    site.deletePodNow(site.pod(question.path("name").asText()));
                case "list" -> {
                    ArrayNode pods = answer.putArray("pods");
                    site.pods().forEach(pod -> describe(pod, pods));
                    ArrayNode nodes = answer.putArray("nodes");
                    for (SiteNode node : site.nodes().values()) {
                        describe(node, nodes.addObject());
                    }
                    answer.put("vpc", site.ground().world().vpcId())
                            .put("router", site.ground().vpc().router().name())
                            .put("internet", site.ground().vpc().internet().name())
                            .put("ec2", site.ground().ec2Endpoint().toString());
                }
                case "kill" -> site.killIpamd(node(question));
                case "start" -> answer.put("readyMillis", started(node(question)));
                case "restart" -> {
                    site.stopIpamd(node(question));
                    answer.put("readyMillis", started(node(question)));
                }
                case "ec2" ->
                    answer.put(
                            "control",
                            site.ground()
                                    .ec2Control()
                                    .orElseThrow(() -> new IOException(
                                            "the EC2 behind this lab is not the embedded one: it has no faults and"
                                                    + " no call log"))
                                    .toString());
                default -> throw new IOException("unknown question " + question);
            }
        } catch (IOException e) {
            return failed(answer, e);
        }
        return answer.put("ok", true);
    }

    private static ObjectNode failed(ObjectNode answer, IOException failure) {
        return answer.put("ok", false).put("error", String.valueOf(failure.getMessage()));
    }

    private SiteNode node(JsonNode question) throws IOException {
        return site.node(question.path("node").asText());
    }

    private long started(SiteNode node) throws IOException {
        site.startIpamd(node);
        return site.ipamd(node).readyAfter().toMillis();
    }

    private void describe(SiteNode node, ObjectNode as) {
        ConfinedIpamd ipamd = site.ipamd(node);
        as.put("name", node.name())
                .put("instance", node.vpcNode().instanceId())
                .put("namespace", node.vpcNode().namespace().name())
                .put("pods", pods(node))
                .put("enis", site.ground().enisOf(node.vpcNode()).size())
                .put("log", ipamd.directories().log().toString());
        if (ipamd.process().isAlive()) {
            as.put("pid", ipamd.process().pid());
        } else {
            as.put("status", ipamd.process().exitValue());
        }
    }

    private SitePod add(JsonNode question) throws IOException {
        String wanted = question.path("node").asText();
        SiteNode node = wanted.isEmpty() ? emptiest() : site.node(wanted);
        site.requireIpamd(node, "no pod can be added there");
        String name = question.path("name").asText();
        if (name.isEmpty()) {
            unnamedPods++;
            name = "pod-" + unnamedPods;
        }
        return site.addPod(node, name);
    }

    /// The node with the fewest pods, of those whose ipamd runs if there are any; the first of those.
    private SiteNode emptiest() {
        return site.nodes().values().stream()
                .min(Comparator.comparing(
                                (SiteNode node) -> !site.ipamd(node).process().isAlive())
                        .thenComparingLong(this::pods))
                .orElseThrow();
    }

    private long pods(SiteNode node) {
        return site.pods().stream().filter(pod -> pod.node().equals(node)).count();
    }

    private static void describe(SitePod pod, ArrayNode pods) {
        pods.addObject()
                .put("name", pod.name())
                .put("node", pod.node().name())
                .put("address", pod.address().getHostAddress())
                .put("eni", pod.eniId())
                .put("namespace", pod.sandbox().namespace().name())
                .put(
                        "addMillis",
                        String.format(Locale.ROOT, "%.1f", pod.sandbox().added().toNanos() / 1e6));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
