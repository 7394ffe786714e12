package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Conflist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConflistFileTest {
    private final Path directory;
    private final ConflistFile file;

    ConflistFileTest(@TempDir Path directory) {
        this.directory = directory;
        this.file =
                new ConflistFile(directory, new Conflist(Path.of("/run/vpc-eni/ipamd.sock"), Duration.ofSeconds(60)));
    }

    /// The runtime takes the first file by name; the AWS VPC CNI never removes its own.
    @Test
    void ours_comes_before_the_one_that_the_aws_vpc_cni_left() throws IOException {
        Files.writeString(directory.resolve("10-aws.conflist"), "{}");

        Path written = file.write();

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.sorted()).first().isEqualTo(written);
        }
        assertThat(file.before()).isEmpty();
        assertThat(directory.resolve("10-aws.conflist")).as("not ours").exists();
    }

    @Test
    void ours_under_its_earlier_name_goes() throws IOException {
        Files.writeString(directory.resolve("10-vpc-eni.conflist"), "{}");

        Path _ = file.write();

        assertThat(directory.resolve("10-vpc-eni.conflist")).doesNotExist();
        assertThat(directory.resolve("05-vpc-eni.conflist")).exists();
    }

    @Test
    void what_the_runtime_takes_before_ours_is_named() throws IOException {
        for (String name :
                new String[] {"00-multus.conf", "01-other.conflist", "04-x.json", "00-notes.txt", "10-z.conf"}) {
            Files.writeString(directory.resolve(name), "{}");
        }

        assertThat(file.before()).containsExactly("00-multus.conf", "01-other.conflist", "04-x.json");
    }
}
