package io.vpceni.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Locale;
import java.util.Optional;

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
        void run() throws IOException;
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
                lines.write(down ? takenDown(takeDown) : answer(question).toString());
            }
        }
    }

    private String takenDown(TakeDown takeDown) {
        ObjectNode answer = json.createObjectNode();
        try {
            takeDown.run();
        } catch (IOException e) {
            return failed(answer, e).toString();
        }
        return answer.put("ok", true).toString();
    }

    private ObjectNode answer(JsonNode question) {
        ObjectNode answer = json.createObjectNode();
        try {
            switch (question.path("do").asText()) {
                case "add" -> describe(add(question), answer.putArray("pods"));
                case "delete" -> site.deletePod(site.pod(question.path("name").asText()));
                case "list" -> {
                    ArrayNode pods = answer.putArray("pods");
                    site.pods().forEach(pod -> describe(pod, pods));
                    ArrayNode nodes = answer.putArray("nodes");
                    for (SiteNode node : site.nodes().values()) {
                        nodes.addObject()
                                .put("name", node.name())
                                .put("instance", node.vpcNode().instanceId())
                                .put("namespace", node.vpcNode().namespace().name());
                    }
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

    private SitePod add(JsonNode question) throws IOException {
        String wanted = question.path("node").asText();
        SiteNode node = wanted.isEmpty() ? emptiest() : site.node(wanted);
        String name = question.path("name").asText();
        if (name.isEmpty()) {
            unnamedPods++;
            name = "pod-" + unnamedPods;
        }
        return site.addPod(node, name);
    }

    /// The node with the fewest pods; the first of those.
    private SiteNode emptiest() {
        SiteNode emptiest = site.nodes().firstEntry().getValue();
        for (SiteNode node : site.nodes().values()) {
            if (pods(node) < pods(emptiest)) {
                emptiest = node;
            }
        }
        return emptiest;
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
