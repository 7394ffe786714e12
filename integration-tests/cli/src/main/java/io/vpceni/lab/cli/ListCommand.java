package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./lab list`: the labs that run on this machine.
@Command(
        name = "list",
        aliases = "ls",
        mixinStandardHelpOptions = true,
        header = "List the labs that run on this machine.",
        optionListHeading = "%nOptions:%n")
final class ListCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        LabOptions.prepareMachine(out);
        List<String> labs = LabResources.running(LabResources.ROOT);
        if (labs.isEmpty()) {
            out.println("no lab runs: './lab up' starts one");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("LAB", "NODES", "PODS", "STATE"));
            for (String lab : labs) {
                rows.add(row(lab));
            }
            TextTable.print(rows, out);
        }
        out.flush();
        return 0;
    }

    private static List<String> row(String lab) throws IOException {
        if (!ControlClient.answers(LabResources.ROOT, lab)) {
            return List.of(lab, "-", "-", "of a demo or test, or on its way up or down");
        }
        JsonNode answer = ControlClient.of(LabResources.ROOT, lab).ask("list", Map.of());
        return List.of(
                lab,
                Integer.toString(answer.path("nodes").size()),
                Integer.toString(answer.path("pods").size()),
                "up: './lab status" + (lab.equals("lab") ? "" : " --name " + lab) + "'");
    }
}
