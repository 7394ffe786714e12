package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.ipamctl.print.Table;
import picocli.CommandLine.Command;

/// `ipamctl enis`.
@Command(name = "enis", description = "Each ENI with its phase and the numbers of its addresses.")
final class Enis extends Ipamctl.Page {
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
                "AWAY",
                "PENDING",
                "BLOCKS",
                "MAX",
                "NOTE");
        for (JsonNode eni : root.path("enis")) {
            JsonNode life = eni.path("life");
            table.row(
                    eni.path("id").asText(),
                    eni.path("networkCard").asText(),
                    eni.path("deviceIndex").asText(),
                    eni.path("primary").asBoolean() ? "yes" : "no",
                    eni.path("detached").asBoolean()
                            ? "detached"
                            : Ipamctl.orDash(life.path("phase").asText("")),
                    eni.path("total").asText(),
                    eni.path("assigned").asText(),
                    eni.path("cooling").asText(),
                    eni.path("free").asText(),
                    eni.path("away").asText(),
                    eni.path("pending").asText(),
                    eni.path("blocks").asText(),
                    eni.path("addressesMax").asText(),
                    Ipamctl.orDash(note(eni)));
        }
        for (JsonNode life : root.path("others")) {
            table.row(
                    life.path("name").asText(),
                    place(life.path("networkCard")),
                    place(life.path("deviceIndex")),
                    "no",
                    life.path("phase").asText(),
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    Ipamctl.orDash(life.path("note").asText("")));
        }
        return table.render();
    }

    private static String note(JsonNode eni) {
        String life = eni.path("life").path("note").asText("");
        String role = eni.path("note").asText("");
        return life.isEmpty() || role.isEmpty() ? life + role : life + "; " + role;
    }

    private static String place(JsonNode number) {
        return number.asInt() < 0 ? NONE : number.asText();
    }
}
