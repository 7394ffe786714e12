package io.vpceni.pool;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// How much more this node may hold: ENIs by network card, and addresses below the cap on pods.
final class GrowthLimits {
    private final PoolSettings settings;
    private final NodeLimits limits;
    private final AddressBook book;
    private final BlockIndex index;
    private final GrowthRequests requests;

    GrowthLimits(
            PoolSettings settings, NodeLimits limits, AddressBook book, BlockIndex index, GrowthRequests requests) {
        this.settings = settings;
        this.limits = limits;
        this.book = book;
        this.index = index;
        this.requests = requests;
    }

    /// By network card, ENIs that may be added.
    List<Integer> freePlaces() {
        return cards().mapToObj(card -> enisMaxOn(card) - enisOn(card) - requests.enisOn(card))
                .toList();
    }

    private IntStream cards() {
        return IntStream.range(0, limits.enisMaxByCard().size());
    }

    private int enisOn(int card) {
        return (int) index.enis().stream()
                .filter(eni -> eni.networkCard() == card && !eni.isDetached())
                .count();
    }

    private int enisMaxOn(int card) {
        int max = limits.enisMaxByCard().get(card);
        return settings.maxEni() == 0 ? max : Math.min(settings.maxEni(), max);
    }

    /// ENIs that take a place on this node.
    int attachedEnis() {
        return (int) index.enis().stream().filter(eni -> !eni.isDetached()).count();
    }

    /// ENIs that this node may have, the primary included.
    int enisMax() {
        return cards().map(this::enisMaxOn).sum();
    }

    /// Addresses that may still be asked for before the node has one for each pod.
    long addresses(Instant now) {
        long reserved = requests.reserved(now);
        if (settings.podsMax() == 0 || settings.mode() == PoolMode.IPV6) {
            return Integer.MAX_VALUE;
        }
        return Math.max(0, settings.podsMax() - book.totals().held() - requests.addresses() - reserved);
    }

    /// Whether there is a place for one more block.
    boolean hasPlace() {
        return freePlaces().stream().anyMatch(places -> places > 0)
                || index.enis().stream().anyMatch(eni -> eni.room() > 0);
    }
}
