package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/// `ipamctl cloud`.
@Command(
        name = "cloud",
        description =
                "Why this node does not grow: what EC2 is being asked, what it refuses and why, how often it may be"
                        + " asked, which subnets have no room, and what was begun and did not end.")
final class Cloud extends Ipamctl.Page {
    @Override
    String path() {
        return "/v1/cloud";
    }

    @Override
    String table(JsonNode root) {
        return root.path("text").asText();
    }
}
