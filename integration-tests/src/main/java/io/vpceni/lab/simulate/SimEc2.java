package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// EC2's own books about this node: the truth, and what a Describe may answer, which lags behind it.
final class SimEc2 {

    /// How old a view can be. The product assumes 60 seconds at most.
    static final Duration LAG_MAX = Duration.ofSeconds(45);

    private static final Duration REMEMBERED = Duration.ofMinutes(12);

    /// An ENI that is attached to this node.
    record SimEni(EniId id, int card, int index, EniRole role, Cidr primaryAddress, Set<Cidr> blocks) {
        boolean primary() {
            return card == 0 && index == 0;
        }
    }

    /// @param block empty when it is the ENI itself that came or went
    private record Change(Instant at, SimEni eni, Optional<Cidr> block, boolean came) {}

    private final SimSubnet subnet;
    private final NodeLimits limits;
    private final Map<EniId, SimEni> enis = new LinkedHashMap<>();
    private final Deque<Change> changes = new ArrayDeque<>();
    private int nextEni = 1;

    SimEc2(SimSubnet subnet, NodeLimits limits) {
        this.subnet = subnet;
        this.limits = limits;
    }

    SimSubnet subnet() {
        return subnet;
    }

    Collection<SimEni> enis() {
        return enis.values();
    }

    Optional<SimEni> eni(EniId id) {
        return Optional.ofNullable(enis.get(id));
    }

    int slots() {
        return limits.slotsPerEni();
    }

    /// How the ENI looks to the pool.
    Eni asPoolEni(SimEni eni) {
        return new Eni(eni.id(), eni.card(), eni.index(), eni.primary(), slots(), eni.role());
    }

    /// Makes an ENI and attaches it at the first free device index of its card.
    ///
    /// @return empty when the card is full or the subnet has no address for it
    Optional<SimEni> attach(int card, EniRole role, Instant now, int from) {
        Set<Integer> used = new LinkedHashSet<>();
        enis.values().stream().filter(eni -> eni.card() == card).forEach(eni -> used.add(eni.index()));
        int max = card < limits.enisMaxByCard().size() ? limits.enisMaxByCard().get(card) : 0;
        if (used.size() >= max) {
            return Optional.empty();
        }
        Optional<Cidr> address = subnet.take(BlockKind.ADDRESS, from);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int index = 0;
        while (used.contains(index)) {
            index++;
        }
        EniId id = new EniId("eni-" + Integer.toHexString(0xa00 + nextEni++));
        SimEni eni = new SimEni(id, card, index, role, address.get(), new LinkedHashSet<>());
        enis.put(id, eni);
        note(new Change(now, eni, Optional.empty(), true));
        return Optional.of(eni);
    }

    boolean cardIsFull(int card) {
        long there = enis.values().stream().filter(eni -> eni.card() == card).count();
        return card >= limits.enisMaxByCard().size()
                || there >= limits.enisMaxByCard().get(card);
    }

    /// Puts as many blocks on the ENI as the subnet gives.
    List<Cidr> assign(SimEni eni, BlockKind kind, int count, Instant now, int from) {
        List<Cidr> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Optional<Cidr> block = subnet.take(kind, from);
            if (block.isEmpty()) {
                break;
            }
            add(eni, block.get(), now);
            added.add(block.get());
        }
        return added;
    }

    private void add(SimEni eni, Cidr block, Instant now) {
        eni.blocks().add(block);
        note(new Change(now, eni, Optional.of(block), true));
    }

    void unassign(SimEni eni, Cidr block, Instant now) {
        if (eni.blocks().remove(block)) {
            subnet.giveBack(block);
            note(new Change(now, eni, Optional.of(block), false));
        }
    }

    void remove(SimEni eni, Instant now) {
        for (Cidr block : List.copyOf(eni.blocks())) {
            unassign(eni, block, now);
        }
        subnet.giveBack(eni.primaryAddress());
        enis.remove(eni.id());
        note(new Change(now, eni, Optional.empty(), false));
    }

    /// The pods' ENI that the address is on.
    Optional<SimEni> ownerOf(InetAddress address) {
        boolean ipv6 = address.getAddress().length == 16;
        Cidr whole = Cidr.containing(address, ipv6 ? 80 : 32);
        Optional<Cidr> prefix = ipv6 ? Optional.empty() : Optional.of(Cidr.containing(address, 28));
        for (SimEni eni : enis.values()) {
            if (eni.role() == EniRole.PODS
                    && (eni.blocks().contains(whole)
                            || prefix.filter(eni.blocks()::contains).isPresent())) {
                return Optional.of(eni);
            }
        }
        return Optional.empty();
    }

    /// What a Describe answers that looks at the books of that moment.
    Map<EniId, Set<Cidr>> viewAsOf(Instant moment) {
        Map<EniId, Set<Cidr>> view = new LinkedHashMap<>();
        enis.values().forEach(eni -> view.put(eni.id(), new LinkedHashSet<>(eni.blocks())));
        for (Iterator<Change> last = changes.descendingIterator(); last.hasNext(); ) {
            Change change = last.next();
            if (!change.at().isAfter(moment)) {
                break;
            }
            undo(change, view);
        }
        return view;
    }

    private static void undo(Change change, Map<EniId, Set<Cidr>> view) {
        EniId id = change.eni().id();
        if (change.block().isPresent()) {
            Set<Cidr> blocks = view.computeIfAbsent(id, _ -> new LinkedHashSet<>());
            if (change.came()) {
                blocks.remove(change.block().get());
            } else {
                blocks.add(change.block().get());
            }
        } else if (change.came()) {
            view.remove(id);
        } else {
            view.computeIfAbsent(id, _ -> new LinkedHashSet<>());
        }
    }

    private void note(Change change) {
        changes.addLast(change);
        while (changes.getFirst().at().plus(REMEMBERED).isBefore(change.at())) {
            changes.removeFirst();
        }
    }
}
