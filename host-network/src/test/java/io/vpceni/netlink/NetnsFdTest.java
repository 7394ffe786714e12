package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // closed early is what they are about
class NetnsFdTest {

    private static final Path OWN = Path.of("/proc/self/ns/net");

    @Test
    void theNumberIsKeptUntilTheLastHolderCloses() throws NetlinkFailure {
        NetnsFd caller = NetnsFd.open(OWN);
        int number = caller.number();
        NetnsFd worker = caller.share();

        caller.close();
        caller.close();

        assertThat(isOpen(number)).isTrue();
        try (NetnsFd other = NetnsFd.open(OWN)) {
            assertThat(other.number()).isNotEqualTo(number);
        }
        assertThat(worker.number()).isEqualTo(number);
        worker.close();
        assertThatThrownBy(worker::number).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedDescriptorIsNotShared() throws NetlinkFailure {
        NetnsFd closed = NetnsFd.open(OWN);
        closed.close();

        assertThatThrownBy(closed::share).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(closed::number).isInstanceOf(IllegalStateException.class);

        try (NetnsFd first = NetnsFd.open(OWN);
                NetnsFd second = first.share()) {
            first.close();
            assertThatThrownBy(first::share).isInstanceOf(IllegalStateException.class);
            assertThat(isOpen(second.number())).isTrue();
        }
    }

    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS);
    }
}
