package io.vpceni.ipamd.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This process's memory, from the kernel.
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /// Resident memory in bytes, from the line `VmRSS: N kB` of `/proc/self/status` (proc(5)); 0 where there is
    /// none.
    static long residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }
}
