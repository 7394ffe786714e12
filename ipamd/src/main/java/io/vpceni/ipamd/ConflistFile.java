package io.vpceni.ipamd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vpceni.config.Conflist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Puts the conflist where the runtime looks for it: whole or not at all, readable by all.
final class ConflistFile {
    private static final Pattern READ_BY_RUNTIMES = Pattern.compile(".*\\.(conf|conflist|json)");

    private final Path directory;
    private final Conflist conflist;

    ConflistFile(Path directory, Conflist conflist) {
        this.directory = directory;
        this.conflist = conflist;
    }

    /// Names of other configurations that come before ours: the runtime takes the first. Sorted.
    ///
    /// @throws IOException when the directory cannot be read
    List<String> before() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> READ_BY_RUNTIMES.matcher(name).matches())
                    .filter(name -> name.compareTo(Conflist.FILE_NAME) < 0)
                    .sorted()
                    .toList();
        }
    }

    /// Idempotent. A runtime that watches the directory never sees half a file.
    ///
    /// @return where it lies now
    /// @throws IOException when the directory is missing or not writable; the message names it
    Path write() throws IOException {
        Path target = directory.resolve(Conflist.FILE_NAME);
        // The runtime reads *.conf, *.conflist and *.json only.
        Path temporary = directory.resolve("." + Conflist.FILE_NAME + ".new");
        try {
            Files.write(temporary, conflist.toJson().getBytes(UTF_8));
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            Path written =
                    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            boolean _ = Files.deleteIfExists(directory.resolve(Conflist.EARLIER_FILE_NAME));
            return written;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + target + " (HOST_CNI_CONFDIR_PATH): " + e.getMessage() + "; is it mounted?", e);
        }
    }
}
