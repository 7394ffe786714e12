package io.vpceni.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @Test
    void itTakesThePlaceOfTheOneBeforeAndLeavesNothingElse(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("conf"), "a longer one before");

        AtomicFile.write(file, bytes("new"), "rw-r--r--");

        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(names(directory)).containsExactly("conf");
    }

    /// A directory of that name cannot be replaced by a file.
    @Test
    void whatCannotBeReplacedStaysAndTheNewOneGoes(@TempDir Path directory) throws IOException {
        Path inside = Files.createDirectories(directory.resolve("conf/inside"));

        assertThatThrownBy(() -> AtomicFile.write(directory.resolve("conf"), bytes("new"), "rw-r--r--"))
                .isInstanceOf(IOException.class);

        assertThat(inside).isDirectory();
        assertThat(names(directory)).containsExactly("conf");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
