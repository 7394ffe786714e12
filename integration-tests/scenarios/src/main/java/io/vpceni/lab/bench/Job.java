package io.vpceni.lab.bench;

import java.util.List;

/// One execution that is to be measured.
///
/// @param environment all of it, as `NAME=value`; at most 32
/// @param input for standard input, on one line; empty for none
record Job(List<String> environment, String input) {
    Job {
        environment = List.copyOf(environment);
        if (input.contains("\n") || environment.stream().anyMatch(variable -> variable.contains("\n"))) {
            throw new IllegalArgumentException("a job is written down line by line, so it can hold no line break");
        }
    }

    /// As `execbench` reads it.
    String line() {
        StringBuilder text = new StringBuilder();
        environment.forEach(variable -> text.append("env ").append(variable).append('\n'));
        if (!input.isEmpty()) {
            text.append("in ").append(input).append('\n');
        }
        return text.append("run\n").toString();
    }
}
