package io.vpceni.ipamctl.print;

import io.vpceni.config.EditDistance;
import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Reports wrong usage in one line: what is wrong, what was probably meant, where the help is. Exit code 2.
public final class UsageErrors implements IParameterExceptionHandler {
    private final String prefix;

    private UsageErrors(String prefix) {
        this.prefix = prefix;
    }

    /// Sets this up for the command and its subcommands, and colours for terminals only.
    ///
    /// @param prefix what precedes the command's name: `./` or nothing
    public static CommandLine installIn(CommandLine commandLine, String prefix) {
        return commandLine
                .setParameterExceptionHandler(new UsageErrors(prefix))
                .setColorScheme(CommandLine.Help.defaultColorScheme(isTerminal() ? Ansi.AUTO : Ansi.OFF));
    }

    /// picocli takes every console for a terminal, also when output goes to a file.
    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandSpec spec = wrong.getCommandLine().getCommandSpec();
        String fact = wrong instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched, spec)
                : decapitalised(
                        String.valueOf(wrong.getMessage()).lines().findFirst().orElse(""));
        String mark = fact.endsWith("?") ? " " : "; ";
        wrong.getCommandLine()
                .getErr()
                .println(spec.qualifiedName() + ": " + fact + mark + "'" + prefix + spec.qualifiedName()
                        + " --help' tells more");
        wrong.getCommandLine().getErr().flush();
        return wrong.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String unmatched(UnmatchedArgumentException wrong, CommandSpec spec) {
        String argument =
                wrong.getUnmatched().isEmpty() ? "" : wrong.getUnmatched().getFirst();
        String name = argument.startsWith("-") ? argument.replaceFirst("=.*", "") : argument;
        boolean option = wrong.isUnknownOption();
        boolean command = !option && !spec.subcommands().isEmpty();
        List<String> known = new ArrayList<>(
                option ? spec.optionsMap().keySet() : spec.subcommands().keySet());
        String what = option ? "unknown option" : command ? "unknown command" : "unexpected argument";
        return what + " '" + name + "'"
                + nearest(name, known)
                        .map(near -> ": did you mean " + near + "?")
                        .orElse("");
    }

    private static String decapitalised(String sentence) {
        boolean acronym = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
        return sentence.isEmpty() || acronym
                ? sentence
                : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    /// The word that was probably meant: the one with the fewest letters changed, if these are few.
    public static Optional<String> nearest(String word, List<String> known) {
        int most = Math.max(1, word.replaceFirst("^-+", "").length() / 3);
        Optional<String> nearest = Optional.empty();
        for (String candidate : known) {
            boolean begun = word.replaceFirst("^-+", "").length() > 2 && candidate.startsWith(word);
            int changes = begun ? 1 : EditDistance.between(word, candidate);
            if (changes <= most) {
                most = changes - 1;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }
}
