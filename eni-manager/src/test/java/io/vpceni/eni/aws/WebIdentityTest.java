package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is in the place of the service account's token.
class WebIdentityTest {

    @TempDir
    private Path directory;

    /// As the kubelet mounts it.
    @Test
    void aTokenBehindALinkIsRead() throws IOException {
        Path token = Files.writeString(directory.resolve("data"), "header.claims.signature\n");
        Path link = Files.createSymbolicLink(directory.resolve("token"), token);

        assertThat(WebIdentity.token(link)).isEqualTo("header.claims.signature");
    }

    /// Opening it would wait for ever.
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFifoIsNotOpened() throws IOException, InterruptedException {
        Path fifo = directory.resolve("token");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        isRefused(fifo, fifo + " is a FIFO, a socket or a device and no regular file");
    }

    @Test
    void aDirectoryAndALargeFileAreNamed() throws IOException {
        isRefused(directory, directory + " is a directory and no regular file");

        Path large = Files.write(directory.resolve("large"), new byte[(64 << 10) + 1]);
        isRefused(large, large + " has 65537 bytes or more, and at most 65536 are read");
    }

    private static void isRefused(Path file, String why) {
        assertThatThrownBy(() -> WebIdentity.token(file))
                .isInstanceOf(CredentialsFailure.class)
                .hasMessage("the token file " + file + " cannot be read: " + why);
    }
}
