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
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Answers questions until it is told to end the lab, each on a thread of its own, so that none waits for another.
/// Ending the lab interrupts the others.
public final class ControlServer implements AutoCloseable {
    static final String SOCKET = "control.sock";
    private static final int BACKLOG = 16;
    private static final Duration PENDING_MAX = Duration.ofSeconds(5); // interrupted threads end at once

    private final ServerSocketChannel server;
    private final Site site;
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger unnamedPods = new AtomicInteger();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Set<Thread> answering = new HashSet<>();
    private boolean ending;

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

    /// Ends the lab.
    @FunctionalInterface
    public interface LabEnd {
        /// @param progress takes a line before each step
        void run(Consumer<String> progress) throws IOException;
    }

    /// Returns when the lab was told to end and `labEnd` has run; the client waits for that.
    public void serve(LabEnd labEnd) throws IOException {
        Thread _ = Thread.ofPlatform().name("control").daemon().start(() -> accept(labEnd));
        try {
            boolean _ = end.get();
        } catch (ExecutionException e) {
            throw new IOException("the lab's control socket failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lab is up", e);
        }
    }

    private void accept(LabEnd labEnd) {
        try {
            for (long number = 1; !end.isDone(); number++) {
                SocketChannel client = server.accept();
                Thread _ =
                        Thread.ofPlatform().name("control-" + number).daemon().start(() -> converse(client, labEnd));
            }
        } catch (IOException e) {
            end.completeExceptionally(e);
        }
    }

    private void converse(SocketChannel client, LabEnd labEnd) {
        try (client) {
            Lines lines = new Lines(client);
            Optional<String> line = lines.read();
            if (line.isPresent()) {
                JsonNode question = json.readTree(line.get());
                if ("down".equals(question.path("do").asText())) {
                    down(labEnd, lines);
                } else {
                    lines.write(answered(question).toString());
                }
            }
        } catch (IOException _) {
            // The client has gone.
        }
    }

    /// The answer, or an error if the lab ended before.
    private ObjectNode answered(JsonNode question) {
        if (!beginAnswer()) {
            return failed(json.createObjectNode(), beingTakenDown());
        }
        ObjectNode answer;
        boolean interrupted;
        try {
            answer = answer(question);
        } finally {
            interrupted = endAnswer();
        }
        return interrupted && !answer.path("ok").asBoolean()
                ? failed(json.createObjectNode(), beingTakenDown())
                : answer;
    }

    private static IOException beingTakenDown() {
        return new IOException("the lab is being taken down");
    }

    private boolean beginAnswer() {
        lock.lock();
        try {
            return !ending && answering.add(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }

    /// Clears the interrupt, so that the answer can be written; returns whether there was one.
    private boolean endAnswer() {
        lock.lock();
        try {
            answering.remove(Thread.currentThread());
            return Thread.interrupted() || ending;
        } finally {
            lock.unlock();
        }
    }

    private void down(LabEnd labEnd, Lines lines) throws IOException {
        Optional<List<Thread>> pending = beginToEnd();
        if (pending.isEmpty()) {
            lines.write(failed(json.createObjectNode(), beingTakenDown()).toString());
            return;
        }
        try {
            for (Thread thread : pending.get()) {
                boolean _ =
                        thread.join(PENDING_MAX); // a thread that goes on fails when the lab's resources are deleted
            }
            lines.write(takenDown(labEnd, lines).toString());
        } catch (InterruptedException e) {
            throw new IOException("interrupted while the lab ends", e);
        } finally {
            end.complete(true);
        }
    }

    /// Interrupts the threads that still work and returns them; empty when another client ends the lab already.
    private Optional<List<Thread>> beginToEnd() {
        lock.lock();
        try {
            boolean first = !ending;
            ending = true;
            answering.forEach(Thread::interrupt);
            return first ? Optional.of(List.copyOf(answering)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode takenDown(LabEnd labEnd, Lines lines) {
        ObjectNode answer = json.createObjectNode();
        try {
            labEnd.run(line -> tell(lines, line));
        } catch (IOException e) {
            return failed(answer, e);
        }
        return answer.put("ok", true);
    }

    private void tell(Lines lines, String progress) {
        try {
            lines.write(json.createObjectNode().put("progress", progress).toString());
        } catch (IOException _) {
            // The client has gone; the lab ends nevertheless.
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
                    answer.put("vpc", site.infrastructure().world().vpcId())
                            .put("router", site.infrastructure().vpc().router().name())
                            .put(
                                    "internet",
                                    site.infrastructure().vpc().internet().name())
                            .put("ec2", site.infrastructure().ec2Endpoint().toString());
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
                            site.infrastructure()
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

    private void describe(SiteNode node, ObjectNode as) throws IOException {
        ConfinedIpamd ipamd = site.ipamd(node);
        as.put("name", node.name())
                .put("instance", node.vpcNode().instanceId())
                .put("namespace", node.vpcNode().namespace().name())
                .put("pods", pods(node))
                .put("enis", site.infrastructure().enisOf(node.vpcNode()).size())
                .put("log", ipamd.directories().log().toString());
        if (ipamd.process().isAlive()) {
            as.put("pid", ipamd.process().pid()).put("ready", ipamd.isServing());
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
            name = "pod-" + unnamedPods.incrementAndGet();
        }
        return site.addPod(node, name);
    }

    /// The node with the fewest pods, of those whose ipamd runs if there are any; the first of those.
    private SiteNode emptiest() {
        return site.nodes().values().stream()
                .min(Comparator.comparing(
                                (SiteNode node) -> !site.ipamd(node).process().isAlive())
                        .thenComparingLong(site::load))
                .orElseThrow();
    }

    private long pods(SiteNode node) {
        return site.pods().stream().filter(pod -> pod.node().equals(node)).count();
    }

    private static void describe(SitePod pod, ArrayNode pods) {
        pods.addObject()
                .put("name", pod.name())
                .put("podNamespace", pod.sandbox().podNamespace())
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
