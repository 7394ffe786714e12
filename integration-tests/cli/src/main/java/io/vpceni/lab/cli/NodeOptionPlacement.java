package io.vpceni.lab.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `--node` and `--name` wherever a person puts them: moved to where the command reads them, right behind its name.
///
/// What stands behind `--`, and the words of a program that is run, are left alone.
final class NodeOptionPlacement {
    private static final List<String> MOVED = List.of("--node", "--name");

    private NodeOptionPlacement() {}

    static String[] sorted(CommandLine lab, String... arguments) {
        List<String> moved = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        List<String> words = Arrays.asList(arguments);
        int end = words.indexOf("--") < 0 ? words.size() : words.indexOf("--");
        for (int i = 0; i < end; i++) {
            String word = words.get(i);
            if (MOVED.contains(word) && i + 1 < end && !inProgram(rest)) {
                moved.add(word + "=" + words.get(i + 1));
                i++;
            } else if (MOVED.stream().anyMatch(option -> word.startsWith(option + "=")) && !inProgram(rest)) {
                moved.add(word);
            } else {
                rest.add(word);
            }
        }
        rest.addAll(words.subList(end, words.size()));
        return placed(lab, moved, rest).orElse(arguments);
    }

    /// Behind `exec WHERE` and its first word everything is the program's.
    private static boolean inProgram(List<String> words) {
        int exec = words.indexOf("exec");
        return exec >= 0 && words.size() > exec + 2;
    }

    private static Optional<String[]> placed(CommandLine lab, List<String> moved, List<String> rest) {
        CommandLine command = lab;
        int depth = 0;
        while (depth < rest.size()) {
            CommandLine below = command.getSubcommands().get(rest.get(depth));
            if (below == null) {
                break;
            }
            command = below;
            depth++;
        }
        CommandSpec spec = command.getCommandSpec();
        boolean known = moved.stream().allMatch(option -> spec.findOption(option.split("=", 2)[0]) != null);
        if (!known) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>(rest.subList(0, depth));
        all.addAll(moved);
        all.addAll(rest.subList(depth, rest.size()));
        return Optional.of(all.toArray(String[]::new));
    }
}
