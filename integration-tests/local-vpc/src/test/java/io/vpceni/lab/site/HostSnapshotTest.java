package io.vpceni.lab.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostSnapshotTest {

    /// As `ip` prints a Docker bridge and its route before and after its last container ended.
    @Test
    void aBridgeThatLosesItsLastPortIsNoDifference() {
        List<String> before = List.of(
                "13: docker0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default",
                "198.18.0.0/24 dev docker0 proto kernel scope link src 198.18.0.1",
                "fe80::/64 dev docker0 proto kernel metric 256 pref medium");
        List<String> after = List.of(
                "13: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT"
                        + " group default",
                "198.18.0.0/24 dev docker0 proto kernel scope link src 198.18.0.1 linkdown",
                "fe80::/64 dev docker0 proto kernel metric 256 linkdown pref medium");

        assertThat(HostSnapshot.withoutCarrier(after)).isEqualTo(HostSnapshot.withoutCarrier(before));
    }
}
