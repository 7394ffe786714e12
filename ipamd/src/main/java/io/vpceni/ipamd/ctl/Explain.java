package io.vpceni.ipamd.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ipamctl explain ADDRESS|pool`.
@Command(
        name = "explain",
        description = "Why an address is in its state, since when and what would change that; for 'pool': why the node"
                + " holds as many addresses as it does.")
final class Explain extends Ipamctl.Page {
    @Parameters(paramLabel = "ADDRESS|pool", description = "an address of this node's, or 'pool'")
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
}
