package io.vpceni.lab.simulate.check;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.NodeLimits;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The checker's records of what the product was told that it has, and what it asked for.
public final class LimitRecords {
    private final SimulatedVpc ec2;
    private final NodeLimits limits;
    private PoolSettings settings;
    private final Set<Cidr> told = new HashSet<>();
    private final Set<EniId> toldEnis = new HashSet<>();

    /// ENIs that serve no pods for now, as the pool was told: what they have is beside its cap.
    private final Set<EniId> excluded = new HashSet<>();

    private final Map<Long, Effect.Request> underWay = new LinkedHashMap<>();

    public LimitRecords(SimulatedVpc ec2, NodeLimits limits, PoolSettings settings) {
        this.ec2 = ec2;
        this.limits = limits;
        this.settings = settings;
    }

    public void settings(PoolSettings changed) {
        settings = changed;
    }

    public void tell(EniId eni) {
        toldEnis.add(eni);
    }

    public void tell(EniId eni, EniRole role) {
        if (role == EniRole.PODS) {
            excluded.remove(eni);
        } else {
            excluded.add(eni);
        }
    }

    public void tell(Collection<Cidr> blocks) {
        told.addAll(blocks);
    }

    public void gone(Cidr block) {
        told.remove(block);
    }

    public void done(Effect.Request request) {
        underWay.remove(request.request());
    }

    public boolean wasTold(Cidr block) {
        return told.contains(block);
    }

    public void crashed() {
        underWay.clear();
        told.clear(); // the next life knows what its first view shows
        toldEnis.clear();
        excluded.clear();
    }

    public int enisMax() {
        return limits.enisMaxByCard().stream().mapToInt(this::allowed).sum();
    }

    /// MAX_ENI counts on each network card.
    private int allowed(int enisOfTheCard) {
        return settings.maxEni() == 0 ? enisOfTheCard : Math.min(settings.maxEni(), enisOfTheCard);
    }

    /// The product asks for something.
    public void requested(Effect.Request request) {
        if (underWay.put(request.request(), request) != null) {
            throw new Violation(Invariant.WITHIN_LIMITS, "a request number is used twice: " + request);
        }
        switch (request) {
            case Effect.AssignBlocks assign -> {
                require(assign.count() > 0, "asks for nothing: " + assign);
                requireSlots(assign);
                requirePods(assign);
            }
            case Effect.AddEni add -> {
                require(add.count() > 0, "asks for an ENI without blocks: " + add);
                require(
                        add.count() <= limits.slotsPerEni(),
                        "asks for " + add.count() + " blocks on an ENI that has room for " + limits.slotsPerEni());
                requireEnis(add);
                requirePods(add);
            }
            case Effect.Verify _, Effect.Unassign _, Effect.RemoveEni _ -> {}
        }
    }

    private void requireSlots(Effect.AssignBlocks asked) {
        int known = ec2.eni(asked.eni()).map(this::known).orElse(0);
        int pending = 0;
        for (Effect.Request request : underWay.values()) {
            if (request instanceof Effect.AssignBlocks other && other.eni().equals(asked.eni())) {
                pending += other.count();
            }
        }
        require(
                known + pending <= limits.slotsPerEni(),
                "wants " + (known + pending) + " blocks on " + asked.eni() + " that has room for "
                        + limits.slotsPerEni());
    }

    private int known(SimulatedEni eni) {
        int known = 0;
        for (Cidr block : eni.blocks()) {
            if (told.contains(block)) {
                known++;
            }
        }
        return known;
    }

    private void requireEnis(Effect.AddEni asked) {
        Map<Integer, Integer> byCard = new HashMap<>();
        for (SimulatedEni eni : ec2.enis()) {
            if (toldEnis.contains(eni.id())) {
                byCard.merge(eni.card(), 1, Integer::sum);
            }
        }
        for (Effect.Request request : underWay.values()) {
            if (request instanceof Effect.AddEni add) {
                byCard.merge(add.networkCard(), 1, Integer::sum);
            }
        }
        int card = asked.networkCard();
        require(
                card >= 0 && card < limits.enisMaxByCard().size(),
                "wants an ENI on a card that is not there: " + asked);
        require(
                byCard.getOrDefault(card, 0) <= allowed(limits.enisMaxByCard().get(card)),
                "wants " + byCard.get(card) + " ENIs on card " + card + " that takes "
                        + allowed(limits.enisMaxByCard().get(card)));
    }

    private void requirePods(Effect.Request asked) {
        if (settings.podsMax() == 0) {
            return;
        }
        long addresses = 0;
        for (SimulatedEni eni : ec2.enis()) {
            if (eni.role() == EniRole.PODS && !eni.isRoleNew() && !excluded.contains(eni.id())) {
                for (Cidr block : eni.blocks()) {
                    addresses += told.contains(block) ? BlockKind.of(block).addresses() : 0;
                }
            }
        }
        for (Effect.Request request : underWay.values()) {
            switch (request) {
                case Effect.AssignBlocks assign ->
                    addresses += assign.count() * assign.kind().addresses();
                case Effect.AddEni add -> addresses += add.count() * add.kind().addresses();
                case Effect.Verify _, Effect.Unassign _, Effect.RemoveEni _ -> {}
            }
        }
        boolean ipv6 = settings.mode() == PoolMode.IPV6; // one prefix is more than any cap
        require(
                ipv6 || addresses <= settings.podsMax(),
                "wants " + addresses + " addresses and pods may have " + settings.podsMax() + ": " + asked);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(Invariant.WITHIN_LIMITS, otherwise);
        }
    }
}
