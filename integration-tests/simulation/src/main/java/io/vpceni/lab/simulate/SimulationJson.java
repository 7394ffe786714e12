package io.vpceni.lab.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.simulate.run.Simulation;
import java.io.IOException;
import java.nio.file.Path;

/// A run as JSON, for programs.
public final class SimulationJson {
    private SimulationJson() {}

    public static void write(Path file, long seed, Simulation.Result result) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("seed", seed);
        root.put("steps", result.steps());
        root.put("messages", result.messages());
        root.put("worlds", result.worlds());
        ObjectNode coverage = root.putObject("coverage");
        result.coverage().counts().forEach(coverage::put);
        result.broken().ifPresent(broken -> {
            ObjectNode failure = root.putObject("failure");
            failure.put("invariant", broken.first().invariant().toString());
            failure.put("text", broken.first().text());
            failure.put("step", broken.step());
            failure.put("world", broken.world());
            ArrayNode events = failure.putArray("events");
            broken.first().events().forEach(events::add);
            ArrayNode shrunk = failure.putArray("shrunkEvents");
            broken.shrunk().events().forEach(shrunk::add);
            failure.put("shrunkSteps", broken.shrunk().choices().size());
            failure.put("shrunkChoices", FailureReport.choices(broken.shrunk().choices()));
        });
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }
}
