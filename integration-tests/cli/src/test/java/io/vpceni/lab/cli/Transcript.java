package io.vpceni.lab.cli;

import java.util.ArrayList;
import java.util.List;

/// The terminal sessions on a page: indented lines that begin with `$ ` are commands, those below them what is printed.
///
/// @param steps in the order of the page
record Transcript(List<Step> steps) {
    private static final String INDENT = "    ";
    private static final String PROMPT = INDENT + "$ ";

    /// @param printed line by line
    record Step(String command, List<String> printed) {}

    /// @param section the page from its heading on
    static Transcript of(String section) {
        List<Step> steps = new ArrayList<>();
        for (String line : section.lines().toList()) {
            if (line.startsWith(PROMPT)) {
                steps.add(new Step(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (line.startsWith(INDENT) && !steps.isEmpty()) {
                steps.getLast().printed().add(line.substring(INDENT.length()));
            }
        }
        return new Transcript(steps);
    }
}
