package io.vpceni.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What holds for source files as they lie there.
class SourceFilesTest {
    private static final Path ROOT = Path.of(System.getProperty("repository.root", "../.."));

    /// Shorter lines than this end a paragraph.
    private static final int STUMP = 16;

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

    private static boolean isStump(String line) {
        return isText(line) && line.strip().length() < STUMP;
    }

    /// A line of a paragraph, not one of a list, a table, a tag or C.
    private static boolean isText(String line) {
        String text = line.strip();
        return text.matches("/// +[a-zA-Z`(\\[].*") && !text.matches("/// +(struct|__|int|unsigned) .*");
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
