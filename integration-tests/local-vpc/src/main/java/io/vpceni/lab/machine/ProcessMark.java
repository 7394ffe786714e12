package io.vpceni.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A process, told from a later one with the same id by when it started.
///
/// @param startTicks since boot, field 22 of `/proc/<pid>/stat` (proc_pid_stat(5))
record ProcessMark(long pid, long startTicks) {
    private static final int START_TICKS_FIELD = 22 - 3; // counted behind the name, which may hold blanks

    static Optional<ProcessMark> of(long pid) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.exists(Path.of("/proc/" + pid))) {
                throw e;
            }
            return Optional.empty(); // it ended while we read
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return "Z".equals(fields[0])
                ? Optional.empty() // ended, only its parent has not noticed
                : Optional.of(new ProcessMark(pid, Long.parseLong(fields[START_TICKS_FIELD])));
    }

    static ProcessMark parse(String line) {
        int blank = line.indexOf(' ');
        return new ProcessMark(
                Long.parseLong(line.substring(0, blank)),
                Long.parseLong(line.substring(blank + 1).strip()));
    }

    boolean alive() throws IOException {
        return of(pid).filter(this::equals).isPresent();
    }

    @Override
    public String toString() {
        return pid + " " + startTicks;
    }
}
