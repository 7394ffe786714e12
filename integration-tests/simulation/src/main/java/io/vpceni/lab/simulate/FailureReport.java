package io.vpceni.lab.simulate;

import io.vpceni.lab.simulate.run.Episode;
import io.vpceni.lab.simulate.run.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A failure as people read it.
public final class FailureReport {
    private FailureReport() {}

    public static List<String> lines(long seed, Simulation.Broken broken) {
        List<String> lines = new ArrayList<>();
        Episode.Failure first = broken.first();
        lines.add("BROKEN " + first.invariant() + ": " + first.text());
        lines.add("  seed " + seed + ", step " + broken.step() + ", world " + broken.world() + ", its step "
                + first.step());
        lines.add("  the last " + first.events().size() + " events:");
        first.events().forEach(line -> lines.add("    " + line));
        Episode.Failure shrunk = broken.shrunk();
        lines.add("  shrunk from " + first.choices().size() + " to "
                + shrunk.choices().size() + " steps: " + shrunk.text());
        shrunk.events().forEach(line -> lines.add("    " + line));
        lines.add("  and then:");
        shrunk.state().forEach(line -> lines.add("    " + line));
        lines.add("  its choices: " + choices(shrunk.choices()));
        return lines;
    }

    /// `3,0,1;0,45;...`: one group a step. [#read] is the inverse.
    public static String choices(List<int[]> recorded) {
        StringBuilder text = new StringBuilder();
        for (int[] step : recorded) {
            if (!text.isEmpty()) {
                text.append(';');
            }
            int used = step.length;
            while (used > 0 && step[used - 1] == 0) {
                used--;
            }
            for (int i = 0; i < used; i++) {
                text.append(i == 0 ? "" : ",").append(step[i]);
            }
        }
        return text.toString();
    }

    /// @throws IllegalArgumentException when the text is anything else than numbers, commas and semicolons
    public static List<int[]> read(String text) {
        List<int[]> recorded = new ArrayList<>();
        for (String step : text.split(";", -1)) {
            int[] choices = step.isEmpty()
                    ? new int[0]
                    : Stream.of(step.split(",", -1)).mapToInt(Integer::parseInt).toArray();
            recorded.add(choices);
        }
        return recorded;
    }
}
