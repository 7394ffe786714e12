package io.vpceni.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What holds for source files as they lie there.
class SourceFilesTest {
    private static final Path ROOT = Path.of(System.getProperty("repository.root", "../.."));

    /// Shorter lines than this end a paragraph.
    private static final int STUMP = 16;

    /// Methods with a switch that has a default branch and labels with a name: what it is over, which is not ours.
    private static final Map<String, String> DEFAULT_OVER_NAMES_OF_OTHERS = Map.ofEntries(
            Map.entry("AccessKeys.java#caller", "strings: access keys"),
            Map.entry("CniMessages.java#answer", "int: protobuf's wire types"),
            Map.entry("Ec2Executor.java#saysThatEc2Fails", "the SDK's exceptions"),
            Map.entry("EventEncoder.java#text", "any object: the value of a log field"),
            Map.entry("EventEncoder.java#write", "any object: the value of a log field"),
            Map.entry("EventReader.java#event", "int: the kernel's message types"),
            Map.entry("FaultCommand.java#put", "any object: the value of an option"),
            Map.entry("FaultRule.java#fitsCaller", "strings: who called"),
            Map.entry("Http2Stream.java#handle", "int: types of HTTP/2 frames"),
            Map.entry("Http2Stream.java#settings", "int: settings of HTTP/2"),
            Map.entry("Ipamctl.java#reason", "the JDK's exceptions"),
            Map.entry("KernelThreads.java#await", "any exception"),
            Map.entry("MetadataSession.java#once", "int: status codes of HTTP"),
            Map.entry("MetadataSession.java#outcome", "int: status codes of HTTP"),
            Map.entry("RecordText.java#assigned", "strings: words of a journal record"),
            Map.entry("RecordText.java#holder", "strings: words of a journal record"),
            Map.entry("Rule.java#action", "int: the kernel's actions of a rule"),
            Map.entry("Sweep.java#subject", "int: priorities of rules"));

    private static final int METHOD_LINES_MAX = 40;

    @Test
    void noSimpleClassNameOccursTwice() throws IOException {
        Map<String, List<String>> places = new TreeMap<>();
        for (Path file : sources("src/main/java")) {
            String name = file.getFileName().toString();
            if (!name.equals("package-info.java")) {
                places.computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(ROOT.relativize(file).toString());
            }
        }
        places.values().removeIf(files -> files.size() == 1);

        assertThat(places).isEmpty();
    }

    /// The rules about names see a file by its name.
    @Test
    void noFileHasASecondTopLevelType() throws IOException {
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : parse(sources("src/main/java")).units()) {
            if (unit.getTypeDecls().stream().filter(ClassTree.class::isInstance).count() > 1) {
                found.add(unit.getSourceFile().getName());
            }
        }

