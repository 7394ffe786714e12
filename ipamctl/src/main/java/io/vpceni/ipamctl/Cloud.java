package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/// `ipamctl cloud`.
@Command(
        name = "cloud",
        description = "Why this node does not grow: requests to EC2, refusals and their reasons, request "
                + "budgets, subnets without free addresses, unfinished ENI operations.")
final class Cloud extends Ipamctl.PageCommand {
    @Override
    String path() {
        return "/v1/cloud";
    }

    @Override
    String table(JsonNode root) {
        return root.path("text").asText();
    }
}
