package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/// `./lab status`: the nodes of a lab that is up.
@Command(
        name = "status",
        header = "Show a lab that is up: its nodes, whether ipamd runs there, namespaces and logs.",
        optionListHeading = "%nOptions:%n")
final class StatusCommand extends LabCommand {
    @Override
    public Integer call() throws IOException {
        print(lab(), ask("list", Map.of()), out());
        return 0;
    }

    /// @param answer of the lab to `list`
    static void print(String lab, JsonNode answer, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NODE", "INSTANCE", "IPAMD", "PODS", "ENIS", "NAMESPACE", "LOG"));
        for (JsonNode node : answer.path("nodes")) {
            rows.add(List.of(
                    node.path("name").asText(),
                    node.path("instance").asText(),
                    ipamd(node),
                    node.path("pods").asText(),
                    node.path("enis").asText(),
                    node.path("namespace").asText(),
                    node.path("log").asText()));
        }
        TextTable.print(rows, out);
        out.println();
        out.println("lab '" + lab + "': " + answer.path("vpc").asText() + ", its router in namespace "
                + answer.path("router").asText() + ", the internet in "
                + answer.path("internet").asText() + ", EC2 at "
                + answer.path("ec2").asText() + " seen from a node");
        out.flush();
    }

    private static String ipamd(JsonNode node) {
        if (!node.has("pid")) {
            return "ended, status " + node.path("status").asText();
        }
        return "runs" + (node.path("ready").asBoolean() ? "" : ", not ready") + ", process "
                + node.path("pid").asText();
    }
}
