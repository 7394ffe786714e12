package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedFileTest {
    private final Path file;
    private final ServedFile served;
    private CompletableFuture<Boolean> answer = new CompletableFuture<>();

    ServedFileTest(@TempDir Path directory) {
        file = directory.resolve("served");
        served = new ServedFile(directory.resolve("ipamd.sock"), System::nanoTime, () -> answer);
    }

    @Test
    void itIsWrittenOnceIpamdIsKnownToServe() {
        answer.complete(true);

        served.look();
        served.look();

        assertThat(file).exists();
    }

    @Test
    void anOwnerThatStallsIsNotWaitedForAndAskedOnce() {
        CompletableFuture<Boolean> late = answer;
        served.look();
        answer = CompletableFuture.completedFuture(false);
        served.look();
        served.look();
        assertThat(file).doesNotExist();

        late.complete(true);
        served.look();

        assertThat(file).exists();
    }

    @Test
    void anOwnerThatFailsIsAskedAgain() {
        answer.completeExceptionally(new IllegalStateException("the owner's mailbox is full"));
        served.look();
        answer = CompletableFuture.completedFuture(true);
        served.look();
        assertThat(file).doesNotExist();

        served.look();

        assertThat(file).exists();
    }

    @Test
    void nothingIsWrittenWhileIpamdDoesNotServe() {
        answer.complete(false);

        served.look();
        served.look();

        assertThat(file).doesNotExist();
    }
}