        assertThat(found).isEmpty();
    }

    /// A reader would take one for the other, in product and lab: a nested type may be imported by its simple name.
    @Test
    void noNestedTypeHasTheNameOfATopLevelType() throws IOException {
        List<Path> files = sources("src/main/java");
        Set<String> topLevel = files.stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : parse(files).units()) {
            new NestedTypes((outer, name) -> {
                        if (topLevel.contains(name)) {
                            found.add(outer + "." + name);
                        }
                    })
                    .scan(unit, "");
        }

        assertThat(found).as("another word for the nested type").isEmpty();
    }

    /// Finds types inside types, with the name of the type around them.
    private static final class NestedTypes extends TreeScanner<@Nullable Void, String> {
        private final BiConsumer<String, String> found;

        private NestedTypes(BiConsumer<String, String> found) {
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, String outer) {
            String name = tree.getSimpleName().toString();
            if (!outer.isEmpty() && !name.isEmpty()) { // an anonymous class has no name
                found.accept(outer, name);
            }
            return super.visitClass(tree, outer.isEmpty() ? name : outer + "." + name);
        }
    }

    /// The formatter breaks a comment line that is too long and leaves its last words on a line of their own.
    @Test
    void noCommentHasALineThatTheFormatterBroke() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : sources("src")) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 1; i + 1 < lines.size(); i++) {
                if (isText(lines.get(i - 1)) && isStump(lines.get(i)) && isText(lines.get(i + 1))) {
                    broken.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }

        assertThat(broken)
                .as("write the paragraph in lines of at most 115 columns")
                .isEmpty();
    }

    /// A new alternative of an enum or a sealed type must be decided wherever it is dealt with: there the
    /// compiler asks for it. This is seen by the labels: those of other switches are literals. What is allowed is
    /// allowed to one method, so that the rest of its file stays under the rule.
    @Test
    void noDefaultBranchOverOurOwnAlternatives() throws IOException {
        SortedSet<String> found = new TreeSet<>();
        for (CompilationUnitTree unit : parse(sources("src/main/java")).units()) {
            String file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
            new DefaultBranches(method -> found.add(file + "#" + method)).scan(unit, "");
        }

        assertThat(found).isEqualTo(new TreeSet<>(DEFAULT_OVER_NAMES_OF_OTHERS.keySet()));
    }

    /// Finds the methods with a switch that has a default branch and a label that begins with a capital letter, as
    /// constants and types do.
    private static final class DefaultBranches extends TreeScanner<@Nullable Void, String> {
        private final Consumer<String> found;

        private DefaultBranches(Consumer<String> found) {
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, String outer) {
            return super.visitMethod(method, method.getName().toString());
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, String method) {
            look(tree.getCases(), method);
            return super.visitSwitch(tree, method);
        }

        @Override
        public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, String method) {
            look(tree.getCases(), method);
            return super.visitSwitchExpression(tree, method);
        }

        private void look(List<? extends CaseTree> cases, String method) {
            List<? extends CaseLabelTree> labels =
                    cases.stream().flatMap(one -> one.getLabels().stream()).toList();
            if (labels.stream().anyMatch(DefaultCaseLabelTree.class::isInstance)
                    && labels.stream()
                            .anyMatch(label -> label.toString().matches("(?s)(final )?([a-z0-9_]+\\.)*[A-Z].*"))) {
                found.accept(method);
            }
        }
    }

    /// ipamd is wiring: its methods are short enough to be read at once.
    @Test
    void noMethodOfIpamdIsLongerThanFortyLines() throws IOException {
        List<Path> files = sources("ipamd/src/main/java");
        assertThat(files).isNotEmpty();

        assertThat(methodsLongerThan(METHOD_LINES_MAX, files))
                .as("split them, each part with a name of its own")
                .isEmpty();
    }

    private static List<String> methodsLongerThan(int linesMax, List<Path> files) throws IOException {
        List<String> tooLong = new ArrayList<>();
        Parsed parsed = parse(files);
        for (CompilationUnitTree unit : parsed.units()) {
            LineMap lines = unit.getLineMap();
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                    measure(method, method.getName().toString());
                    return super.visitMethod(method, null);
                }

                @Override
                public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, @Nullable Void unused) {
                    measure(lambda, "a lambda");
                    return super.visitLambdaExpression(lambda, null);
                }

                @Override
                public @Nullable Void visitBlock(BlockTree block, @Nullable Void unused) {
                    measure(block, "a block"); // an initializer has no method around it
                    return super.visitBlock(block, null);
                }

                private void measure(Tree tree, String name) {
                    long first = lines.getLineNumber(parsed.positions().getStartPosition(unit, tree));
                    long last = lines.getLineNumber(parsed.positions().getEndPosition(unit, tree));
                    if (last - first + 1 > linesMax) {
                        tooLong.add(Path.of(unit.getSourceFile().getName()).getFileName() + ":" + first + ": " + name
                                + " has " + (last - first + 1) + " lines");
                    }
                }
            }.scan(unit, null);
        }
        return tooLong;
    }

    private record Parsed(List<CompilationUnitTree> units, SourcePositions positions) {}

    private static Parsed parse(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new Parsed(units, Trees.instance(task).getSourcePositions());
        }
    }

    private static boolean isStump(String line) {
        return isText(line) && line.strip().length() < STUMP;
    }

    /// A line of a paragraph, not one of a list, a table, a tag or C.
    private static boolean isText(String line) {
        String text = line.strip();
        return text.matches("///? +[a-zA-Z`(\\[].*") && !text.matches("///? +(struct|__|int|unsigned) .*");
    }

    private static List<Path> sources(String below) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> ("/" + ROOT.relativize(file)).contains("/" + below + "/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
