package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.ipamctl.plan.PlanCommand;
import io.vpceni.ipamctl.plan.ReplayCommand;
import io.vpceni.ipamctl.print.OutputFormat;
import io.vpceni.ipamctl.print.Table;
import io.vpceni.ipamctl.print.UsageErrors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serial;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `ipamctl status|pods|enis|cloud|explain`: the addresses of ipamd on this node and their pods. `plan` and `replay`
/// need no ipamd.
///
/// Exit codes: 0 success, 1 ipamd did not answer, 2 wrong usage; `explain` and `export` have one more.
@Command(
        name = "ipamctl",
        mixinStandardHelpOptions = true,
        version = "ipamctl 0.1.0",
        description = "Shows the addresses that ipamd on this node holds, and who has them.",
        subcommands = {
            Ipamctl.Status.class,
            Ipamctl.Pods.class,
            EniTable.class,
            Cloud.class,
            Explain.class,
            PlanCommand.class,
            ReplayCommand.class,
            Export.class,
            CommandLine.HelpCommand.class
        })
public final class Ipamctl {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private Ipamctl() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    public static CommandLine commandLine() {
        return UsageErrors.installIn(new CommandLine(new Ipamctl()).setCaseInsensitiveEnumValuesAllowed(true), "");
    }

    /// The common part of the subcommands: reads one page and prints it.
    @Command(mixinStandardHelpOptions = true)
    abstract static class PageCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Option(
                names = {"-o", "--output"},
                defaultValue = "table",
                description = "table or json; default: ${DEFAULT-VALUE}")
        @SuppressWarnings("NullAway.Init")
        private OutputFormat format;

        @Option(
                names = "--address",
                defaultValue = "127.0.0.1:61679",
                description = "where ipamd serves introspection; default: ${DEFAULT-VALUE}")
        @SuppressWarnings("NullAway.Init")
        private String address;

        abstract String path();

        abstract String table(JsonNode root);

        /// @param root the page's JSON
        int exitCode(JsonNode root) {
            return 0;
        }

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            try {
                String body = fetch(address, path());
                JsonNode root = new ObjectMapper().readTree(body);
                out.print(format == OutputFormat.JSON ? body : table(root));
                out.flush();
                return exitCode(root);
            } catch (NotServed e) {
                return failed("ipamd runs but cannot answer this yet: " + e.getMessage()
                        + "; try again in a moment, or see the log of the vpc-eni pod");
            } catch (IOException e) {
                return failed("ipamd does not answer on http://" + address + path() + ": " + reason(e)
                        + "; is it running on this node (log of the vpc-eni pod), or is DISABLE_INTROSPECTION set?");
            }
        }

        private int failed(String reason) {
            spec.commandLine().getErr().println("ipamctl: " + reason);
            return 1;
        }
    }

    /// ipamd answered with status 503: it cannot serve the page now.
    private static final class NotServed extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        NotServed(String reason) {
            super(reason);
        }
    }

    /// The message in words, for exceptions whose message is a class name or missing.
    static String reason(IOException e) {
        String message = e.getMessage();
        return switch (e) {
            case HttpTimeoutException _ -> "no answer within " + ANSWER_MAX.toSeconds() + " s";
            case ConnectException _ -> "nobody listens there";
            case NoSuchFileException file -> file.getFile() + " is not there";
            case AccessDeniedException file -> file.getFile() + " may not be read";
            default -> message == null || message.isEmpty() ? "the connection failed" : message;
        };
    }

    /// One page of introspection.
    ///
    /// @throws IOException when ipamd does not answer, or answers that it is not serving yet
    static String fetch(String address, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(ANSWER_MAX)
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 503) {
                throw new NotServed(response.body().strip());
            }
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + ", "
                        + response.body().strip());
            }
            return response.body();
        }
    }

    @Command(name = "status", description = "The node and its pool in numbers.")
    static final class Status extends PageCommand {
        @Override
        String path() {
            return "/v1/status";
        }

        @Override
        String table(JsonNode root) {
            Table table = new Table("WHAT", "VALUE")
                    .row("node", orDash(root.path("node").asText("")))
                    .row(
                            "instance",
                            root.path("instanceId").asText() + " ("
                                    + root.path("instanceType").asText() + ")")
                    .row("address", root.path("nodeAddress").asText())
                    .row(
                            "ready",
                            (root.path("ready").asBoolean() ? "yes: " : "no: ")
                                    + root.path("reason").asText())
                    .row(
                            "enis",
                            root.path("enis").asText() + " of "
                                    + root.path("enisMax").asText())
                    .row("addresses", root.path("addresses").asText())
                    .row("assigned", root.path("assigned").asText())
                    .row("cooling", root.path("cooling").asText())
                    .row("assignable", root.path("assignable").asText())
                    .row("quarantined", root.path("quarantined").asText())
                    .row("leaving", root.path("leaving").asText())
                    .row("pending", root.path("pending").asText())
                    .row("waiting ADDs", root.path("waitingAdds").asText())
                    .row("disputed", root.path("disputed").asText());
            if (root.path("idleElsewhere").asLong() > 0) {
                table.row("not for pods", root.path("idleElsewhere").asText() + " on ENIs that give none to pods");
            }
            root.path("podsWithoutNetwork")
                    .forEach(pod -> table.row(
                            "no network", pod.asText() + ": its ENI was detached from this node; delete the pod"));
            JsonNode target = root.path("target");
            table.row(
                            "policy",
                            target.path("policy").asText() + ": "
                                    + target.path("reason").asText())
                    .row("wanted", wanted(target));
            root.path("leftovers").forEach(leftover -> table.row("left over", leftover.asText()));
            JsonNode failure = root.path("growthFailure");
            if (!failure.isMissingNode()) {
                table.row(
                        "cannot grow",
                        failure.path("error").asText() + ": "
                                + failure.path("detail").asText() + ", tried again at "
                                + failure.path("retryAt").asText());
            }
            return table.render();
        }
    }

    private static String wanted(JsonNode target) {
        if (target.path("more").asInt() > 0) {
            return target.path("more").asText() + " more";
        }
        if (target.path("fewer").asInt() == 0) {
            return "neither more nor fewer";
        }
        String kept = target.path("keepReason").asText();
        return target.path("fewer").asText() + " fewer" + (kept.isEmpty() ? "" : ", which stay: " + kept);
    }

    @Command(name = "pods", description = "Each pod with its address and ENI.")
    static final class Pods extends PageCommand {
        @Override
        String path() {
            return "/v1/pods";
        }

        @Override
        String table(JsonNode root) {
            Table table = new Table("NAMESPACE", "POD", "ADDRESS", "ENI", "STATE", "DROPPED", "CONTAINER");
            for (JsonNode pod : root.path("pods")) {
                String container = pod.path("containerId").asText();
                table.row(
                        orDash(pod.path("namespace").asText("")),
                        orDash(pod.path("pod").asText("")),
                        pod.path("address").asText(),
                        pod.path("eni").asText(),
                        pod.path("state").asText(),
                        dropped(pod.path("droppedPackets")),
                        container.substring(0, Math.min(13, container.length())));
            }
            return table.render();
        }
    }

    /// Packets that the node dropped, without the IPv6 that every pod's kernel sends.
    private static String dropped(JsonNode packets) {
        List<String> words = new ArrayList<>();
        packets.properties().forEach(why -> {
            if (!why.getKey().equals("ipv6")) {
                words.add(why.getKey() + " " + why.getValue().asText());
            }
        });
        return orDash(String.join(", ", words));
    }

    static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
