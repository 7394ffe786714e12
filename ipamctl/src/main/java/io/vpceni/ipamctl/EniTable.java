package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.ipamctl.print.Table;
import picocli.CommandLine.Command;

/// `ipamctl enis`.
@Command(name = "enis", description = "Each ENI with its phase and the numbers of its addresses.")
final class EniTable extends Ipamctl.PageCommand {
    private static final String NONE = "-";

    @Override
    String path() {
        return "/v1/enis";
    }

    @Override
    String table(JsonNode root) {
        Table table = new Table(
                "ENI",
                "CARD",
                "DEVICE",
                "PRIMARY",
                "STATE",
                "TOTAL",
                "ASSIGNED",
                "COOLING",
                "FREE",
                "UNAVAILABLE",
                "PENDING",
                "BLOCKS",
                "MAX",
                "NOTE");
        for (JsonNode eni : root.path("enis")) {
            JsonNode status = eni.path("status");
            table.row(
                    eni.path("id").asText(),
                    eni.path("networkCard").asText(),
                    eni.path("deviceIndex").asText(),
                    eni.path("primary").asBoolean() ? "yes" : "no",
                    eni.path("detached").asBoolean()
                            ? "detached"
                            : Ipamctl.orDash(status.path("phase").asText("")),
                    eni.path("total").asText(),
                    eni.path("assigned").asText(),
                    eni.path("cooling").asText(),
                    eni.path("free").asText(),
                    eni.path("unavailable").asText(),
                    eni.path("pending").asText(),
                    eni.path("blocks").asText(),
                    eni.path("addressesMax").asText(),
                    Ipamctl.orDash(note(eni)));
        }
        for (JsonNode status : root.path("others")) {
            table.row(
                    status.path("name").asText(),
                    Ipamctl.orDash(status.path("networkCard").asText("")),
                    Ipamctl.orDash(status.path("deviceIndex").asText("")),
                    "no",
                    status.path("phase").asText(),
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    Ipamctl.orDash(status.path("note").asText("")));
        }
        return table.render();
    }

    private static String note(JsonNode eni) {
        String status = eni.path("status").path("note").asText("");
        String role = eni.path("note").asText("");
        return status.isEmpty() || role.isEmpty() ? status + role : status + "; " + role;
    }
}
