package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonLockTest {
    @TempDir
    private Path directory;

    @Test
    void aSecondDaemonIsRefusedUntilTheFirstEnds() throws IOException {
        Path socket = directory.resolve("run/ipamd.sock");
        try (DaemonLock first = DaemonLock.take(socket)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> DaemonLock.take(socket).close()).hasMessageContaining("another ipamd holds");
        }
        try (DaemonLock next = DaemonLock.take(socket)) {
            assertThat(next).isNotNull();
        }
    }
}
