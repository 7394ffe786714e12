package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever stands in the place of a file of ipamd's, ipamd goes on and says what is the case. In a JVM with the
/// options, and so the heap, of ipamd, and without root's right to read everything.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubledFilesTest {
    private final Map<String, String> said = new HashMap<>();
    private final Path directory;

    TroubledFilesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeAll
    void useThemAll() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path root = Path.of(System.getProperty("repository.root"));
        Files.readAllLines(root.resolve("distribution/src/main/dist/jvm.options")).stream()
                .filter(line -> line.startsWith("-"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TroubledFiles.class.getName()));
        command.add(directory.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Void> bound = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(3, TimeUnit.MINUTES));
        try (BufferedReader lines = process.inputReader()) {
            read(lines);
        } finally {
            bound.cancel(false);
            process.destroyForcibly().waitFor();
        }
    }

    private void read(BufferedReader lines) throws IOException {
        String name = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(TroubledFiles.BEGIN)) {
                name = line.substring(TroubledFiles.BEGIN.length());
                said.put(name, "NOT DONE: ");
            } else if (line.startsWith(TroubledFiles.END)) {
                said.merge(name, line.substring(TroubledFiles.END.length()), (log, end) -> log.substring(10) + end);
            } else {
                said.merge(name, line + " / ", String::concat);
            }
        }
    }

    static Stream<Arguments> all() {
        return Arrays.stream(TroubledFile.values())
                .flatMap(file -> Arrays.stream(Trouble.values()).map(trouble -> Arguments.of(file, trouble)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void none_of_these_ends_ipamd(TroubledFile file, Trouble trouble) {
        String told = said.getOrDefault(file + "-" + trouble, "NEVER CAME TO IT");

        assertThat(told).doesNotContain("NEVER", "NOT ", "THROWN", "OutOfMemoryError");
    }

    static Stream<Arguments> sentences() {
        return Stream.of(
                Arguments.of(TroubledFile.JOURNAL, Trouble.NONE, "2 pods; "),
                Arguments.of(TroubledFile.JOURNAL, Trouble.LONG, "2 pods; "),
                Arguments.of(TroubledFile.JOURNAL, Trouble.HUGE, "at most 67108864 are read"),
                Arguments.of(TroubledFile.JOURNAL, Trouble.FIFO, "a FIFO, a socket or a device and no regular file"),
                Arguments.of(TroubledFile.JOURNAL, Trouble.SYMLINK, "0 pods; The journal cannot be read"),
                Arguments.of(TroubledFile.JOURNAL, Trouble.SYMLINK, "is a symbolic link and no regular file"),
                Arguments.of(TroubledFile.JOURNAL, Trouble.UNREADABLE, "is kept as pool.journal.unread"),
                Arguments.of(
                        TroubledFile.COMPACTED_JOURNAL, Trouble.FULL_DIRECTORY, "is kept as pool.journal.new.unread"),
                Arguments.of(TroubledFile.UNREAD_JOURNAL, Trouble.NONE, "is kept as pool.journal.unread.2"),
                Arguments.of(TroubledFile.INTENTS, Trouble.DIRECTORY, "is a directory and no regular file"),
                Arguments.of(TroubledFile.CHECKPOINT, Trouble.NONE, "1 entries; "),
                Arguments.of(TroubledFile.CHECKPOINT, Trouble.SYMLINK, "1 entries; "),
                Arguments.of(TroubledFile.CHECKPOINT, Trouble.TWO_DOCUMENTS, "0 entries; "),
                Arguments.of(TroubledFile.CHECKPOINT, Trouble.TWO_DOCUMENTS, "has text after its JSON object"),
                Arguments.of(TroubledFile.CHECKPOINT, Trouble.LONG, "at most 4194304 are read"),
                Arguments.of(TroubledFile.CHECKPOINT, Trouble.FIFO, "a FIFO, a socket or a device"),
                Arguments.of(TroubledFile.ZONES, Trouble.SYMLINK, "subnet subnet-0a1b2c3d"),
                Arguments.of(TroubledFile.ZONES, Trouble.SYMLINK_TO_FIFO, "a FIFO, a socket or a device"),
                Arguments.of(TroubledFile.ZONES, Trouble.TWO_DOCUMENTS, "none"),
                Arguments.of(TroubledFile.CONFLIST, Trouble.SYMLINK, "written []"),
                Arguments.of(TroubledFile.CONFLIST, Trouble.FULL_DIRECTORY, "(HOST_CNI_CONFDIR_PATH)"),
                Arguments.of(TroubledFile.OTHER_CONFLIST, Trouble.FIFO, "written [00-other.conflist]"),
                Arguments.of(TroubledFile.LOCK, Trouble.FIFO, "locked"),
                Arguments.of(TroubledFile.SOCKET, Trouble.DIRECTORY, "open"),
                Arguments.of(TroubledFile.SOCKET, Trouble.GARBAGE, "ipamd does not touch it: remove it"),
                Arguments.of(TroubledFile.NETNS_SOCKET, Trouble.FULL_DIRECTORY, "open"));
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void and_what_is_the_case_is_said(TroubledFile file, Trouble trouble, String part) {
        assertThat(said.getOrDefault(file + "-" + trouble, "")).contains(part);
    }

    /// What a link led to is somebody else's.
    @Test
    void nothing_was_written_through_a_link() throws IOException {
        for (TroubledFile file : TroubledFile.values()) {
            Path target = directory.resolve(file + "-" + Trouble.SYMLINK).resolve("target");
            Path once = directory.resolve(file + "-" + Trouble.NONE + "-again");
            Trouble.NONE.make(file, once);
            assertThat(Files.readString(target)).isEqualTo(Files.readString(once));
        }
    }
}
