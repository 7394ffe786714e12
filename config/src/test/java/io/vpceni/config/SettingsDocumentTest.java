package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The tables of docs/settings.md are the code's own list. `-Dgolden.update=true` writes them.
class SettingsDocumentTest {

    private static final Path DOCUMENT = Path.of(System.getProperty("repository.root", ".."), "docs", "settings.md");

    @Test
    void tablesAreWhatTheCodeReads() throws IOException {
        String before = Files.readString(DOCUMENT);

        String after = withTable(before, "used", usedTable());
        after = withTable(after, "unsupported", unsupportedTable());
        after = withTable(after, "unused", unusedTable());
        after = withTable(after, "sdk", sdkTable());

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(DOCUMENT, after);
        } else {
            assertThat(before).isEqualTo(after);
        }
    }

    @Test
    void noVariableIsListedTwice() {
        List<String> names = Stream.of(
                        Variables.USED.stream().map(Variable::name),
                        AwsVariables.UNSUPPORTED.stream().map(UnsupportedMode::name),
                        AwsVariables.UNUSED.stream().map(UnusedVariable::name),
                        SdkVariables.READ.stream().map(SdkVariable::name))
                .flatMap(name -> name)
                .toList();

        assertThat(names).doesNotHaveDuplicates();
    }

    private static List<String> usedTable() {
        List<String> lines =
                new ArrayList<>(List.of("| Name | Default | Allowed | Meaning |", "| --- | --- | --- | --- |"));
        for (Variable<?> variable : Variables.USED) {
            String fallback = variable.fallback().isEmpty() ? "unset" : code(variable.fallback());
            lines.add("| " + code(variable.name()) + " | " + fallback + " | " + variable.allowed() + " | "
                    + variable.meaning() + " |");
        }
        return lines;
    }

    private static List<String> unsupportedTable() {
        List<String> lines = new ArrayList<>(List.of("| Name | Accepted | Asks for |", "| --- | --- | --- |"));
        for (UnsupportedMode mode : AwsVariables.UNSUPPORTED) {
            lines.add("| " + code(mode.name()) + " | " + code(Boolean.toString(mode.off())) + " | " + mode.meaning()
                    + " |");
        }
        return lines;
    }

    private static List<String> unusedTable() {
        List<String> lines = new ArrayList<>(List.of("| Name | Silent at | What is the case |", "| --- | --- | --- |"));
        for (UnusedVariable variable : AwsVariables.UNUSED) {
            String silent = new TreeSet<>(variable.silent())
                    .stream().map(SettingsDocumentTest::code).collect(Collectors.joining(", "));
            lines.add("| " + code(variable.name()) + " | " + silent + " | " + variable.meaning() + " |");
        }
        return lines;
    }

    private static List<String> sdkTable() {
        List<String> lines = new ArrayList<>(List.of("| Name | Allowed | Meaning |", "| --- | --- | --- |"));
        for (SdkVariable variable : SdkVariables.READ) {
            lines.add("| " + code(variable.name()) + " | " + variable.allowed() + " | " + variable.meaning() + " |");
        }
        return lines;
    }

    private static String code(String text) {
        return text.startsWith("as ") ? text : "`" + text + "`";
    }

    private static String withTable(String document, String name, List<String> lines) {
        String begin = "<!-- " + name + " -->\n";
        int from = document.indexOf(begin);
        int to = document.indexOf("<!-- /" + name + " -->");
        assertThat(from).as("marker of table %s", name).isNotNegative().isLessThan(to);
        return document.substring(0, from + begin.length()) + String.join("\n", lines) + "\n" + document.substring(to);
    }
}
