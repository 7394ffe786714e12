package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ipamctl explain ADDRESS|NAMESPACE/POD|ENI|pool`.
@Command(
        name = "explain",
        description = {
            "Why it is as it is, since when, and what would change that:",
            "  ADDRESS        one of this node's addresses",
            "  NAMESPACE/POD  a pod: its addresses, and its last ADD if that failed",
            "  ENI            an ENI, as in eni-0123456789abcdef0",
            "  pool           why the node holds as many addresses as it does"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:this node has it",
            "1:ipamd did not answer",
            "2:it is no address, pod, ENI or 'pool'",
            "3:this node knows nothing of it"
        })
final class Explain extends Ipamctl.PageCommand {
    private static final int UNREADABLE = 2;
    private static final int UNKNOWN = 3;

    @Parameters(paramLabel = "ADDRESS|NAMESPACE/POD|ENI|pool", description = "what to explain")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String of;

    @Override
    String path() {
        return "/v1/explain?of=" + URLEncoder.encode(of, StandardCharsets.UTF_8);
    }

    @Override
    String table(JsonNode root) {
        return root.path("text").asText();
    }

    @Override
    int exitCode(JsonNode root) {
        return switch (root.path("outcome").asText()) {
            case "unreadable" -> UNREADABLE;
            case "unknown" -> UNKNOWN;
            default -> 0;
        };
    }
}
