package io.vpceni.eni.site.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.SubnetId;
import io.vpceni.eni.site.ZoneNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneFileTest {

    private static final String GOOD =
            "{\"a\": {\"subnet\": \"subnet-1\", \"securityGroups\": [\"sg-1\", \"sg-2\"]}, \"b\": {\"subnet\": \"subnet-2\"}}";

    @TempDir
    private Path directory;

    @Test
    void eachZoneHasItsSubnetAndPerhapsGroups() throws IOException {
        ZoneFile zones = holding(GOOD);

        assertThat(zones.in("a")).contains(new ZoneNetwork(new SubnetId("subnet-1"), List.of("sg-1", "sg-2")));
        assertThat(zones.in("b")).contains(new ZoneNetwork(new SubnetId("subnet-2"), List.of()));
        assertThat(zones.in("c")).isEmpty();
    }

    @Test
    void aFileThatComesLaterOrChangesIsReadAgain() throws IOException {
        ZoneFile zones = new ZoneFile(directory.resolve("zones.json"));
        assertThat(zones.in("a")).isEmpty();

        write(GOOD);
        assertThat(zones.in("a")).isPresent();

        write("{\"a\": {\"subnet\": \"subnet-9\"}}");
        assertThat(zones.in("a")).contains(new ZoneNetwork(new SubnetId("subnet-9"), List.of()));
        assertThat(zones.in("b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"a\": ",
                "{} {}",
                "{\"a\": {\"subnet\": \"subnet-9\"}, \"a\": {\"subnet\": \"subnet-8\"}}",
                "{\"a\": {}}",
                "{\"a\": \"subnet-9\"}",
                "{\"a\": {\"subnet\": 9}}",
                "{\"a\": {\"subnet\": \"vpc-9\"}}",
                "{\"a\": {\"subnet\": \"subnet-9\", \"groups\": []}}",
                "{\"a\": {\"subnet\": \"subnet-9\", \"securityGroups\": \"sg-1\"}}",
                "{\"a\": {\"subnet\": \"subnet-9\", \"securityGroups\": [\"web\"]}}"
            })
    void aBrokenFileChangesNothing(String text) throws IOException {
        ZoneFile zones = holding(GOOD);
        assertThat(zones.in("a")).isPresent();

        write(text);

        assertThat(zones.in("a")).contains(new ZoneNetwork(new SubnetId("subnet-1"), List.of("sg-1", "sg-2")));
    }

    @Test
    void aFileThatIsTakenAwayChangesNothing() throws IOException {
        ZoneFile zones = holding(GOOD);
        assertThat(zones.in("a")).isPresent();

        Files.delete(directory.resolve("zones.json"));

        assertThat(zones.in("a")).isPresent();
    }

    private ZoneFile holding(String text) throws IOException {
        write(text);
        return new ZoneFile(directory.resolve("zones.json"));
    }

    /// As a ConfigMap does it: another file takes the name.
    private void write(String text) throws IOException {
        Path other = Files.writeString(directory.resolve("other"), text);
        Files.move(other, directory.resolve("zones.json"), StandardCopyOption.REPLACE_EXISTING);
    }
}
