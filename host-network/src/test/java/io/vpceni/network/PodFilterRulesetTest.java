package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PodFilterRulesetTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /// One pod of each kind: one of ours, one that routes for others, one of the AWS VPC CNI's.
    private static final List<PodFilter.Sender> SENDERS = List.of(
            sender(12, "10.0.0.9", true, false),
            sender(13, "10.0.0.10", false, false),
            sender(14, "10.0.0.11", true, true));

    @ParameterizedTest
    @EnumSource(PodFilterRuleset.Ipv6Pods.class)
    void theTablesAreWhatTheGoldenFileSays(PodFilterRuleset.Ipv6Pods ipv6) throws IOException {
        Path file = GOLDEN.resolve("pod-filter-ipv6-" + ipv6.name().toLowerCase(Locale.ROOT) + ".nft");
        String text = PodFilterRuleset.replacement(SENDERS, ipv6);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, text);
        }

        assertThat(text).isEqualTo(Files.readString(file));
    }

    @Test
    void withoutPodsTheSetsAreEmpty() {
        assertThat(PodFilterRuleset.replacement(List.of(), PodFilterRuleset.Ipv6Pods.NONE))
                .contains("set sources {\n    type iface_index . ipv4_addr\n  }")
                .doesNotContain("elements");
    }

    private static PodFilter.Sender sender(int link, String address, boolean checked, boolean adopted) {
        return new PodFilter.Sender(
                new PodWiring(
                        new AttachmentKey("vpc-eni", "c" + link, "eth0"),
                        new PodName("default", "p"),
                        InetAddress.ofLiteral(address),
                        new DeviceSlot(0, 1)),
                link,
                checked,
                adopted);
    }
}
