package io.vpceni.lab.chaos;

import io.vpceni.lab.site.SitePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The parameters of a chaos run.
///
/// @param site its nodes get different warm pools: the default one, two addresses, prefixes, and so on
/// @param lasts until the faults end and all records are compared
/// @param seed of all random choices; the interleaving is not deterministic
public record ChaosPlan(SitePlan site, Duration lasts, long seed) {
    static final Duration COOLDOWN = Duration.ofSeconds(5);

    private static final List<Map<String, String>> POOLS = List.of(
            Map.of(),
            Map.of("WARM_IP_TARGET", "2", "MINIMUM_IP_TARGET", "4"),
            Map.of("ENABLE_PREFIX_DELEGATION", "true"),
            Map.of("ENABLE_PREFIX_DELEGATION", "true", "WARM_IP_TARGET", "3"));

    public ChaosPlan {
        SitePlan different = site.withIpamdSetting("IP_COOLDOWN_PERIOD", Long.toString(COOLDOWN.toSeconds()));
        for (int number = 1; number <= site.world().nodeCount(); number++) {
            for (Map.Entry<String, String> setting :
                    POOLS.get((number - 1) % POOLS.size()).entrySet()) {
                different = different.withNodeSetting("node-" + number, setting.getKey(), setting.getValue());
            }
        }
        site = different;
    }
}
