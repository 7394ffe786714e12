package io.vpceni.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a fresh m5.large (3 ENIs of 10 addresses) asks EC2 for until its pool is warm.
@Tag("root")
class WarmUpTest {
    @ParameterizedTest(name = "{0} {1}={2}")
    @CsvSource({
        "false, WARM_ENI_TARGET, 1, 1, 9",
        "false, WARM_ENI_TARGET, 3, 3, 27",
        "true, WARM_PREFIX_TARGET, 1, 1, 16",
        "true, WARM_PREFIX_TARGET, 27, 3, 432",
    })
    @Timeout(120)
    void oneAssignAtMostAndThreeCallsForEachFurtherEni(
            String prefixes, String target, String value, int enis, int addresses) throws IOException {
        SortedMap<String, String> settings = new TreeMap<>(Map.of("ENABLE_PREFIX_DELEGATION", prefixes, target, value));
        WarmUp warmUp = new WarmUp(
                Path.of(System.getProperty("repository.root")),
                "m5.large",
                InstantSource.system(),
                System::nanoTime,
                _ -> {});
        try (LabResources resources = LabResources.claim(LabResources.ROOT, "twarmup")) {
            WarmUp.Result result = warmUp.run(resources, settings);

            assertThat(result.enis()).isEqualTo(enis);
            assertThat(result.addresses()).isEqualTo(addresses);
            SortedMap<String, Long> changes = new TreeMap<>(result.calls());
            changes.keySet().removeIf(name -> name.startsWith("Describe"));
            SortedMap<String, Long> expected = new TreeMap<>(Map.of("AssignPrivateIpAddresses", 1L));
            if (enis > 1) {
                expected.put("CreateNetworkInterface", enis - 1L);
                expected.put("AttachNetworkInterface", enis - 1L);
                expected.put("ModifyNetworkInterfaceAttribute", enis - 1L);
            }
            assertThat(changes).as("the changes among " + result.calls()).isEqualTo(expected);
        }
    }
}
