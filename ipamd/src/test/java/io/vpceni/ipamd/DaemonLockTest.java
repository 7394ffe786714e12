package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonLockTest {
    @TempDir
    private Path directory;

    private final List<String> takenOver = new ArrayList<>();

    @Test
    void theSecondDaemonIsRefusedUntilTheFirstHasEnded() throws IOException {
        Path socket = directory.resolve("run/ipamd.sock");
        try (DaemonLock first = DaemonLock.take(socket, takenOver::add)) {
            assertThat(first.isOpen()).isTrue();
            assertThatThrownBy(() -> DaemonLock.take(socket, takenOver::add).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another ipamd");
        }
        try (DaemonLock next = DaemonLock.take(socket, takenOver::add)) {
            assertThat(next.isOpen()).isTrue();
        }
    }

    @Test
    void aLockWhoseFileWasDeletedIsTakenAgainAndKeepsOthersOut() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        try (DaemonLock lock = DaemonLock.take(socket, takenOver::add)) {
            Files.delete(directory.resolve("ipamd.lock"));
            assertThat(lock.isOpen()).isFalse();

            lock.reopen();

            assertThat(lock.isOpen()).isTrue();
            assertThatThrownBy(() -> DaemonLock.take(socket, takenOver::add).close())
                    .hasMessageContaining("another ipamd");
            assertThat(takenOver).isEmpty();
        }
    }

    @Test
    void whoFindsAnotherInItsPlaceIsToldToEnd() throws IOException {
        Path socket = directory.resolve("ipamd.sock");
        try (DaemonLock first = DaemonLock.take(socket, takenOver::add)) {
            Files.delete(directory.resolve("ipamd.lock"));
            try (DaemonLock second = DaemonLock.take(socket, takenOver::add)) {
                assertThatThrownBy(first::reopen).hasMessageContaining("another ipamd has locked");

                assertThat(takenOver).hasSize(1);
                assertThat(second.isOpen()).isTrue();
            }
        }
    }
}
