package io.vpceni.lab.ec2.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.GroundTruth;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.fault.Presets;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The control API of one emulation. It checks no permissions: bind it to loopback.
public final class ControlApi implements AutoCloseable {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService requests;
    private final Ec2Emulation emulation;
    private final InstantSource time;
    private final ObjectMapper json = new ObjectMapper();

    private ControlApi(HttpServer server, Ec2Emulation emulation, InstantSource time) {
        this.server = server;
        this.emulation = emulation;
        this.time = time;
        this.requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ec2-control-", 0).factory());
    }

    /// Opens the server socket and answers from now on.
    ///
    /// @param bind port 0 takes a free one
    /// @param time of which `since` is reckoned
    public static ControlApi open(Ec2Emulation emulation, InetSocketAddress bind, InstantSource time)
            throws IOException {
        ControlApi door = new ControlApi(HttpServer.create(bind, BACKLOG), emulation, time);
        door.server.setExecutor(door.requests);
        door.server.createContext("/", door::serve);
        door.server.start();
        return door;
    }

    public URI endpoint() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /// Ends a request with a status and a sentence.
    private static final class Refused extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            ObjectNode answer = json.createObjectNode();
            try {
                answer = answer(exchange);
            } catch (Refused refused) {
                status = refused.status;
                answer.put("error", refused.getMessage());
            } catch (IllegalArgumentException | JsonProcessingException wrong) {
                status = 400;
                answer.put("error", wrong.getMessage());
            }
            byte[] body = (answer.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private ObjectNode answer(HttpExchange exchange) throws IOException, Refused {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.startsWith("/faults/")) {
            return fault(method, path.substring("/faults/".length()));
        }
        return switch (path) {
            case "/faults" -> faults(method, exchange);
            case "/calls" -> calls(method, exchange);
            case "/account" -> {
                require(method, "GET");
                yield ReportJson.account(emulation.groundTruth());
            }
            case "/buckets" -> {
                require(method, "GET");
                ObjectNode tokens = json.createObjectNode();
                emulation.buckets().forEach(tokens::put);
                yield tokens;
            }
            default -> throw new Refused(404, "no path " + path + ": there are /faults, /calls, /buckets and /account");
        };
    }

    private static void require(String method, String wanted) throws Refused {
        if (!method.equals(wanted)) {
            throw new Refused(405, "method " + method + ": want " + wanted);
        }
    }

    private ObjectNode faults(String method, HttpExchange exchange) throws IOException, Refused {
        switch (method) {
            case "GET" -> {}
            case "PUT" -> replace(body(exchange));
            case "POST" -> {
                FaultRule rule = RuleJson.read(body(exchange));
                requireCaller(rule);
                String name = emulation.faults().add(rule);
                ObjectNode added = json.createObjectNode().put("name", name);
                KnownErrorCodes.warning(rule.fault())
                        .ifPresent(warning -> added.putArray("warnings").add(warning));
                return added;
            }
            case "DELETE" -> emulation.faults().clear();
            default -> throw new Refused(405, "method " + method + ": want GET, PUT, POST or DELETE");
        }
        return ReportJson.faults(emulation.faults());
    }

    /// Refuses a rule that can hit nobody.
    private void requireCaller(FaultRule rule) {
        if (Set.of(FaultRule.ALL, FaultRule.NODES, FaultRule.ADMINISTRATOR).contains(rule.caller())) {
            return;
        }
        SortedSet<String> nodes = new TreeSet<>();
        for (GroundTruth.Machine machine : emulation.groundTruth().instances()) {
            if (rule.caller().equals(machine.id()) || rule.caller().equals(machine.name())) {
                return;
            }
            nodes.add(machine.name().isEmpty() ? machine.id() : machine.name());
        }
        throw new IllegalArgumentException("caller '" + rule.caller() + "': "
                + (nodes.isEmpty() ? "there is no node; want " : "there are " + String.join(", ", nodes) + "; or ")
                + String.join(", ", FaultRule.NODES, FaultRule.ADMINISTRATOR) + " or " + FaultRule.ALL);
    }

    private void replace(JsonNode wanted) {
        List<FaultRule> rules;
        if (wanted.has("preset") == wanted.has("rules")) {
            throw new IllegalArgumentException("want either preset or rules");
        }
        if (wanted.has("preset")) {
            String name = wanted.path("preset").asText();
            rules = Optional.ofNullable(Presets.byName().get(name))
                    .orElseThrow(() -> new IllegalArgumentException("no preset '" + name + "': there are "
                            + String.join(", ", Presets.byName().keySet())));
        } else {
            rules = RuleJson.readAll(wanted.path("rules"));
            rules.forEach(this::requireCaller);
        }
        JsonNode seed = wanted.path("seed");
        if (!seed.isMissingNode() && !seed.canConvertToLong()) {
            throw new IllegalArgumentException("seed " + seed + ": want a whole number");
        }
        emulation.faults().replace(rules);
        if (!seed.isMissingNode()) {
            emulation.faults().reseed(seed.asLong());
        }
    }

    private ObjectNode fault(String method, String name) throws Refused {
        require(method, "DELETE");
        if (!emulation.faults().remove(name)) {
            throw new Refused(404, "no rule '" + name + "'");
        }
        return ReportJson.faults(emulation.faults());
    }

    private ObjectNode calls(String method, HttpExchange exchange) throws Refused {
        CallLog log = emulation.calls();
        if (method.equals("DELETE")) {
            log.clear();
            return json.createObjectNode();
        }
        require(method, "GET");
        Map<String, String> query = query(exchange);
        String since = query.getOrDefault("since", "");
        String after = query.getOrDefault("after", "");
        if (!after.isEmpty()) {
            List<CallLog.Call> later = log.after(Long.parseLong(after));
            return ReportJson.calls(later, CallLog.totals(later));
        }
        if (!since.isEmpty()) {
            List<CallLog.Call> later = log.since(instant(since));
            return ReportJson.calls(later, CallLog.totals(later));
        }
        return ReportJson.calls(log.all(), log.totals());
    }

    /// A time, or how long ago.
    private Instant instant(String text) {
        try {
            return text.startsWith("PT") ? time.instant().minus(Duration.parse(text)) : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "since '" + text + "': want a time such as 2026-01-01T00:00:00Z, or how long ago such as PT30S", e);
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new TreeMap<>();
        String text =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        for (String pair : text.split("&", -1)) {
            String[] words = pair.split("=", 2);
            if (words.length == 2) {
                query.put(words[0], URLDecoder.decode(words[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private JsonNode body(HttpExchange exchange) throws IOException, Refused {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw new Refused(413, "the request is longer than " + BODY_BYTES_MAX + " bytes");
        }
        return json.readTree(body);
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdown();
    }
}
