package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Lag;
import io.vpceni.pool.NodeLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// All ENIs of this node: attached, being created, being removed; and which device index is whose. Mutable.
final class NodeEnis {

    final NodeIdentity identity;
    final NodeLimits limits;

    /// When this ipamd process began: what an earlier one did shows in views only [Lag#MAX] later.
    Instant startedAt = Instant.MIN;

    /// The block of the primary ENI's subnet; empty until it is told.
    Optional<Cidr> primarySubnet = Optional.empty();

    /// Attached, by id. In order, so that the same one comes first again.
    final Map<EniId, NodeEni> attached = new TreeMap<>();

    /// Being created.
    final List<EniCreation> creations = new ArrayList<>();

    /// Perhaps created: EC2's answers were lost.
    final List<UncertainCreation> uncertain = new ArrayList<>();

    /// Being removed.
    final Map<EniId, EniRemoval> removals = new TreeMap<>();

    /// Slots that EC2's latest view shows taken, by whomever.
    private final Map<EniId, DeviceSlot> occupied = new HashMap<>();

    /// Left this node: views that may be older than that still show them.
    private final Map<EniId, Instant> left = new HashMap<>();

    NodeEnis(NodeIdentity identity, NodeLimits limits) {
        this.identity = identity;
        this.limits = limits;
    }

    InstanceId instanceId() {
        return identity.instanceId();
    }

    /// Whether another node of the cluster made it, as its tag says.
    boolean isOfAnotherNode(Ec2Eni eni) {
        String owner = eni.tags().getOrDefault(EniLabels.INSTANCE_ID, "");
        return !owner.isBlank() && !owner.equals(instanceId().value());
    }

    /// Attached and not being removed.
    Optional<NodeEni> ready(EniId id) {
        return Optional.ofNullable(attached.get(id)).filter(_ -> !removals.containsKey(id));
    }

    /// The block of a subnet as far as this node knows it without asking.
    Optional<Cidr> blockOf(SubnetId subnetId) {
        return primarySubnet.filter(_ -> subnetId.equals(identity.subnetId()));
    }

    boolean knows(EniId id) {
        return attached.containsKey(id)
                || removals.containsKey(id)
                || creations.stream().anyMatch(creation -> creation.isOf(id));
    }

    /// Whether the ENI is attached and managed, as far as is known: only then anything of it is changed.
    boolean mayChange(NodeEni eni) {
        return attached.get(eni.id) == eni && eni.isManaged();
    }

    /// Whether the ENI is attached and somebody has marked it as not to be managed, as far as is known.
    boolean isUnmanaged(EniId id) {
        return Optional.ofNullable(attached.get(id))
                .filter(eni -> !eni.isManaged())
                .isPresent();
    }

    // ---- slots

    /// Whether something else is where the new ENI was promised to be.
    boolean isSupplanted(EniCreation creation) {
        Set<DeviceSlot> others = new HashSet<>();
        occupied.forEach((id, slot) -> {
            if (!left.containsKey(id) && !creation.isOf(id)) {
                others.add(slot);
            }
        });
        attached.values().forEach(eni -> others.add(eni.slot));
        removals.values().forEach(removal -> removal.slot.ifPresent(others::add));
        return others.contains(creation.stage().slot());
    }

    /// The slot with the lowest device index of a card that nothing has and nothing was promised.
    ///
    /// @return empty when the card holds as many ENIs as it may
    Optional<DeviceSlot> freeSlot(int card) {
        Set<Integer> taken = new HashSet<>();
        takenSlots().stream().filter(slot -> slot.networkCard() == card).forEach(slot -> taken.add(slot.deviceIndex()));
        if (card >= limits.enisMaxByCard().size()
                || taken.size() >= limits.enisMaxByCard().get(card)) {
            return Optional.empty();
        }
        int index = card == 0 ? 1 : 0;
        while (taken.contains(index)) {
            index++;
        }
        return Optional.of(new DeviceSlot(card, index));
    }

    private Set<DeviceSlot> takenSlots() {
        Set<DeviceSlot> taken = new HashSet<>();
        occupied.forEach((id, slot) -> {
            if (!left.containsKey(id)) {
                taken.add(slot);
            }
        });
        attached.values().forEach(eni -> taken.add(eni.slot));
        creations.forEach(creation -> taken.add(creation.stage().slot()));
        removals.values().forEach(removal -> removal.slot.ifPresent(taken::add));
        return taken;
    }

    /// What a view shows of which ENI is in which slot.
    void occupied(List<Ec2Eni> enis) {
        occupied.clear();
        for (Ec2Eni eni : enis) {
            EniAttachment attachment = eni.attachment();
            if (attachment != null) {
                occupied.put(eni.id(), attachment.slot());
            }
        }
    }

    // ---- ENIs that left

    void noteLeft(EniId id, Instant now) {
        left.values().removeIf(at -> at.plus(Lag.MAX.multipliedBy(2)).isBefore(now));
        left.put(id, now);
    }

    /// It has not left after all.
    void noteBack(EniId id) {
        left.remove(id);
    }

    /// Whether a view may show the ENI though it has left.
    ///
    /// @param asked when the view was asked for
    boolean mayBeStale(EniId id, Instant asked) {
        left.values().removeIf(at -> at.plus(Lag.MAX).isBefore(asked));
        return left.containsKey(id);
    }
}
