package io.vpceni.lab.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The table in the documentation is the one that is tested.
class DeviationsPageTest {
    @Test
    void thePageShowsTheTableThatIsTested() throws IOException {
        Path page = Path.of(System.getProperty("repository.root"), "docs/localstack.md");

        assertThat(Files.readString(page)).contains(Deviations.markdown());
    }
}
