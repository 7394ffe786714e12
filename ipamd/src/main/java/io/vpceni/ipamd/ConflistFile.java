package io.vpceni.ipamd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vpceni.config.Conflist;
import io.vpceni.config.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes the conflist into the runtime's directory, in one step (rename) and readable by all.
final class ConflistFile {
    private static final Pattern READ_BY_RUNTIMES = Pattern.compile(".*\\.(conf|conflist|json)");

    private final Path directory;
    private final Conflist conflist;

    ConflistFile(Path directory, Conflist conflist) {
        this.directory = directory;
        this.conflist = conflist;
    }

    /// Names of configurations that sort before ours; the runtime uses the first file. Sorted.
    ///
    /// @throws IOException when the directory cannot be read
    List<String> before() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> READ_BY_RUNTIMES.matcher(name).matches())
                    .filter(name -> name.compareTo(Conflist.FILE_NAME) < 0)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IOException("cannot read " + directory + " (HOST_CNI_CONFDIR_PATH): " + e, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Idempotent. A runtime that watches the directory never sees half a file.
    ///
    /// @return the path of the file
    /// @throws IOException when the directory is missing or not writable; the message names it
    Path write() throws IOException {
        Path target = directory.resolve(Conflist.FILE_NAME);
        try {
            // The temporary name must not be one that the runtime reads: *.conf, *.conflist or *.json.
            AtomicFile.write(target, conflist.toJson().getBytes(UTF_8), "rw-r--r--");
            boolean _ = Files.deleteIfExists(directory.resolve(Conflist.EARLIER_FILE_NAME));
            return target;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + target + " (HOST_CNI_CONFDIR_PATH): " + e.getMessage() + "; is it mounted?", e);
        }
    }
}
