package io.vpceni.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The modules of the repository.
///
/// @param arrows by module, the modules that it knows, as the table in ARCHITECTURE.md has it
/// @param directories by module, where it is
record Modules(SortedMap<String, SortedSet<String>> arrows, SortedMap<String, Path> directories) {
    /// | `name` | what is in it | `module`, `module` |
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9-]+)` \\|.*\\|([^|]*)\\|$");

    private static final Pattern NAME = Pattern.compile("`([a-z0-9-]+)`");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern ARTIFACT =
            Pattern.compile("<groupId>io\\.vpceni</groupId>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z0-9_.]+);");
    private static final Pattern GENERATED_PACKAGE = Pattern.compile("java_package = \"([^\"]+)\"");
    private static final String SECTION = "\n## Modules\n";

    static Modules read(Path root) throws IOException {
        String page = Files.readString(root.resolve("ARCHITECTURE.md"));
        int start = page.indexOf(SECTION) + SECTION.length();
        SortedMap<String, SortedSet<String>> arrows = new TreeMap<>();
        page.substring(start, page.indexOf("\n## ", start)).lines().forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                arrows.put(row.group(1), all(NAME, row.group(2)));
            }
        });
        SortedMap<String, Path> directories = new TreeMap<>();
        collect(root, directories);
        return new Modules(arrows, directories);
    }

    private static void collect(Path directory, SortedMap<String, Path> into) throws IOException {
        for (String name : all(MODULE, Files.readString(directory.resolve("pom.xml")))) {
            Path module = directory.resolve(name);
            if (Files.readString(module.resolve("pom.xml")).contains("<module>")) {
                collect(module, into);
            } else {
                into.put(module.getFileName().toString(), module);
            }
        }
    }

    /// Those that its classes may use: of no test.
    SortedSet<String> dependencies(String module) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        Matcher dependency =
                DEPENDENCY.matcher(Files.readString(directory(module).resolve("pom.xml")));
        while (dependency.find()) {
            if (!dependency.group(1).contains("<scope>test</scope>")) {
                found.addAll(all(ARTIFACT, dependency.group(1)));
            }
        }
        return found;
    }

    /// By module, the packages that have a class below this directory of it, generated ones included.
    SortedMap<String, SortedSet<String>> packages(String below) throws IOException {
        SortedMap<String, SortedSet<String>> found = new TreeMap<>();
        for (String module : directories.keySet()) {
            found.put(module, packages(directory(module).resolve(below)));
        }
        return found;
    }

    SortedMap<String, SortedSet<String>> modulesByPackage() throws IOException {
        SortedMap<String, SortedSet<String>> found = new TreeMap<>();
        for (String below : List.of("src/main", "src/test")) {
            packages(below)
                    .forEach((module, packages) -> packages.forEach(one ->
                            found.computeIfAbsent(one, _ -> new TreeSet<>()).add(module)));
        }
        return found;
    }

    private static SortedSet<String> packages(Path sources) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        if (Files.isDirectory(sources)) {
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.toString();
                    if (name.endsWith(".java")) {
                        found.add(packageOf(file));
                    } else if (name.endsWith(".proto")) {
                        found.addAll(all(GENERATED_PACKAGE, Files.readString(file)));
                    }
                }
            }
        }
        return found;
    }

    private static String packageOf(Path file) throws IOException {
        return all(PACKAGE, Files.readString(file)).first();
    }

    /// Where a module compiles its classes to.
    Path classes(String module) {
        return directory(module).resolve("target/classes");
    }

    private Path directory(String module) {
        Path directory = directories.get(module);
        if (directory == null) {
            throw new IllegalArgumentException("no module " + module);
        }
        return directory;
    }

    private static SortedSet<String> all(Pattern pattern, String text) {
        SortedSet<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
