package io.vpceni.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The documents name what exists.
class DocumentsTest {
    private static final Path ROOT = Path.of(System.getProperty("repository.root", "../.."));

    /// `PoolOwner`, `WarmPool.handle`, `CniCommand.Add`: a capital, and at least one lower-case letter.
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][a-z]+[A-Za-z0-9]*)[`.(]");

    private static final Pattern MEMBER = Pattern.compile("`([A-Z][a-z]+[A-Za-z0-9]*)\\.([A-Za-z_]+)[`(.]");

    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*Test#[a-zA-Z0-9_]+)`");

    private static final Pattern LOG_FIELD = Pattern.compile("addKeyValue\\(\\s*\"([A-Za-z0-9]+)\"");

    private static final List<String> PRODUCT = List.of("config", "eni-manager", "host-network", "ipamd");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void everyClassThatTheArchitectureNamesExists() throws IOException {
        Set<String> named = matches(ROOT.resolve("ARCHITECTURE.md"), CLASS_NAME);

        Set<String> existing;
        try (Stream<Path> files = Files.walk(ROOT)) {
            existing = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(named).isNotEmpty();
        assertThat(existing).containsAll(named);
    }

    /// `PoolOwner.assign`: a method, a field, a constant, a component or a type of it, in its own file or, for a type
    /// inside another one, in the file of that.
    @Test
    void everyMemberThatAPageNamesExists() throws IOException {
        Map<String, Path> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(path -> path.toString().endsWith(".java"))
                    .forEach(path -> sources.put(path.getFileName().toString().replace(".java", ""), path));
        }
        int named = 0;
        for (Path page : pages()) {
            Matcher member = MEMBER.matcher(Files.readString(page));
            while (member.find()) {
                Path source = sources.get(member.group(1));
                if (source != null) {
                    named++;
                    assertThat(Files.readString(source))
                            .as("%s names %s", ROOT.relativize(page), member.group())
                            .containsPattern("\\b" + member.group(2) + "\\b");
                }
            }
        }
        assertThat(named).isPositive();
    }

    /// A duration has its unit in its name: `took` is `tookSeconds`.
    @Test
    void everyFieldOfTheLogIsOnItsPage() throws IOException {
        Set<String> fields = new TreeSet<>();
        for (String module : PRODUCT) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    fields.addAll(matches(file, LOG_FIELD));
                }
            }
        }
        fields.remove("took");

        assertThat(fields).contains("eni", "reason", "expires");
        assertThat(matches(ROOT.resolve("docs/logs.md"), Pattern.compile("`([A-Za-z0-9]+)`")))
                .containsAll(fields);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path page : pages()) {
            for (String link : matches(page, LINK)) {
                assertThat(Objects.requireNonNull(page.getParent()).resolve(link))
                        .as("link of %s", ROOT.relativize(page))
                        .exists();
            }
        }
    }

    @Test
    void theIndexHasEveryPageOfTheDocumentation() throws IOException {
        Path docs = ROOT.resolve("docs");
        try (Stream<Path> pages = Files.list(docs)) {
            assertThat(matches(docs.resolve("README.md"), LINK))
                    .containsAll(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                            .toList());
        }
    }

    /// `SomeTest#thatShowsIt`
    @Test
    void everyTestThatTheSecurityPageNamesExists() throws IOException {
        Set<String> named = matches(ROOT.resolve("docs/security.md"), TEST_NAME);

        assertThat(named).isNotEmpty();
        Map<String, String> tests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                tests.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
            }
        }
        assertThat(named).allSatisfy(name -> {
            String[] words = name.split("#", 2);
            assertThat(tests.getOrDefault(words[0], "")).as(name).contains("void " + words[1] + "(");
        });
    }

    /// Every page of the repository: READMEs of modules and pages below docs included.
    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean isOurs = directory.equals(ROOT) || (!name.equals("target") && !name.startsWith("."));
                return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    pages.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }

    private static Set<String> matches(Path file, Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
