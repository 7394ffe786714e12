package io.vpceni.lab.simulate.context;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What one world is like: settings, limits, the subnet, and how often each fault comes.
///
/// @param subnetBits length of the IPv4 subnet's prefix
/// @param strangersIn32 of 32 addresses of the subnet, how many others have, scattered
/// @param faults once in how many times each comes; absent: never
/// @param stepMillisMax how much time one step takes at most
/// @param podsWanted about how many pods the runtime wants to run
/// @param otherEnis ENIs that are there from the start and are not for pods
/// @param subnets that the node may use; with more than one it looks for them by their tags
/// @param sweeps whether the node deletes what the cluster's other nodes left behind
public record WorldParameters(
        PoolSettings settings,
        NodeLimits limits,
        int subnetBits,
        int strangersIn32,
        Map<SimulatedFault, Integer> faults,
        int stepMillisMax,
        int podsWanted,
        int otherEnis,
        int subnets,
        boolean sweeps) {

    private static final int RARE_FACTOR = 8;

    /// How often a fault comes in one world.
    private enum Frequency {
        NEVER,
        RARE,
        COMMON
    }

    /// Of ten worlds, five have single addresses, four prefixes, one IPv6.
    private static final List<PoolMode> MODES = Stream.of(
                    Collections.nCopies(5, PoolMode.ADDRESSES),
                    Collections.nCopies(4, PoolMode.PREFIXES),
                    List.of(PoolMode.IPV6))
            .flatMap(List::stream)
            .toList();

    private static final List<PolicyName> POLICIES = List.of(PolicyName.values());

    public WorldParameters {
        faults = Map.copyOf(faults);
    }

    public int rate(SimulatedFault fault) {
        return faults.getOrDefault(fault, 0);
    }

    public boolean ipv6() {
        return settings.mode() == PoolMode.IPV6;
    }

    /// A quiet world with these settings.
    public static WorldParameters quiet(PoolSettings settings, NodeLimits limits) {
        return new WorldParameters(settings, limits, 22, 0, Map.of(), 1000, 10, 0, 1, true);
    }

    public WorldParameters withMode(PoolMode mode) {
        PoolSettings s = settings;
        PoolSettings changed = new PoolSettings(
                s.warmEniTarget(),
                s.warmIpTarget(),
                s.minimumIpTarget(),
                s.maxEni(),
                s.cooldown(),
                mode,
                s.warmPrefixTarget(),
                s.podsMax(),
                s.policy());
        return new WorldParameters(
                changed,
                limits,
                subnetBits,
                strangersIn32,
                faults,
                stepMillisMax,
                podsWanted,
                otherEnis,
                subnets,
                sweeps);
    }

    public static WorldParameters drawn(Choices choices) {
        PoolMode mode = MODES.get(choices.of(MODES.size()));
        NodeLimits limits = limits(choices);
        int style = choices.of(4);
        boolean counts = style < 2;
        boolean prefixTarget = style == 2 && mode == PoolMode.PREFIXES;
        PoolSettings settings = new PoolSettings(
                choices.of(3),
                counts ? choices.of(8) : 0,
                counts ? choices.of(16) : 0,
                choices.oneIn(5) ? 1 + choices.of(limits.enisMax()) : 0,
                Duration.ofSeconds(List.of(30, 0, 5, 60, 120, 30).get(choices.of(6))),
                mode,
                prefixTarget ? 1 + choices.of(3) : 0,
                choices.of(2) == 0 ? 0 : 1 + choices.of(60),
                choices.of(8) < 5 ? PolicyName.AWS : POLICIES.get(choices.of(POLICIES.size())));
        return new WorldParameters(
                settings,
                limits,
                24 + choices.of(3),
                List.of(0, 2, 6, 12).get(choices.of(4)),
                faults(choices),
                List.of(400, 1500, 4000).get(choices.of(3)),
                1 + choices.of(1 + Math.min(40, limits.enisMax() * limits.slotsPerEni() + 4)),
                choices.oneIn(6) && limits.enisMaxByCard().getFirst() > 2 ? 1 : 0,
                1 + choices.of(8) / 6,
                choices.of(2) == 0);
    }

    private static NodeLimits limits(Choices choices) {
        int addresses = List.of(4, 2, 6, 10, 15).get(choices.of(5));
        List<Integer> cards = new ArrayList<>(List.of(1 + choices.of(5)));
        if (choices.oneIn(8)) {
            cards.add(1 + choices.of(3));
        }
        return new NodeLimits(cards, addresses);
    }

    /// In one world of eight nothing fails; in the others each fault is off, rare or common.
    private static Map<SimulatedFault, Integer> faults(Choices choices) {
        Map<SimulatedFault, Integer> faults = new EnumMap<>(SimulatedFault.class);
        if (choices.of(8) == 0) {
            return faults;
        }
        for (SimulatedFault fault : SimulatedFault.values()) {
            switch (choices.oneOf(Frequency.values())) {
                case NEVER -> {}
                case RARE -> faults.put(fault, fault.onceIn() * RARE_FACTOR);
                case COMMON -> faults.put(fault, fault.onceIn());
            }
        }
        return faults;
    }
}
